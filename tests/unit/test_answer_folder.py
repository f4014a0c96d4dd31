"""The folder as the desk reads it: what has changed is read again, and is as if everything had been read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.desk import answer_folder
from bot.desk.answer_folder import AnswerFolder
from bot.desk.answer_list import months_later
from bot.desk.answer_problems import newly_wrong, problems_with, tell
from knowledge.check import check_content
from knowledge.editing import read_file
from knowledge.load import Content, load_content
from tests.unit.content_fixtures import BUS, DAY, HIRE, HOME, PERMIT, line_of, write_content

NEW = "answers/everyday/bus_card.yml"


def same(one: Content, other: Content) -> bool:
    """Whether both say the same and have the same problems."""
    parts = ("answers", "figures", "contacts", "municipalities", "topics", "boundaries", "twins")
    return all(getattr(one, part) == getattr(other, part) for part in parts) and set(one.problems) == set(other.problems)


def replaced(path: Path, old: str, new: str) -> str:
    text = read_file(path)
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize("new", ["useful", "wrong", "[", "useful\nunknown: 1"])
async def test_a_changed_answer_is_read_again(tmp_path: Path, new: str) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    await folder.content()
    (root / PERMIT).write_text(replaced(root / PERMIT, "importance: required", f"importance: {new}"), encoding="utf-8")
    assert same(await folder.content(), load_content(root))
    (root / HIRE).write_text(replaced(root / HIRE, "importance: useful", "importance: extra"), encoding="utf-8")
    assert same(await folder.content(), load_content(root))


async def test_files_that_come_go_or_are_of_another_kind_are_seen(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    await folder.content()
    (root / NEW).write_text(replaced(root / BUS, "id: bus_ticket", "id: bus_card"), encoding="utf-8")
    assert "bus_card" in (await folder.content()).answers
    (root / BUS).unlink()
    assert same(await folder.content(), load_content(root))
    (root / "figures.yml").write_text("{}\n", encoding="utf-8")
    assert (await folder.content()).figures == {}
    (root / HIRE).write_bytes(b"\xff")
    assert same(await folder.content(), load_content(root))


def test_content_with_a_proposal_is_as_if_it_were_written(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    text = replaced(root / BUS, "topic: bus", "topic: permit").replace("expert: never", "expert: sometimes")
    proposed, problems = problems_with(folder, {root / BUS: text}, DAY)
    assert same(folder.content_with({}), load_content(root))
    (root / BUS).write_text(text, encoding="utf-8")
    assert same(proposed, load_content(root))
    assert set(problems) == set(check_content(load_content(root), DAY))
    assert "bus_ticket" not in proposed.answers


def test_a_proposal_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    card = replaced(root / BUS, "id: bus_ticket", "id: bus_card")
    assert "bus_card" in folder.content_with({root / NEW: card}).answers
    assert same(folder.content_with({root / NEW: ""}), load_content(root))


def test_what_is_remembered_of_proposals_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_folder, "MOST_PROPOSALS", 2)
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    caches = []
    for number in range(4):
        folder.content_with({root / NEW: f"id: {number}"})
        caches.append(folder.cache)
    assert caches[0] is caches[1]
    assert caches[1] is not caches[2]
    assert same(folder.content_with({}), load_content(root))


def test_only_what_is_wrong_once_more_than_before_counts_as_new(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    once = replaced(root / BUS, "'Lippu: {{ bus-fare }}.'", "5 euroa")
    twice = once.replace("'Price: {{ bus-fare }}.'", "5 euros")
    before, after = (problems_with(folder, {root / BUS: text}, DAY)[1] for text in (once, twice))
    assert newly_wrong(after, before) == []
    assert newly_wrong(before, before) == []
    assert [problem.what for problem in newly_wrong(before, after)] == ["a sum of money is typed into the text"]


def test_problems_are_told_at_the_nearest_field(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    text = replaced(root / BUS, "importance: useful", "importance: huge").replace("'Price: {{ bus-fare }}.'", "5 euros")
    problems = problems_with(AnswerFolder(root), {root / BUS: text}, DAY)[1]
    told = tell(problems, problems, {root / BUS: text}, root, ["fi.title", "importance", "fi.answer"], "en")
    assert [(each.field, each.stops) for each in told] == [("importance", True)]
    elsewhere = tell(problems, problems, {root / HIRE: ""}, root, ["importance"], "en")
    assert [(each.field, each.text.startswith(f"knowledge/{BUS}: ")) for each in elsewhere] == [("", True)]
    assert tell(problems, [], {root / HIRE: ""}, root, ["importance"], "en") == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-24", 6, "2027-05-24"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-01-31", 12, "2027-01-31"),
    ],
)
def test_months_later(day: str, months: int, later: str) -> None:
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


def test_a_proposed_text_is_checked_in_its_place_and_not_written(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder, path = AnswerFolder(root), root / HOME
    before = path.read_text(encoding="utf-8")
    assert problems_with(folder, {path: before}, DAY)[1] == []
    problems = problems_with(folder, {path: replaced(path, "Odota.", "Odota 750 euroa.")}, DAY)[1]
    assert [problem.rule for problem in problems] == ["money-typed", "translation-stale"]
    assert path.read_text(encoding="utf-8") == before


def test_what_a_proposed_text_causes_elsewhere_is_told_too(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    proposed = replaced(root / BUS, "- a bus ticket online", "- Miten saan kotikunta?")
    (problem,) = problems_with(AnswerFolder(root), {root / BUS: proposed}, DAY)[1]
    assert (problem.rule, problem.path) == ("example-twice", f"knowledge/{HOME}")
    assert problem.line == line_of(root / HOME, "miten saan kotikunta")


def test_a_proposed_new_answer_is_checked_too(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    path = root / "answers/everyday/tram_ticket.yml"
    problems = problems_with(AnswerFolder(root), {path: (root / BUS).read_text(encoding="utf-8")}, DAY)[1]
    assert [(problem.rule, problem.path) for problem in problems] == [("id-taken", "knowledge/answers/everyday/tram_ticket.yml")]
