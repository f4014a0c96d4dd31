"""What was read and found before is not read or looked for again; anything that could change it makes it so."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest

from knowledge import check, load
from knowledge.check import check_content
from knowledge.load import load_content
from knowledge.problems import Problem
from knowledge.read_cache import ReadCache, file_key
from tests.unit.content_fixtures import BUS, DAY, HOME, PERMIT, problems_of, put, write, write_content


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: object) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *given: object) -> object:
        self.calls += 1
        return self.function(*given)  # type: ignore[operator]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(load._read)
    monkeypatch.setattr(load, "_read", counted)
    return counted


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Counts the runs of the rules that an answer is checked by on its own."""
    counted = Counted(check.OWN_RULES[0])
    monkeypatch.setattr(check, "OWN_RULES", (counted, *check.OWN_RULES[1:]))
    return counted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path, put(BUS, "en", "answer", "# Steps\n\n750 euros."), write(PERMIT, "id: [\n"))


def run(root: Path, cache: ReadCache) -> list[Problem]:
    return check_content(load_content(root, cache), DAY)


def test_a_second_check_reads_and_rules_nothing_and_tells_the_same(
    root: Path, tmp_path: Path, parsed: Counted, ruled: Counted
) -> None:
    first = run(root, ReadCache(tmp_path / "checked.db"))
    assert (parsed.calls, ruled.calls) == (13, 3)
    again = ReadCache(tmp_path / "checked.db")
    content = load_content(root, again)
    assert check_content(content, DAY) == first == problems_of(root)
    assert content.answers == load_content(root).answers
    assert ruled.calls == 3 + 3  # those of ``problems_of``, which has no cache


def test_only_a_changed_file_is_read_and_ruled_again(root: Path, tmp_path: Path, parsed: Counted, ruled: Counted) -> None:
    run(root, ReadCache(tmp_path / "checked.db"))
    before = (parsed.calls, ruled.calls)
    path = root / HOME
    path.write_text(path.read_text(encoding="utf-8").replace("Odota.", "Odota 750 euroa."), encoding="utf-8")
    problems = run(root, ReadCache(tmp_path / "checked.db"))
    assert (parsed.calls - before[0], ruled.calls - before[1]) == (1, 1)
    assert ("money-typed", f"knowledge/{HOME}") in {(problem.rule, problem.path) for problem in problems}


def test_what_depends_on_the_day_is_never_kept(root: Path, tmp_path: Path) -> None:
    cache = ReadCache(tmp_path / "checked.db")
    run(root, cache)
    later = check_content(load_content(root, cache), dt.date(2027, 3, 1))
    assert sum(problem.rule == "review-overdue" for problem in later) == 3


def test_other_code_or_another_place_or_kind_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    key = file_key("answer", "knowledge/a.yml", b"id: a")
    assert file_key("answer", "knowledge/b.yml", b"id: a") != key
    assert file_key("twin", "knowledge/a.yml", b"id: a") != key
    assert file_key("answer", "knowledge/a.yml", b"id: b") != key
    monkeypatch.setattr("knowledge.read_cache.fingerprint_of_code", lambda: "other")
    assert file_key("answer", "knowledge/a.yml", b"id: a") != key


@pytest.mark.parametrize("broken", [b"", b"not a database at all, but long enough to be one" * 20])
def test_a_broken_file_is_an_empty_cache_and_is_replaced(root: Path, tmp_path: Path, broken: bytes, parsed: Counted) -> None:
    path = tmp_path / "checked.db"
    path.write_bytes(broken)
    assert run(root, ReadCache(path)) == problems_of(root)
    calls = parsed.calls
    run(root, ReadCache(path))
    assert parsed.calls == calls


def test_a_locked_file_costs_nothing_but_time(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "checked.db"
    run(root, ReadCache(path))
    cache = ReadCache(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        cache.keep("a", 1, lambda: "1")
        cache.save()
        other.execute("ROLLBACK")
    other.close()
    assert run(root, ReadCache(path)) == problems_of(root)
