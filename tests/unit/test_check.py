"""What must hold between the parts: each breach is told once, with its line and a remedy."""

import datetime as dt
from pathlib import Path

import pytest

from knowledge.check import check_content, plain_words
from knowledge.load import load_content
from knowledge.problems import Severity, stops
from tests.unit.content_fixtures import (
    BUS,
    DAY,
    HIRE,
    HOME,
    PERMIT,
    Change,
    Files,
    drop,
    line_of,
    problems_of,
    put,
    write,
    write_content,
)


def english(text: str) -> Change:
    return put(HIRE, "en", "answer", text)


def move(old: str, new: str) -> Change:
    def change(files: Files) -> None:
        files[new] = files.pop(old)

    return change


BROKEN = [
    # change, file, a text on the line that is named, what is told
    pytest.param(put(BUS, "topic", "trains"), BUS, "topic:", "trains", id="topic"),
    pytest.param(put(BUS, "contacts", ["town_desk", "nobody"]), BUS, "- nobody", "nobody", id="contact"),
    pytest.param(put(BUS, "municipalities", {"turku": {"fi": "a", "en": "b"}}), BUS, "turku:", "turku", id="municipality"),
    pytest.param(
        move(BUS, "answers/permits/bus_ticket.yml"), "answers/permits/bus_ticket.yml", "topic:", "everyday", id="folder"
    ),
    pytest.param(put(PERMIT, "expert", "never"), PERMIT, "expert:", "expert", id="expert topic never offered"),
    pytest.param(put(BUS, "sources", 0, "checked_on", "2026-11-23"), BUS, "checked_on:", "future", id="source checked tomorrow"),
    pytest.param(english("It costs {{ tram-fare }}."), HIRE, "answer: It", "tram-fare", id="figure"),
    pytest.param(put(HIRE, "en", "title", "Price {{ tram-fare }}"), HIRE, "title: Price", "tram-fare", id="figure in the title"),
    pytest.param(english("It costs {{ bus-fare }."), HIRE, "answer: It", "braces", id="brace left open"),
    pytest.param(english("It costs bus-fare }}."), HIRE, "answer: It", "braces", id="brace never opened"),
    pytest.param(drop(BUS, "en", "based_on"), BUS, "en:", "en", id="translation of nothing"),
    pytest.param(put(BUS, "en", "based_on", "0" * 12), BUS, "based_on:", "en", id="translation of something else"),
    pytest.param(
        put(PERMIT, "fi", "examples", 11, " MITEN saan  bussilippu? "),
        PERMIT,
        "MITEN",
        "bus_ticket",
        id="example of another answer",
    ),
    pytest.param(put(BUS, "en", "examples", 7, "a bus ticket ONLINE!"), BUS, "ONLINE", "this file", id="example twice in a file"),
    pytest.param(
        put(HOME, "en", "title", "how does a bus ticket work"), HOME, "title: how", "bus_ticket", id="title of another answer"
    ),
    pytest.param(english("# Steps\n\nApply."), HIRE, "answer: '# Steps", "heading", id="heading"),
    pytest.param(english("Apply <b>now</b>."), HIRE, "answer: Apply", "HTML", id="HTML"),
    pytest.param(english("Apply [here]()."), HIRE, "answer: Apply", "link", id="link to nowhere"),
    pytest.param(english("Apply [here](form.html)."), HIRE, "answer: Apply", "link", id="relative link"),
    pytest.param(english("![form](https://example.fi/a.png)"), HIRE, "answer: '!", "image", id="image"),
    pytest.param(english("> Apply."), HIRE, "answer: '>", "quotation", id="quotation"),
    pytest.param(english("Apply with `form`."), HIRE, "answer: Apply", "code", id="code"),
    pytest.param(
        put("contacts.yml", "town_desk", "municipality", "turku"),
        "contacts.yml",
        "municipality:",
        "turku",
        id="municipality of a contact",
    ),
    pytest.param(
        put("contacts.yml", "town_desk", "source", "checked_on", "2027-01-01"),
        "contacts.yml",
        "checked_on: '2027",
        "future",
        id="contact checked tomorrow",
    ),
    pytest.param(
        put("municipalities.yml", "joensuu", "contact", "nobody"),
        "municipalities.yml",
        "contact:",
        "nobody",
        id="contact of a municipality",
    ),
]

EXPIRED = [
    pytest.param(english("It cost {{ old-fee }}."), HIRE, "answer: It", "old-fee", id="figure without a row for the day"),
    pytest.param(put(BUS, "valid_until", "2026-11-21"), BUS, "valid_until:", "2026-11-21", id="valid_until"),
    pytest.param(put(BUS, "review_by", "2026-11-21"), BUS, "review_by:", "2026-11-21", id="review_by"),
]


def test_the_valid_content_has_no_problem(tmp_path: Path) -> None:
    assert problems_of(write_content(tmp_path)) == []


@pytest.mark.parametrize(("change", "file", "on_line", "told"), BROKEN)
def test_a_breach_is_an_error_with_file_line_and_remedy(
    tmp_path: Path, change: Change, file: str, on_line: str, told: str
) -> None:
    _assert_told(write_content(tmp_path, change), file, on_line, told, Severity.error)


@pytest.mark.parametrize(("change", "file", "on_line", "told"), EXPIRED)
def test_what_has_ended_is_told_as_expired(tmp_path: Path, change: Change, file: str, on_line: str, told: str) -> None:
    _assert_told(write_content(tmp_path, change), file, on_line, told, Severity.expired)


def _assert_told(root: Path, file: str, on_line: str, told: str, severity: Severity) -> None:
    problems = problems_of(root)
    assert len(problems) == 1, list(map(str, problems))
    problem = problems[0]
    assert (problem.path, problem.line, problem.severity) == (f"knowledge/{file}", line_of(root / file, on_line), severity)
    assert told in problem.what
    assert problem.remedy


@pytest.mark.parametrize("key", ["valid_until", "review_by"])
def test_the_last_day_still_counts(tmp_path: Path, key: str) -> None:
    assert problems_of(write_content(tmp_path, put(BUS, key, str(DAY)))) == []


def test_a_source_may_have_been_checked_today(tmp_path: Path) -> None:
    assert problems_of(write_content(tmp_path, put(BUS, "sources", 0, "checked_on", str(DAY)))) == []


@pytest.mark.parametrize(("file", "least"), [(BUS, 8), (PERMIT, 12)], ids=["useful", "required"])
@pytest.mark.parametrize(("language", "first"), [("fi", "mistä "), ("en", "where to ")])
def test_too_few_examples_are_an_error_in_each_curated_language(
    tmp_path: Path, file: str, least: int, language: str, first: str
) -> None:
    root = write_content(tmp_path, drop(file, language, "examples", 0))
    (problem,) = problems_of(root)
    assert problem.line == line_of(root / file, first) - 1  # the line of ``examples:``
    assert f"{language} has {least - 1} " in problem.what
    assert str(least) in problem.remedy


@pytest.mark.parametrize(
    "text", ["750 €", "750€", "€750", "1 600 €", "12,50 euroa", "750 EUR", "EUR 750", "1600 euron", "750 euros"]
)
def test_a_typed_sum_is_an_error(tmp_path: Path, text: str) -> None:
    (problem,) = problems_of(write_content(tmp_path, english(f"It costs {text} now.")))
    assert "money" in problem.what


@pytest.mark.parametrize("text", ["EU 2004", "in Europe 5 days", "3 months", "{{ bus-fare }} a day"])
def test_what_is_no_sum_passes(tmp_path: Path, text: str) -> None:
    assert problems_of(write_content(tmp_path, english(f"It is {text} now."))) == []


def test_a_changed_finnish_text_makes_every_translation_stale(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "fi", "answer", "Lippu maksaa nyt {{ bus-fare }}."))
    (problem,) = problems_of(root)
    assert (problem.line, problem.severity) == (line_of(root / BUS, "based_on:"), Severity.error)
    assert "stamp" in problem.remedy


def test_several_breaches_are_told_in_one_run_in_order(tmp_path: Path) -> None:
    root = write_content(
        tmp_path,
        put(BUS, "topic", "trains"),
        put(BUS, "contacts", ["nobody"]),
        english("# Steps {{ tram-fare }"),
        put(HOME, "valid_until", "2020-01-01"),
    )
    problems = problems_of(root)
    assert [problem.path.removeprefix("knowledge/") for problem in problems] == [HIRE, HIRE, BUS, BUS, HOME]
    assert problems == sorted(problems)


def test_the_days_come_from_the_caller(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    assert {problem.severity for problem in problems_of(root, dt.date(2027, 3, 1))} == {Severity.expired}
    assert len(problems_of(root, dt.date(2027, 2, 28))) == 0


@pytest.mark.parametrize(("one", "other"), [("Mistä  SAAN lipun?", "mistä saan lipun"), ("ticket！", "Ticket!"), ("a. ", "a")])
def test_plain_words_are_equal(one: str, other: str) -> None:
    assert plain_words(one) == plain_words(other)


def test_the_content_of_the_guide_has_no_error_on_the_day_of_its_facts() -> None:
    problems = check_content(load_content(), DAY)
    assert [str(problem) for problem in problems if problem.severity is Severity.error] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(write(PERMIT, "id: [\n"), id="an answer"),
        pytest.param(put("contacts.yml", "town_desk", "certainty", "maybe"), id="a contact"),
        pytest.param(put("topics.yml", 1, "expert", "perhaps"), id="a topic"),
        pytest.param(put("figures.yml", "bus-fare", "unit", "dollar"), id="a figure"),
        pytest.param(drop("topics.yml"), id="all topics"),
        pytest.param(drop("contacts.yml"), id="all contacts"),
        pytest.param(drop("figures.yml"), id="all figures"),
        pytest.param(write("municipalities.yml", "- joensuu\n"), id="all municipalities"),
        pytest.param(write("boundaries/abuse.yml", "id: [\n"), id="a boundary"),
        pytest.param(write("twins/everyday/bus_ticket.yml", "id: [\n"), id="a twin"),
    ],
)
def test_what_cannot_be_read_is_told_once_and_not_as_missing_elsewhere(tmp_path: Path, change: Change) -> None:
    assert len(problems_of(write_content(tmp_path, change))) == 1


def test_a_topic_that_is_gone_names_every_answer_that_uses_it(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "topic", "trains"), put(HOME, "topic", "trains"))
    assert ["bus_ticket, home_municipality" in problem.what for problem in problems_of(root)] == [True, True]


def test_advice_is_no_error_and_does_not_stop_publishing(tmp_path: Path) -> None:
    (problem,) = problems_of(write_content(tmp_path, english(f"Apply {'and wait ' * 13}.")))
    assert (problem.rule, problem.severity) == ("first-sentence-long", Severity.advice)
    assert stops([problem]) == []
