"""Reading content: each problem of form is told with its place, and none stops the reading."""

from pathlib import Path

import pytest

from knowledge.load import load_content
from knowledge.problems import Problem, Severity
from tests.unit.content_fixtures import BUS, HOME, PERMIT, Change, drop, line_of, problems_of, put, write, write_content

FIGURES, CONTACTS, TOPICS = "figures.yml", "contacts.yml", "topics.yml"
SECOND_ROW = {"value": 1, "valid_from": "2025-06-01", "url": "https://example.fi/", "title": "x", "checked_on": "2026-11-01"}

BROKEN = [
    # change, file, a text on the line that is named (None: the first line), what is told
    pytest.param(put(BUS, "colour", "blue"), BUS, "colour:", "colour", id="unknown key"),
    pytest.param(put(BUS, "fi", "titel", "x"), BUS, "titel:", "fi.titel", id="unknown key of a language"),
    pytest.param(put(BUS, "status", "ready"), BUS, "status:", "ready", id="status"),
    pytest.param(put(BUS, "audience", ["family"]), BUS, "- family", "family", id="audience"),
    pytest.param(put(BUS, "review_by", "22.11.2026"), BUS, "review_by:", "review_by", id="review_by"),
    pytest.param(put(BUS, "sources", 0, "checked_on", "soon"), BUS, "checked_on:", "checked_on", id="checked_on"),
    pytest.param(drop(BUS, "en"), BUS, None, "en", id="English missing"),
    pytest.param(drop(BUS, "fi"), BUS, None, "fi", id="Finnish missing"),
    pytest.param(drop(BUS, "fi", "title"), BUS, "fi:", "fi.title", id="title missing"),
    pytest.param(put(BUS, "fi", "title", "x" * 91), BUS, "title: xxx", "fi.title", id="title too long"),
    pytest.param(put(BUS, "fi", "answer", "  "), BUS, "answer:", "fi.answer", id="answer empty"),
    pytest.param(put(BUS, "sources", []), BUS, "sources:", "sources", id="no source"),
    pytest.param(put(BUS, "sources", 0, "url", "example.fi"), BUS, "url: example.fi", "example.fi", id="source address"),
    pytest.param(put(BUS, "status", "reviewed"), BUS, "status:", "reviewed_by", id="reviewed by nobody"),
    pytest.param(put(BUS, "id", "Bus-Ticket"), BUS, "id:", "Bus-Ticket", id="spelling of the id"),
    pytest.param(put(BUS, "id", "bus_lippu"), BUS, "id:", "bus_lippu", id="id is not the file name"),
    pytest.param(put(FIGURES, "bus-fare", "unit", "dollar"), FIGURES, "unit: dollar", "dollar", id="figure unit"),
    pytest.param(
        lambda files: files[FIGURES]["old-fee"]["rows"].append({**SECOND_ROW, "valid_from": "2024-12-31"}),
        FIGURES,
        "old-fee:",
        "overlap",
        id="rows overlap",
    ),
    pytest.param(
        lambda files: files[FIGURES]["bus-fare"]["rows"].append(SECOND_ROW),
        FIGURES,
        "bus-fare:",
        "overlap",
        id="open row is not the last",
    ),
    pytest.param(
        put(FIGURES, "old-fee", "rows", 0, "valid_until", "2023-01-01"),
        FIGURES,
        "valid_until: '2023-01-01'",
        "valid_until",
        id="period runs backward",
    ),
    pytest.param(
        put(FIGURES, "old-fee", "rows", 0, "value", "2026-01-01"), FIGURES, "old-fee:", "EUR", id="value does not fit the unit"
    ),
    pytest.param(put(FIGURES, "old-fee", "rows", []), FIGURES, "rows: []", "rows", id="figure without rows"),
    pytest.param(write(FIGURES, "- bus-fare\n"), FIGURES, None, "names and values", id="figures as a list"),
    pytest.param(drop(CONTACTS, "town_desk", "source"), CONTACTS, "town_desk:", "source", id="details without a source"),
    pytest.param(put(CONTACTS, "town_desk", "phones", 0, "number", "call us"), CONTACTS, "number:", "call us", id="phone number"),
    pytest.param(
        put(CONTACTS, "town_desk", "hours", [{"days": ["mon"], "open": "16:00", "close": "9:00"}]),
        CONTACTS,
        "close:",
        "9:00",
        id="clock time",
    ),
    pytest.param(
        put(CONTACTS, "town_desk", "hours", [{"days": ["mon"], "open": "16:00", "close": "09:00"}]),
        CONTACTS,
        "close:",
        "end before they begin",
        id="closes before it opens",
    ),
    pytest.param(put(TOPICS, 0, "expert", "perhaps"), TOPICS, "expert: perhaps", "expert", id="topic expert"),
    pytest.param(
        put("boundaries/abuse.yml", "examples", {"fi": []}),
        "boundaries/abuse.yml",
        "examples:",
        "examples",
        id="boundary without examples",
    ),
    pytest.param(write(PERMIT, "id: a\nfi: [b\nen: c\n"), PERMIT, "en:", "bracket", id="broken YAML"),
    pytest.param(write(PERMIT, "id: a\nfi:\n\ttitle: b\n"), PERMIT, "title:", "tab", id="tab"),
    pytest.param(write(PERMIT, "id: é\n".encode("latin-1")), PERMIT, None, "UTF-8", id="not UTF-8"),
    pytest.param(write(PERMIT, ""), PERMIT, None, "", id="empty file"),
    pytest.param(write(PERMIT, "just words\n"), PERMIT, None, "", id="not a mapping"),
]


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, list(map(str, problems))
    return problems[0]


def test_the_valid_content_has_no_problem(tmp_path: Path) -> None:
    content = load_content(write_content(tmp_path))
    assert content.problems == []
    assert sorted(content.answers) == ["bus_ticket", "first_permit", "hire_worker", "home_municipality"]
    assert (len(content.topics), len(content.figures), len(content.contacts)) == (4, 2, 1)
    assert (list(content.municipalities), len(content.boundaries)) == (["joensuu"], 5)


@pytest.mark.parametrize(("change", "file", "on_line", "told"), BROKEN)
def test_a_problem_of_form_names_file_line_and_remedy(
    tmp_path: Path, change: Change, file: str, on_line: str | None, told: str
) -> None:
    root = write_content(tmp_path, change)
    problems = load_content(root).problems
    problem = only(problems)
    assert problem.line == (line_of(root / file, on_line) if on_line else 1)
    assert problem.path == f"knowledge/{file}"
    assert told in problem.what
    assert problem.remedy
    assert problem.severity is Severity.error


def test_a_repeated_key_is_told_at_the_second_one(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    with (root / BUS).open("a", encoding="utf-8") as file:
        file.write("status: draft\n")
    problem = only(load_content(root).problems)
    assert problem.line == len((root / BUS).read_text(encoding="utf-8").splitlines())
    assert "status" in problem.what


def test_an_id_that_is_taken_is_told_at_the_second_file(tmp_path: Path) -> None:
    def second(files: dict[str, object]) -> None:
        files["answers/registration/bus_ticket.yml"] = files[BUS]

    root = write_content(tmp_path, second)
    problem = only(load_content(root).problems)
    assert (problem.path, problem.line) == ("knowledge/answers/registration/bus_ticket.yml", 1)
    assert f"knowledge/{BUS}" in problem.what


def test_a_topic_listed_twice_is_told_at_the_second_one(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    with (root / TOPICS).open("a", encoding="utf-8") as file:
        file.write("- {id: hiring, group: employers, name: {fi: a, en: b}, expert: false}\n")
    problem = only(load_content(root).problems)
    assert problem.line == line_of(root / TOPICS, "- {id: hiring")
    assert "hiring" in problem.what


@pytest.mark.parametrize("name", ["figures.yml", "contacts.yml", "municipalities.yml", "topics.yml"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    problem = only(load_content(write_content(tmp_path, drop(name))).problems)
    assert problem.path == f"knowledge/{name}"
    assert problem.remedy


def test_several_problems_are_told_in_one_run(tmp_path: Path) -> None:
    root = write_content(
        tmp_path,
        write(PERMIT, "id: [\n"),
        put(BUS, "colour", "blue"),
        put(BUS, "review_by", "soon"),
        put(HOME, "topic", "nothing_such"),
        put(CONTACTS, "town_desk", "certainty", "maybe"),
        drop(TOPICS, 0, "group"),
    )
    told = {(problem.path.removeprefix("knowledge/"), problem.what.split()[0]) for problem in problems_of(root)}
    assert {(BUS, "colour"), (BUS, "review_by"), (CONTACTS, "certainty"), (TOPICS, "group")} <= told
    assert {PERMIT, HOME} <= {path for path, _ in told}


def test_the_parts_that_are_right_are_read_beside_one_that_is_not(tmp_path: Path) -> None:
    content = load_content(write_content(tmp_path, write(PERMIT, "id: [\n"), put(FIGURES, "old-fee", "unit", "dollar")))
    assert "first_permit" not in content.answers
    assert "bus_ticket" in content.answers
    assert list(content.figures) == ["bus-fare"]
