"""The verbs ``missed`` and ``feedback``: lines for programs, JSON, and both languages, from the database of the settings."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.settings import ROOT
from knowledge.__main__ import app
from tests.desk_people import NOON, new_database
from tests.unit.desk_rows import add_conversation
from tests.unit.missed_rows import SECRETS, judged, missed, store

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ELO_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    monkeypatch.setenv("ELO_SNAPSHOT_DIR", str(ROOT / "var" / "snapshots"))
    monkeypatch.setenv("ELO_RUN_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


def fill(folder: Path) -> None:
    async def work() -> None:
        database = await new_database(folder)
        phone = SECRETS["a phone number"]
        await store(
            database,
            missed("how can I get a library card"),
            missed("mistä saan kirjastokortin", language="fi", status="clarify"),
            missed(f"odd [bold]words[/bold] \x1b[31m {phone}", at=NOON.replace(year=2025)),
            judged("kela_card", False),
            judged("kela_card", True),
        )
        await _feedback(database)
        await database.close()

    asyncio.run(work())


async def _feedback(database: Database) -> None:
    await add_conversation(database, "one", NOON)
    await ConversationStore(database).keep_feedback("one", "kela_card", False, "too_general", None, NOON)


def test_missed_questions_as_lines_and_as_json(run: Run, tmp_path: Path) -> None:
    fill(tmp_path)
    lines = run("missed", "--lang", "en").stdout.splitlines()
    assert lines[0] == "Missed questions: 2 groups, 3 questions"
    count, languages, question, nearest = lines[1].split("\t")
    assert (count, sorted(languages.split(","))) == ("2", ["en", "fi"])
    assert question in ("how can I get a library card", "mistä saan kirjastokortin")
    assert "library_card" in nearest.split(",")
    told = run("missed", "--since", "2026-01-01", "--json")
    [group] = json.loads(told.stdout)
    assert (group["count"], group["languages"], group["causes"]) == (2, {"en": 1, "fi": 1}, {"unknown": 1, "clarify": 1})
    assert {each["text"] for each in group["questions"]} == {"how can I get a library card", "mistä saan kirjastokortin"}
    everything = run("missed", "--json").stdout
    assert SECRETS["a phone number"] not in everything
    assert "[phone]" in everything


def test_feedback_as_lines_and_as_json(run: Run, tmp_path: Path) -> None:
    fill(tmp_path)
    lines = run("feedback", "--since", "2026-11-01", "--lang", "fi").stdout.splitlines()
    assert lines == ["Palaute vastauksista 2026-11-01 alkaen, huonoimmat ensin", "kela_card\t1\t1\tliian yleinen 1"]
    [answer] = json.loads(run("feedback", "--since", "2026-11-01", "--json").stdout)
    assert answer["answer"] == "kela_card"
    assert answer["reasons"] == {"too_general": 1}
    assert answer["months"]["2026-11"] == {"helped": 1, "not_helped": 1}


def test_nothing_there_is_said_and_a_database_that_cannot_be_read_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for verb, said in (("missed", "No question waits."), ("feedback", "No answer has feedback.")):
        told = run(verb, "--lang", "en")
        assert (told.exit_code, told.stdout.strip()) == (0, said)
        assert json.loads(run(verb, "--json").stdout) == []
    monkeypatch.setenv("ELO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for verb in ("missed", "feedback"):
        told = run(verb, "--lang", "en")
        assert (told.exit_code, "The database cannot be read" in told.stderr) == (1, True)
    monkeypatch.setenv("ELO_DATABASE_URL", "nothing")
    for verb in ("missed", "feedback"):
        assert run(verb).exit_code == 1
