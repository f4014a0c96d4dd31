"""A new answer and its twin come from a template, take nothing's place, and say by the check what is still missing."""

import datetime as dt
import re
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from bot.settings import ROOT
from knowledge.__main__ import app
from knowledge.load import load_content
from knowledge.model import Answer, Audience, ExpertRole, Importance
from knowledge.new_answer import AnswerRefused, Wanted, make_answer, suggested_id
from knowledge.stamp import stamp
from tests.terminal import seen_in_terminal
from tests.unit.content_fixtures import DAY, problems_of, write_content

NEW, NEW_TWIN = "answers/everyday/bus_card.yml", "twins/everyday/bus_card.yml"
TITLE = "Mistä saan bussikortin?"
CARD = ("bus_card", "--topic", "bus", "--title", TITLE)


def run(root: Path, *words: str, asked: str | None = None) -> Result:
    return CliRunner().invoke(app, ["new", *words, "--content", str(root), "--on", str(DAY)], input=asked)


def read(root: Path, name: str = NEW) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load((root / name).read_text(encoding="utf-8"))
    return data


def refused(root: Path, **values: object) -> list[str]:
    known: dict[str, object] = {"id": "bus_card", "topic": "bus", "title_fi": TITLE}
    with pytest.raises(AnswerRefused) as error:
        make_answer(load_content(root), Wanted(**known | values), DAY, "fi")  # type: ignore[arg-type]
    return [key for key, _ in error.value.reasons]


def test_the_files_hold_what_is_known_and_leave_the_rest_open(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    result = run(
        root, *CARD, "--title-en", "Where: a card?", "--example", "hei: mistä", "--source", "https://x.fi", "--lang", "en"
    )
    assert result.exit_code == 0, result.output
    data = read(root)
    assert data | {"fi": None, "en": None} == {
        "id": "bus_card", "topic": "bus", "audience": ["person"], "expert": "never", "importance": "useful", "status": "draft",
        "review_by": dt.date(2027, 5, 24), "contacts": [], "fi": None, "en": None,
        "sources": [{"url": "https://x.fi", "title": None, "checked_on": DAY}],
    }  # fmt: skip
    assert data["fi"] == {"title": TITLE, "answer": "", "examples": ["hei: mistä"], "links": []}
    assert data["en"] == {"title": "Where: a card?", "answer": "", "examples": [None], "links": []}
    assert read(root, NEW_TWIN) == {"id": "bus_card", "finds": {"fi": [None], "en": [None]}, "near_misses": {"fi": [None]}}


@pytest.mark.parametrize("language", ["fi", "en"])
def test_the_check_tells_what_is_still_to_fill_in(tmp_path: Path, language: str) -> None:
    root = write_content(tmp_path)
    assert run(root, *CARD, "--lang", language).exit_code == 0
    told = [problem.what for problem in problems_of(root) if NEW in problem.path]
    for field in (
        "sources.0.url",
        "sources.0.title",
        "sources.0.checked_on",
        "fi.answer",
        "fi.examples.0",
        "en.title",
        "en.answer",
    ):
        assert any(line.startswith(field) for line in told), field
    assert any(NEW_TWIN in problem.path for problem in problems_of(root))


@pytest.mark.parametrize("language", ["fi", "en"])
def test_filled_in_and_stamped_it_passes_the_check(tmp_path: Path, language: str) -> None:
    root = write_content(tmp_path)
    examples = {code: [f"{code} kysymys {number}" for number in range(8)] for code in ("fi", "en", "ru")}
    wanted = Wanted("bus_card", "bus", TITLE, "Where is a card?", source=("https://x.fi", "Sivu"), examples=examples)
    answer, twin = make_answer(load_content(root), wanted, DAY, language)
    answer.write_text(
        answer.read_text(encoding="utf-8").replace("  answer: |\n\n", "  answer: |\n    Mene torille.\n\n"), encoding="utf-8"
    )
    asked = iter(["mistä semmosen kortin saa", "card for the bus where", "mikä sää on huomenna lieksassa"])
    text = re.sub(r"^    -$", lambda _: f"    - {next(asked)}", twin.read_text(encoding="utf-8"), flags=re.MULTILINE)
    twin.write_text(text, encoding="utf-8")
    assert stamp(answer)
    assert problems_of(root) == []
    assert load_content(root).answers["bus_card"].examples() == examples


def test_everything_that_may_be_given_is_written(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    result = run(
        root, "permit_card", "--topic", "permit", "--title", "Mikä kortti?", "--audience", "employer", "--audience", "person",
        "--importance", "required", "--expert", "always", "--review-by", "2027-01-31", "--source", "https://x.fi",
        "--source-title", "Sivu: kortit", "--example-en", "which card", "--lang", "fi",
    )  # fmt: skip
    assert result.exit_code == 0
    data = read(root, "answers/permits/permit_card.yml")
    assert (data["audience"], data["importance"], data["expert"]) == (["employer", "person"], "required", "always")
    assert (data["review_by"], data["sources"]) == (
        dt.date(2027, 1, 31), [{"url": "https://x.fi", "title": "Sivu: kortit", "checked_on": DAY}],
    )  # fmt: skip
    assert "Vähintään 12 tapaa" in (root / "answers/permits/permit_card.yml").read_text(encoding="utf-8")


def test_the_expert_is_offered_by_the_topic(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    run(root, "permit_card", "--topic", "permit", "--title", "Mikä kortti?")
    assert read(root, "answers/permits/permit_card.yml")["expert"] == "own_case"


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"id": "Bus-Card"}, ["bad_id"]),
        ({"id": "../escape"}, ["bad_id"]),
        ({"id": "abuse"}, ["id_of_boundary"]),
        ({"id": "bus_ticket"}, ["exists", "exists"]),
        ({"topic": "trains"}, ["no_topic"]),
        ({"title_fi": "miten käy  Bussilippu"}, ["same_title"]),
        ({"title_fi": "m" * 91, "title_en": "How does a bus ticket work?"}, ["long_title", "same_title"]),
        ({"examples": {"xx": ["?"]}}, ["no_language"]),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    tmp_path: Path, values: dict[str, object], reasons: list[str]
) -> None:
    root = write_content(tmp_path)
    before = sorted(root.rglob("*"))
    assert refused(root, **values) == reasons
    assert sorted(root.rglob("*")) == before


def test_a_twin_without_its_answer_is_not_written_over(tmp_path: Path) -> None:
    root = write_content(tmp_path, lambda files: files.update({NEW_TWIN: "mine\n"}))
    assert refused(root) == ["exists"]
    assert (root / NEW_TWIN).read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", 'The topic "buss" is not in topics.yml. The nearest: bus.\n'),
        ("fi", 'Aihetta "buss" ei ole tiedostossa topics.yml. Lähimpiä: bus.\n'),
    ],
)
def test_the_command_says_why_not(tmp_path: Path, language: str, told: str) -> None:
    result = run(write_content(tmp_path), "bus_card", "--topic", "buss", "--title", TITLE, "--lang", language)
    assert (result.exit_code, result.stderr) == (1, told)


def test_without_a_terminal_what_is_needed_must_be_given(tmp_path: Path) -> None:
    result = run(write_content(tmp_path), "bus_card", "--lang", "en")
    assert result.exit_code == 2
    assert "Give also: --topic, --title." in " ".join(result.stderr.split())


def test_it_asks_until_each_fits(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    topic, titles, names = ("zeppelin", "i", "bus"), ("Miten käy bussilippu?", TITLE, "Where is a card?"), ("bus_ticket", "")
    asked = (*topic, *titles, *names, "7", "2", "1", "always", "https://x.fi", "Sivu")
    result = run(root, "--ask", "--lang", "en", asked="\n".join(asked) + "\n")
    assert result.exit_code == 0, result.output
    assert '"zeppelin" is none of the choices.' in result.stderr
    assert 'bus_ticket has the title "Miten käy bussilippu?" already.' in result.stderr
    assert 'The id "bus_ticket" is taken: ' in result.stderr
    assert '"7" is none of the choices.' in result.stderr
    data = read(root, "answers/everyday/where_is_a_card.yml")
    assert (data["audience"], data["importance"], data["expert"]) == ([Audience.employer], Importance.required, ExpertRole.always)
    assert data["sources"] == [{"url": "https://x.fi", "title": "Sivu", "checked_on": DAY}]


def test_what_is_given_is_not_asked_but_a_topic_that_is_not_there(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    given = (
        "bus_card",
        "--topic",
        "trains",
        "--title",
        TITLE,
        "--title-en",
        "Card?",
        "--audience",
        "person",
        "--importance",
        "extra",
    )
    result = run(root, *given, "--expert", "never", "--source", "https://x.fi", "--ask", asked="2\n")
    assert result.exit_code == 0, result.output
    assert read(root)["topic"] == "bus"


def test_at_a_terminal_it_asks(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    command = [sys.executable, "-m", "knowledge", "new", *CARD, "--content", root, "--lang", "fi"]
    seen = seen_in_terminal(command, ROOT, width=100, typed=["Where is a card?", "", "", "", ""])
    assert "Kuinka tärkeä [useful]: " in seen
    assert Answer.model_fields.keys() >= read(root).keys()
    assert read(root)["en"]["title"] == "Where is a card?"  # type: ignore[index]


@pytest.mark.parametrize(
    ("title", "identifier"),
    [
        ("How do I buy a ticket?", "how_do_i_buy_a_ticket"),
        ("3 months: what now?", "months_what_now"),
        ("", ""),
        ("Что", ""),
        ("a" * 99, "a" * 80),
    ],
)
def test_an_id_is_made_of_the_english_title(title: str, identifier: str) -> None:
    assert suggested_id(title) == identifier
