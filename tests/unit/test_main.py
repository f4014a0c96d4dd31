"""``python -m knowledge``: what a curator sees."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.settings import ROOT
from knowledge.__main__ import app
from knowledge.read_cache import CHECKED
from tests.unit.content_fixtures import BUS, HIRE, PERMIT, drop, line_of, put, write, write_content


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture(autouse=True)
def _own_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELO_SNAPSHOT_DIR", str(tmp_path / "snapshots"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_check_passes_for_valid_content(tmp_path: Path) -> None:
    result = run("check", "--content", write_content(tmp_path), "--on", "2026-11-22")
    assert (result.exit_code, result.stdout) == (0, "4 answers, 0 errors, 0 expired, 0 pieces of advice\n")
    assert (tmp_path / "snapshots" / CHECKED).is_file()


@pytest.mark.parametrize(("day", "count"), [("2026-11-22", "1 errors, 0 expired"), ("2027-03-01", "1 errors, 4 expired")])
def test_check_tells_each_problem_with_its_place_and_fails(tmp_path: Path, day: str, count: str) -> None:
    root = write_content(tmp_path, put(BUS, "topic", "trains"))
    result = run("check", "--content", root, "--on", day)
    assert result.exit_code == 1
    assert f"knowledge/{BUS}:{line_of(root / BUS, 'topic:')}:1: " in result.stdout
    assert count in result.stdout.splitlines()[-1]


def test_check_tells_in_finnish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_content(tmp_path, put(BUS, "contacts", ["nobody"]))
    told = run("check", "--content", root, "--on", "2026-11-22", "--lang", "fi").stdout
    assert told.splitlines()[0].endswith(": yhteystietoa 'nobody' ei ole tiedostossa contacts.yml; käytä luettelon yhteystietoa")
    assert told.splitlines()[-1] == "4 vastausta, 1 virhettä, 0 vanhentunutta, 0 neuvoa"
    monkeypatch.setenv("LC_ALL", "fi_FI.UTF-8")
    assert run("check", "--content", root, "--on", "2026-11-22").stdout == told


def test_check_with_nothing_but_advice_passes(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(HIRE, "en", "answer", f"Apply {'and wait ' * 13}."))
    result = run("check", "--content", root, "--on", "2026-11-22")
    assert result.exit_code == 0
    assert "0 errors, 0 expired, 1 pieces of advice" in result.stdout


def test_check_for_programs(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "contacts", ["nobody"]))
    result = run("check", "--content", root, "--on", "2026-11-22", "--json", "--lang", "en")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["answers"] == 4
    (problem,) = said["problems"]
    assert problem == {
        "path": f"knowledge/{BUS}",
        "line": line_of(root / BUS, "- nobody"),
        "column": 3,
        "rule": "contact-unknown",
        "severity": "error",
        "what": "the contact 'nobody' is not in contacts.yml",
        "remedy": "use a contact of the list",
    }


def test_check_in_an_unknown_language_says_which_there_are(tmp_path: Path) -> None:
    result = run("check", "--content", write_content(tmp_path), "--lang", "sv")
    assert result.exit_code == 2
    assert "fi or en" in result.stderr


@pytest.mark.parametrize("language", ["fi", "en"])
def test_the_matcher_finds_place_and_severity_of_what_check_writes(language: str, tmp_path: Path) -> None:
    root = write_content(
        tmp_path,
        put(BUS, "topic", "trains"),
        put(BUS, "review_by", "2026-01-01"),
        put(HIRE, "en", "answer", f"Apply {'and wait ' * 13}."),
    )
    output = run("check", "--content", root, "--on", "2026-11-22", "--lang", language).stdout
    found = {}
    for matcher in json.loads((ROOT / ".ci" / "check-matcher.json").read_text(encoding="utf-8"))["problemMatcher"]:
        (pattern,) = matcher["pattern"]
        matches = list(re.finditer(pattern["regexp"], output, re.MULTILINE))
        found[matcher["severity"]] = {(match[pattern["file"]], int(match[pattern["line"]])) for match in matches}
        assert all(match[pattern["message"]] for match in matches)
    assert found == {
        "error": {(f"knowledge/{BUS}", line_of(root / BUS, "topic:"))},
        "warning": {
            (f"knowledge/{BUS}", line_of(root / BUS, "review_by:")),
            (f"knowledge/{HIRE}", line_of(root / HIRE, "answer: Apply")),
        },
    }


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
