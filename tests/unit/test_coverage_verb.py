"""``coverage``: tables for people, JSON for programs, and a short table in the README."""

import json
import re
import sys
from pathlib import Path

import pytest
from rich.text import Text
from typer.testing import CliRunner, Result

from bot.settings import ROOT
from knowledge.__main__ import app
from knowledge.coverage_tables import MARKS
from tests.terminal import seen_in_terminal
from tests.unit.content_fixtures import BUS, put, write, write_content

EASY = put(BUS, "fi-easy", {"title": "Lippu", "answer": "Osta."})


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["coverage", "--on", "2026-11-22", *map(str, words)])


def rows(result: Result) -> dict[str, list[str]]:
    """The cells of each row of the table by its first."""
    lines = [re.split(r"  +", line.strip()) for line in result.stdout.splitlines()[1:] if line.startswith(" ")]
    return {line[0]: line[1:] for line in lines}


def test_there_is_a_row_for_each_topic_and_for_all(tmp_path: Path) -> None:
    result = run("--content", write_content(tmp_path, EASY), "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout.startswith("What the content covers (2026-11-22)\n")
    assert rows(result) == {
        "topic": ["answers", "reviewed", "easy", "languages", "places", "missing"],
        "hiring": ["1", "–", "–", "–", "–", "examples: ru; contact: every municipality"],
        "bus": ["1", "–", "1", "–", "–", "examples: ru; contact: every municipality"],
        "permit": ["1", *"––––", "easy Finnish: 1 required; examples: ru; contact: every municipality"],
        "home": ["1", "–", "–", "1", "1"],
        "in all": ["4", "–", "1", "1", "1"],
    }  # fmt: skip


def test_it_is_told_in_finnish(tmp_path: Path) -> None:
    told = rows(run("--content", write_content(tmp_path), "--lang", "fi"))
    assert told["permit"][-1] == "selkokieli: 1 välttämätöntä; esimerkit: ru; yhteystieto: kaikki kunnat"
    assert told["yhteensä"][0] == "4"


def test_by_language_and_municipality_for_one_importance(tmp_path: Path) -> None:
    root = write_content(tmp_path, EASY)
    by_language = rows(run("--content", root, "--lang", "en", "--by", "language", "--importance", "useful"))
    assert by_language["topic"] == ["answers", "fi", "en", "fi-easy", "ru"]
    assert by_language["bus"] == ["1", "1/1", "1/1", "1/–", "–/–"]
    assert by_language["permit"] == ["0", *["–/–"] * 4]
    by_municipality = rows(run("--content", root, "--lang", "en", "--by", "municipality"))
    assert by_municipality["topic"] == ["answers", "joensuu"]
    assert by_municipality["home"] == ["1", "1/1"]


@pytest.mark.parametrize("by", ["topic", "language", "municipality"])
def test_the_whole_table_fits_into_a_terminal(by: str) -> None:
    command = [sys.executable, "-m", "knowledge", "coverage", "--by", by, "--lang", "fi"]
    seen = Text.from_ansi(seen_in_terminal(command, ROOT, width=150)).plain.splitlines()
    assert max(len(line) for line in seen if line.startswith(("│", "┃"))) <= 150
    assert not any("…" in line for line in seen)


def test_programs_read_json(tmp_path: Path) -> None:
    data = json.loads(run("--content", write_content(tmp_path), "--json").stdout)
    assert data["today"] == "2026-11-22"
    assert [each["topic"] for each in data["topics"]] == ["hiring", "bus", "permit", "home"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    result = run("--content", write_content(tmp_path, write(BUS, "id: [\n")), "--lang", "fi", "--json")
    assert json.loads(result.stdout)["total"]["answers"] == 3
    assert result.stderr == "Tiedostot, joita ei voi lukea, puuttuvat luvuista. Aja `python -m knowledge check`.\n"


def test_the_readme_gets_its_table_once(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# Guide\n\n{MARKS[0]}\nold\n{MARKS[1]}\n\nThe end\n", encoding="utf-8")
    root = write_content(tmp_path)
    assert run("--content", root, "--readme", page, "--lang", "en").stdout == f"{page}: the coverage table is written.\n"
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[2:6] == [
        MARKS[0],
        "| group | answers | required | reviewed | in easy Finnish | more languages of examples | local variants | "
        "municipalities with a contact |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
        "| employers | 1 | 0 | 0 | 0 | 0 | 0 | 0 |",
    ]
    assert lines[8:] == [
        "| registration | 1 | 0 | 0 | 0 | 1 | 1 | 1 |", "| **in all** | 4 | 1 | 0 | 0 | 1 | 1 | 1 |", MARKS[1], "", "The end",
    ]  # fmt: skip
    assert run("--content", root, "--readme", page, "--lang", "en").stdout == f"{page}: the coverage table was current already.\n"


@pytest.mark.parametrize("page", ["no marks", MARKS[0], f"{MARKS[1]}\n{MARKS[0]}"])
def test_a_page_without_marks_is_left_as_it_is(tmp_path: Path, page: str) -> None:
    path = tmp_path / "README.md"
    path.write_text(page, encoding="utf-8")
    result = run("--content", write_content(tmp_path), "--readme", path, "--lang", "en")
    assert (result.exit_code, path.read_text(encoding="utf-8")) == (1, page)
    assert result.stderr.startswith(f"{path}: the marks {MARKS[0]} and {MARKS[1]} are missing.")


def test_the_readme_of_the_guide_is_current(tmp_path: Path) -> None:
    """Mended by ``python -m knowledge coverage --readme README.md``."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    copy = tmp_path / "README.md"
    copy.write_text(page, encoding="utf-8")
    assert run("--readme", copy).exit_code == 0
    assert copy.read_text(encoding="utf-8") == page
