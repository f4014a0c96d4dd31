"""``python -m knowledge``: what a curator sees."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.settings import ROOT
from knowledge.__main__ import app
from tests.unit.content_fixtures import BUS, HIRE, PERMIT, drop, line_of, put, write, write_content


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
    assert run("stamp", path, "--lang", "en").output == f"{path}: stamped\n"
    assert run("stamp", path, "--lang", "fi").output == f"{path}: oli jo kuitattu\n"


def test_stamp_goes_on_past_files_that_cannot_be_stamped_and_fails(tmp_path: Path) -> None:
    root = write_content(tmp_path, drop(BUS, "fi", "title"), write(HIRE, "id: [\n"), drop(PERMIT, "en", "based_on"))
    missing = root / "answers/everyday/nothing.yml"
    result = run("stamp", root / BUS, root / HIRE, missing, root / PERMIT, "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout == f"{root / PERMIT}: stamped\n"
    assert result.stderr.splitlines() == [
        f"{root / BUS}: not stamped, since the file has errors. Run `python -m knowledge check`.",
        f"{root / HIRE}: not stamped, since the file has errors. Run `python -m knowledge check`.",
        f"{missing}: there is no such file.",
    ]


def test_schema_writes_into_the_folder(tmp_path: Path) -> None:
    result = run("schema", "--folder", tmp_path / "schema")
    assert result.output.splitlines() == [str(path) for path in sorted((tmp_path / "schema").iterdir())]


def test_ask_examples_says_how_many(tmp_path: Path) -> None:
    result = run("ask-examples", tmp_path / "ask.yml")
    assert result.exit_code == 0
    assert result.output == f"{(tmp_path / 'ask.yml').read_text(encoding='utf-8').count('    - ')} examples\n"


def test_a_verb_loads_only_what_it_needs() -> None:
    """The libraries of retrieval take seconds to load, and only some verbs need them."""
    code = "import sys; from knowledge.__main__ import app; app(['stale', '--help'], standalone_mode=False); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "knowledge.stale" in loaded
    assert not {"sklearn", "spacy", "faiss", "knowledge.snapshot"} & set(loaded)


def test_every_verb_is_listed_with_its_help() -> None:
    told = " ".join(run("--help").output.split())
    for verb in ("check", "coverage", "gaps", "links", "new", "preview", "publish", "stale", "stamp"):
        assert f"│ {verb} " in told


def test_an_unknown_verb_is_an_error() -> None:
    assert run("nonsense").exit_code == 2
