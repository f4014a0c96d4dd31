"""What the rules on words find, and what they leave alone: a false alarm on a good text would teach people not to read them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.checking.persons import check_persons
from knowledge.checking.plain import check_plain
from knowledge.checking.reachable import bad_numbers, is_phone, url_fault
from knowledge.checking.sentences import lix, sentences
from knowledge.checking.terms import check_terms
from knowledge.content import Place
from knowledge.load import load_content
from knowledge.model import Answer
from knowledge.problems import Problem, Severity
from knowledge.yaml_lines import Positions
from tests.unit.content_fixtures import HIRE, put, write_content

Make = Callable[..., Answer]

PLACE = Place("knowledge/answers/a.yml", Positions)


@pytest.fixture
def answer(tmp_path: Path) -> Make:
    """Makes an answer with this English text and title."""

    def made(text: str, title: str = "How?") -> Answer:
        root = write_content(tmp_path, put(HIRE, "en", "answer", text), put(HIRE, "en", "title", title))
        return load_content(root).answers["hire_worker"]

    return made


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One. Two! Three? Four.", ["One.", "Two!", "Three?", "Four."]),
        ("Ask, e.g. Kela, or look. Then go.", ["Ask, e.g. Kela, or look.", "Then go."]),
        ("Laki tuli voimaan 1.1.2025 alkaen. Se on uusi.", ["Laki", "Se on"]),
        ("Koskikatu 25. Kontiolahden kirjasto.", ["Koskikatu", "Kontiolahden"]),
        ("Ways:\n\n- with a card\n- with cash.\n\nMore here.", ["Ways", "with a card", "with cash", "More"]),
        ("1. Apply.\n2. Wait here\n   for an answer.", ["Apply", "Wait here"]),
        ("**Bold.** Next one.", ["**Bold.", "Next"]),
        ("See [Kela. Here](https://kela.fi/a.b). Go.", ["See", "Here", "Go"]),
    ],
)
def test_a_text_falls_into_sentences_with_their_places(text: str, starts: list[str]) -> None:
    found = sentences(text)
    assert [each.text[: len(start)] for each, start in zip(found, starts, strict=True)] == starts
    assert all(text[each.offset :].startswith(each.text[:5]) for each in found)


def test_addresses_and_figures_count_as_one_word() -> None:
    (sentence,) = sentences("Pay {{ fee-first-permit-online }} at [the page of Migri](https://migri.fi/en/fees-and-more) now")
    assert sentence.words == ("Pay", "x", "at", "the", "page", "of", "Migri", "now")


def test_lix_is_words_a_sentence_and_per_cent_of_long_words() -> None:
    assert lix(sentences("One two three lengthy. Abundant words here too.")) == 4 + 100 * 2 / 8
    assert lix([]) == 0


@pytest.mark.parametrize("words", [22, 23])
def test_the_first_sentence_may_have_22_english_words(answer: Make, words: int) -> None:
    told = list(check_plain(answer(f"{'word ' * words}."), PLACE))
    assert [problem.rule for problem in told] == ["first-sentence-long"] * (words - 22)
    assert {problem.severity for problem in told} <= {Severity.advice}


@pytest.mark.parametrize("words", [25, 26])
def test_another_sentence_may_have_25_english_words(answer: Make, words: int) -> None:
    told = list(check_plain(answer(f"Yes. {'Word ' * words}."), PLACE))
    assert [problem.rule for problem in told] == ["sentence-long"] * (words - 25)


@pytest.mark.parametrize(
    "text",
    [
        "Go to the TE Office.",
        "TE-toimistossa saat apua.",
        "Hae työmarkkinatukea Kelasta.",
        "You get labour market subsidy.",
        "Ask the ELY Centre. It helps. This service is old.",
    ],
)
def test_an_old_name_is_told_with_reason_and_right_word(answer: Make, text: str) -> None:
    (problem,) = check_terms(answer(text), PLACE)
    for language in ("fi", "en"):
        what, remedy = problem.in_words(language)
        assert dict(problem.values)[f"why_{language}"] in what
        assert dict(problem.values)[f"use_{language}"] in remedy


@pytest.mark.parametrize(
    "text",
    [
        "There is no TE Office any more. Ask the employment area.",
        "General support replaced labour market subsidy.",
        "TE-toimistoja ei enää ole.",
        "See [the page](https://www.te-palvelut.fi/te-toimisto).",
        "Tee toimistotyötä. Valvo itse.",
    ],
)
def test_a_sentence_may_explain_an_old_name(answer: Make, text: str) -> None:
    assert list(check_terms(answer(text), PLACE)) == []


def test_a_title_may_ask_for_an_old_name_that_the_text_explains(answer: Make) -> None:
    title = "Where is the TE Office?"
    assert list(check_terms(answer("There is no TE Office any more.", title), PLACE)) == []
    (problem,) = check_terms(answer("In Joensuu.", title), PLACE)
    assert problem.rule == "term-old"


def persons(answer: Answer) -> list[Problem]:
    return list(check_persons(answer, PLACE))


@pytest.mark.parametrize("name", ["Matti Meikäläinen", "Maija-Liisa Meikäläiselle", "Mr. Example", "rouva Meikäläinen"])
def test_a_full_name_is_told_once(answer: Make, name: str) -> None:
    (problem,) = persons(answer(f"Ask {name} for help."))
    assert (problem.rule, dict(problem.values)["name"]) == ("person-named", name)


@pytest.mark.parametrize(
    "text",
    [
        "Finnish Immigration Service, Joensuu",
        "North Karelia Central Hospital",
        "Pekka Halosen katu 3",
        "Anna Kelalle tiedot",
        "International House Joensuu",
        "Matti",
        "[page](https://example.fi/Matti)",
    ],
)
def test_offices_places_and_single_names_are_left_alone(answer: Make, text: str) -> None:
    assert persons(answer(f"See {text} now.")) == []


@pytest.mark.parametrize("number", ["112", "116 117", "029 419 1000", "+358 13 1234567", "0800 123 456", "050 535 7280"])
def test_numbers_that_can_be_called_pass(number: str) -> None:
    assert is_phone(number)
    assert list(bad_numbers(f"Call {number} now.")) == []


@pytest.mark.parametrize("number", ["050 535 728012345", "+999 123 4567", "013 000 000"])
def test_a_number_that_nobody_has_is_told_with_its_place(number: str) -> None:
    assert not is_phone(number)
    assert list(bad_numbers(f"Call {number} now.")) == [(number, 5)]


@pytest.mark.parametrize("text", ["1.5.2026", "2026-11-22", "klo 08.00-16.00", "0,5 prosenttia", "02/2026", "681/2023", "00 12"])
def test_days_times_and_laws_are_no_phone_numbers(text: str) -> None:
    assert list(bad_numbers(text)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://migri.fi",
        "https://www.xn--kla-rla.fi/a?b=https://c.fi",
        "http://a.fi:8080/b#c",
        "https://www.kela.fi/hakemus-(pdf)",
    ],
)
def test_whole_addresses_pass(url: str) -> None:
    assert url_fault(url) is None


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://migri,fi/", "url-invalid"),
        ("https://migri", "url-invalid"),
        ("https://migri.fi:port/", "url-invalid"),
        ("https://-.fi/", "url-invalid"),
        ("https://migri.fi/.", "url-invalid"),
        ("https://[1/", "url-invalid"),
        ("https://migri.fi/https://migri.fi/", "url-twice"),
    ],
)
def test_a_broken_address_is_told(url: str, rule: str) -> None:
    assert url_fault(url) == rule
