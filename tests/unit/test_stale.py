"""What has grown old is told, the worst first."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from knowledge.__main__ import app
from knowledge.load import load_content
from knowledge.stale import READ_AGAIN_AFTER, Stale, find_stale
from tests.unit.content_fixtures import BUS, DAY, HIRE, HOME, PERMIT, Change, drop, put, write, write_content

FIGURES = "figures.yml"
EVERY_ANSWER = ["hire_worker", "bus_ticket", "first_permit", "home_municipality"]
CONTACT_PAGE = "Kaupunki"


def stale(folder: Path, *changes: Change, today: dt.date = DAY, **more: dt.timedelta) -> list[Stale]:
    return find_stale(load_content(write_content(folder, *changes)), today, **more)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["stale", *map(str, words)])


def test_fresh_content_has_nothing_stale(tmp_path: Path) -> None:
    assert stale(tmp_path) == []


def test_the_worst_comes_first_then_the_earliest(tmp_path: Path) -> None:
    changes = (
        put(BUS, "fi", "answer", "Lippu {{ bus-fare }} ja {{ old-fee }}."),
        put(FIGURES, "bus-fare", "rows", 1, "valid_until", "2026-12-31"),
        put(HIRE, "valid_until", "2026-11-20"),
        put(PERMIT, "valid_until", "2026-12-20"),
        put(HIRE, "review_by", "2026-11-20"),
        put(PERMIT, "review_by", "2026-11-10"),
        put(HOME, "review_by", "2026-11-22"),
        put(HOME, "sources", 0, "checked_on", "2026-05-25"),
    )
    assert stale(tmp_path, *changes) == [
        Stale("figure_ended", "old-fee", dt.date(2024, 12, 31), ["bus_ticket"]),
        Stale("answer_ended", "hire_worker", dt.date(2026, 11, 20), []),
        Stale("review_overdue", "first_permit", dt.date(2026, 11, 10), []),
        Stale("review_overdue", "hire_worker", dt.date(2026, 11, 20), []),
        Stale("translation_behind", "bus_ticket", None, ["en"]),
        Stale("figure_ends", "bus-fare", dt.date(2026, 12, 31), ["bus_ticket"]),
        Stale("answer_ends", "first_permit", dt.date(2026, 12, 20), []),
        Stale("review_due", "home_municipality", dt.date(2026, 11, 22), []),
        Stale("source_old", "https://example.fi/", dt.date(2026, 5, 25), EVERY_ANSWER),
    ]


def test_easy_finnish_and_translations_without_a_stamp_are_behind(tmp_path: Path) -> None:
    changes = (put(BUS, "fi-easy", {"title": "Lippu", "answer": "Osta."}), drop(BUS, "en", "based_on"))
    assert stale(tmp_path, *changes) == [Stale("translation_behind", "bus_ticket", None, ["en", "fi-easy"])]


@pytest.mark.parametrize(("days", "found"), [(0, []), (1, [CONTACT_PAGE])])
def test_a_source_grows_old_the_day_after_its_age(tmp_path: Path, days: int, found: list[str]) -> None:
    """The only source in the fixture without an address is the contact's."""
    today = dt.date(2026, 11, 1) + READ_AGAIN_AFTER + dt.timedelta(days=days)
    told = [each for each in stale(tmp_path, today=today) if each.kind == "source_old" and not each.about.startswith("http")]
    assert [each.about for each in told] == found


def test_a_page_is_told_once_by_its_oldest_reading_with_all_that_rests_on_it(tmp_path: Path) -> None:
    page = "https://example.fi/fees"
    changes = (
        put(BUS, "sources", [{"url": page, "title": "Maksut", "checked_on": "2026-10-01"}]),
        put(FIGURES, "bus-fare", "rows", 1, "checked_on", "2026-09-01"),
    )
    found = stale(tmp_path, *changes, read_again_after=dt.timedelta(days=30))
    assert found == [Stale("source_old", page, dt.date(2026, 9, 1), ["bus_ticket", "bus-fare"])]


def test_the_command_tells_counts_and_a_row_for_each(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-11-21"), drop(BUS, "en", "based_on"))
    result = run("--content", root, "--on", str(DAY), "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "1 × an answer whose review is overdue",
        "1 × an answer whose translation or easy Finnish is older than the Finnish text",
    ]
    assert [line.split() for line in result.stdout.splitlines()[2:]] == [
        ["what", "day", "where", "concerns"],
        ["review", "overdue", "2026-11-21", "bus_ticket"],
        ["translation", "behind", "bus_ticket", "en"],
    ]


def test_the_command_speaks_finnish_and_counts_the_age_of_sources(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    assert run("--content", root, "--on", str(DAY), "--lang", "fi").stdout == "Mikään ei ole vanhentunut.\n"
    told = run("--content", root, "--on", str(DAY), "--lang", "fi", "--read-again", "20").stdout.splitlines()
    assert told[0] == "3 × lähdesivu, joka on luettu yli 20 päivää sitten"


def test_programs_read_json(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-11-21"), write(HIRE, "id: [\n"))
    result = run("--content", root, "--on", str(DAY), "--json", "--lang", "en")
    assert json.loads(result.stdout) == [{"kind": "review_overdue", "about": "bus_ticket", "day": "2026-11-21", "more": []}]
    assert result.stderr == "What cannot be read is left out. Run `python -m knowledge check`.\n"
