"""``python -m knowledge``: what a curator sees."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from knowledge.__main__ import app
from tests.unit.content_fixtures import BUS, drop, line_of, put, write_content


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def test_check_passes_for_valid_content(tmp_path: Path) -> None:
    result = run("check", "--content", write_content(tmp_path), "--on", "2026-11-22")
    assert (result.exit_code, result.output) == (0, "4 answers, 0 errors, 0 expired\n")


@pytest.mark.parametrize(("day", "count"), [("2026-11-22", "1 errors, 0 expired"), ("2027-03-01", "1 errors, 4 expired")])
def test_check_tells_each_problem_with_its_line_and_fails(tmp_path: Path, day: str, count: str) -> None:
    root = write_content(tmp_path, put(BUS, "topic", "trains"))
    result = run("check", "--content", root, "--on", day)
    assert result.exit_code == 1
    assert f"knowledge/{BUS}:{line_of(root / BUS, 'topic:')}: " in result.output
    assert count in result.output.splitlines()[-1]


def test_stamp_says_which_files_changed(tmp_path: Path) -> None:
    path = write_content(tmp_path, drop(BUS, "en", "based_on")) / BUS
    assert run("stamp", path).output == f"{path}: stamped\n"
    assert run("stamp", path).output == f"{path}: unchanged\n"


def test_schema_writes_into_the_folder(tmp_path: Path) -> None:
    result = run("schema", "--folder", tmp_path / "schema")
    assert result.output.splitlines() == [str(path) for path in sorted((tmp_path / "schema").iterdir())]


def test_ask_examples_says_how_many(tmp_path: Path) -> None:
    result = run("ask-examples", tmp_path / "ask.yml")
    assert result.exit_code == 0
    assert result.output == f"{(tmp_path / 'ask.yml').read_text(encoding='utf-8').count('    - ')} examples\n"
