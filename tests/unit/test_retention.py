"""What is old is deleted and what is not stays, on both databases; Rasa's part goes with it or the conversation is kept."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.tables import ChannelLinkRow, TelegramUpdateRow
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import ConversationRow, TurnRow
from bot.curation.missed import key_of
from bot.curation.tables import MissedDecisionRow
from bot.curation.vectors import missed_vectors
from bot.desk.tables import AuditRow, DeskSessionRow
from bot.dialogue import Dialogue
from bot.handoff.erasing import count_as_withdrawn
from bot.handoff.tables import CaseFiguresRow, CaseRow, OutboxRow
from bot.retention import BATCH, EVERY, FIRST_AFTER, PATIENCE, Retention, RetentionReport, months_before, sweep_once
from bot.settings import Settings
from tests.unit.desk_rows import PER_CONVERSATION, add_account, add_case, add_conversation, message, rows_of

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
QUIET = NOW - dt.timedelta(days=30)
YEAR_AGO = dt.datetime(2025, 11, 24, 12, tzinfo=dt.UTC)


class Trackers:
    """The call by which Rasa erases, as a server on the loopback address. It refuses those in ``refused``."""

    def __init__(self) -> None:
        self.erased: list[str] = []
        self.asked = 0
        self.refused: set[str] = set()
        trackers = self

        class Handler(BaseHTTPRequestHandler):
            def do_DELETE(self) -> None:
                trackers.asked += 1
                name = self.path.rpartition("/")[2]
                refused = name in trackers.refused
                if not refused:
                    trackers.erased.append(name)
                self.send_response(500 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def trackers() -> Iterator[Trackers]:
    made = Trackers()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def job(database: Database, trackers: Trackers, **changed: Any) -> Retention:
    store = ConversationStore(database)
    return Retention(
        Settings(**{"run_dir": Path("/nowhere"), **changed}), database, store, Dialogue(trackers.address, 3.0), lambda: NOW
    )


async def conversations(database: Database) -> list[str]:
    async with database.session() as session:
        return list(await session.scalars(select(ConversationRow.id).order_by(ConversationRow.id)))


async def test_quiet_conversations_go_with_their_tracker(database: Database, trackers: Trackers) -> None:
    await add_conversation(database, "old", QUIET - SECOND)
    await add_conversation(database, "young", QUIET)
    await add_conversation(database, "woken", QUIET - SECOND)
    await ConversationStore(database).receive("woken", message(NOW, "one more thing"))  # its turn has not ended yet
    report = await job(database, trackers).sweep()
    assert report == RetentionReport(conversations=1)
    assert trackers.erased == ["old"]
    assert await conversations(database) == ["woken", "young"]
    assert (await rows_of(database))["feedback"] == 2


async def test_a_case_keeps_its_conversation_until_both_are_old(database: Database, trackers: Trackers) -> None:
    long_ago = YEAR_AGO - SECOND
    for name in ("both_old", "case_young", "case_open", "still_used"):
        await add_conversation(database, name, NOW if name == "still_used" else long_ago)
    ended = {"both_old": long_ago, "case_young": YEAR_AGO, "case_open": None, "still_used": long_ago}
    cases = {
        name: await add_case(
            database, name, long_ago + SECOND * number, state="resolved" if at else "claimed", created_at=long_ago, ended_at=at
        )
        for number, (name, at) in enumerate(ended.items())
    }
    expected = RetentionReport(cases=2, conversations=1, open_too_long=[cases["case_open"]])
    dry = await job(database, trackers).sweep(dry_run=True)
    assert (dry.cases, dry.conversations, dry.open_too_long) == (2, 1, expected.open_too_long)
    assert len(await conversations(database)) == 4
    report = await job(database, trackers).sweep()
    assert (report.cases, report.conversations, report.open_too_long) == (2, 1, expected.open_too_long)
    assert await conversations(database) == ["case_open", "case_young", "still_used"]
    left = await rows_of(database, *PER_CONVERSATION, CaseFiguresRow)
    assert (left["cases"], left["case_events"], left["appointments"], left["case_figures"]) == (2, 2, 2, 4)


async def test_a_conversation_whose_tracker_stays_is_kept_and_tried_again(database: Database, trackers: Trackers) -> None:
    for name in ("a", "b", "c"):
        await add_conversation(database, name, QUIET - SECOND)
    trackers.refused = {"b"}
    report = await job(database, trackers).sweep()
    assert (report.conversations, report.conversations_left) == (2, 1)
    assert await conversations(database) == ["b"]
    trackers.refused = set()
    report = await job(database, trackers).sweep()
    assert (report.conversations, report.conversations_left) == (1, 0)
    assert await conversations(database) == []


async def test_when_rasa_is_away_not_every_conversation_is_tried(database: Database, trackers: Trackers) -> None:
    names = {f"c{number}" for number in range(PATIENCE + 2)}
    for name in names:
        await add_conversation(database, name, QUIET - SECOND)
    trackers.refused = names
    report = await job(database, trackers).sweep()
    assert (report.conversations, report.conversations_left, trackers.asked) == (0, PATIENCE + 2, PATIENCE)


async def test_masked_words_go_and_the_statistics_stay(database: Database, trackers: Trackers) -> None:
    def turn(at: dt.datetime) -> TurnRow:
        return TurnRow(at=at, channel="web", status="unknown", missed_question="[phone] ?", took_ms=1.0)

    async with database.write() as session:
        session.add_all([turn(NOW - dt.timedelta(days=180) - SECOND) for _ in range(BATCH + 1)])
        session.add(turn(NOW - dt.timedelta(days=180)))
    assert (await job(database, trackers).sweep()).missed_words == BATCH + 1
    async with database.session() as session:
        words = list(await session.scalars(select(TurnRow.missed_question).order_by(TurnRow.id)))
    assert words == [None] * (BATCH + 1) + ["[phone] ?"]
    assert (await job(database, trackers).sweep()).missed_words == 0


async def test_decisions_and_vectors_go_with_the_words(database: Database, trackers: Trackers, tmp_path: Path) -> None:
    due, vectors = NOW - dt.timedelta(days=180), missed_vectors(tmp_path)
    words = {"old one": due - SECOND, "young one": due}
    async with database.write() as session:
        for text, at in words.items():
            session.add(TurnRow(at=at, channel="web", status="unknown", missed_question=text, took_ms=1.0))
            session.add(MissedDecisionRow(key=key_of(text), decision="dismissed", reason="other", at=at))
    vectors.add("encoder", {key_of(text): np.ones(2, dtype=np.float32) for text in (*words, "chosen since")})
    dry = await job(database, trackers, run_dir=tmp_path).sweep(dry_run=True)
    assert (dry.missed_words, dry.missed_decisions, len(vectors.read("encoder"))) == (1, 1, 3)
    report = await job(database, trackers, run_dir=tmp_path).sweep()
    assert (report.missed_words, report.missed_decisions) == (1, 1)
    assert vectors.read("encoder").keys() == {key_of("young one")}
    async with database.session() as session:
        assert list(await session.scalars(select(MissedDecisionRow.key))) == [key_of("young one")]


async def test_mail_audit_and_sessions_of_the_desk(database: Database, trackers: Trackers) -> None:
    account = await add_account(database, NOW)
    month, hour = dt.timedelta(days=30), dt.timedelta(hours=1)
    mails = {
        "sent": {"sent_at": NOW - month - SECOND},
        "given_up": {"given_up_at": NOW - month - SECOND},
        "sent_lately": {"sent_at": NOW - month},
        "waiting": {},
    }
    sessions = {"idle": (NOW, NOW - hour), "long": (NOW - 10 * hour, NOW), "used": (NOW - 9 * hour, NOW - hour + SECOND)}
    async with database.write() as session:
        for key, told in mails.items():
            old = NOW - 2 * month
            session.add(OutboxRow(key=key, to="a@example.fi", subject="", body="", created_at=old, next_at=old, **told))
        for name, (began, last) in sessions.items():
            session.add(DeskSessionRow(id_hash=name, account_id=account, csrf="", created_at=began, last_at=last))
        for at in (months_before(NOW, 24) - SECOND, months_before(NOW, 24)):
            session.add(AuditRow(at=at, account_id=account, login="expert@example.fi", what="case_seen"))
    report = await job(database, trackers).sweep()
    assert (report.mails, report.sessions, report.audit_rows) == (2, 2, 1)
    async with database.session() as session:
        assert sorted(await session.scalars(select(OutboxRow.key))) == ["sent_lately", "waiting"]
        assert list(await session.scalars(select(DeskSessionRow.id_hash))) == ["used"]
        assert list(await session.scalars(select(AuditRow.at))) == [months_before(NOW, 24)]


async def test_erasing_takes_everything_but_figures(database: Database) -> None:
    for name in ("erased", "neighbour"):
        await add_conversation(database, name, NOW)
        await add_case(database, name, NOW if name == "erased" else NOW + SECOND)
    before = await rows_of(database)
    assert all(count == 4 if table == "outbox" else count == 2 for table, count in before.items()), before
    store = ConversationStore(database)
    seen: list[str | None] = []

    async def look(session: AsyncSession, conversation_id: str) -> None:
        seen.append(await session.scalar(select(CaseRow.matter).where(CaseRow.conversation_id == conversation_id)))

    store.before_erase += [look, count_as_withdrawn]
    assert await store.erase("erased")
    assert seen == ["My permit is late"]
    assert await rows_of(database) == {table: count // 2 for table, count in before.items()}
    async with database.session() as session:
        states = list(await session.scalars(select(CaseFiguresRow.state).order_by(CaseFiguresRow.id)))
    assert states == ["withdrawn", "queued"]
    assert not await store.erase("erased")
    assert len(seen) == 1


async def test_a_hook_that_fails_leaves_everything(database: Database) -> None:
    await add_conversation(database, "kept", NOW)
    store = ConversationStore(database)

    async def fail(session: AsyncSession, conversation_id: str) -> None:
        raise RuntimeError(conversation_id)

    store.before_erase.append(fail)
    with pytest.raises(RuntimeError):
        await store.erase("kept")
    assert await conversations(database) == ["kept"]


async def test_it_runs_some_minutes_after_the_start_and_then_daily(database: Database, trackers: Trackers) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise asyncio.CancelledError
        await add_conversation(database, f"c{len(slept)}", QUIET - SECOND)

    with pytest.raises(asyncio.CancelledError):
        await job(database, trackers).run_daily(sleep)
    assert slept == [FIRST_AFTER, EVERY, EVERY]
    assert trackers.erased == ["c1", "c2"]


async def test_an_outage_does_not_end_the_job(tmp_path_factory: pytest.TempPathFactory, trackers: Trackers) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('late') / 'elo.db'}")  # without tables: every query fails
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            await database.migrate()
            await add_conversation(database, "old", QUIET - SECOND)
        if len(slept) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await job(database, trackers).run_daily(sleep)
    assert trackers.erased == ["old"]
    await database.close()


def test_from_the_command_line(tmp_path_factory: pytest.TempPathFactory, trackers: Trackers) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('cli') / 'elo.db'}"

    async def prepare() -> None:
        database = Database(url)
        await database.migrate()
        await add_conversation(database, "old", dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        await database.close()

    asyncio.run(prepare())
    settings = Settings(database_url=url, rasa_url=trackers.address)
    dry = sweep_once(settings, dry_run=True)
    assert (dry.conversations, trackers.erased) == (1, [])
    assert dry.lines()[0] == "conversations would be deleted: 1"
    assert sweep_once(settings, dry_run=False).lines()[0] == "conversations deleted: 1"
    assert trackers.erased == ["old"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-11-24", 12, "2025-11-24"),
        ("2026-03-31", 1, "2026-03-01"),
        ("2024-02-29", 12, "2023-03-01"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 13, "2025-12-01"),
    ],
)
def test_months_before(day: str, months: int, before: str) -> None:
    assert months_before(dt.datetime.fromisoformat(f"{day}T08:00+00:00"), months).date().isoformat() == before


async def test_numbers_of_handled_updates_and_links_go_when_they_are_of_no_use(database: Database, trackers: Trackers) -> None:
    two_days, ten_minutes = dt.timedelta(days=2), dt.timedelta(minutes=10)
    await add_conversation(database, "mine", NOW)
    async with database.write() as session:
        session.add_all(
            [
                TelegramUpdateRow(update_id=1, arrived_at=NOW - two_days - SECOND),
                TelegramUpdateRow(update_id=2, arrived_at=NOW - two_days + SECOND),
                TelegramUpdateRow(update_id=3, arrived_at=NOW - 2 * two_days, chat_id=7, body={"kind": "words"}),
                ChannelLinkRow(token_hash="old", conversation_id="mine", made_at=NOW - ten_minutes - SECOND),
                ChannelLinkRow(token_hash="new", conversation_id="mine", made_at=NOW - ten_minutes + SECOND),
            ]
        )
    assert await job(database, trackers).sweep() == RetentionReport(telegram_updates=1, channel_links=1)
    async with database.session() as session:
        assert list(await session.scalars(select(TelegramUpdateRow.update_id).order_by(TelegramUpdateRow.update_id))) == [2, 3]
        assert list(await session.scalars(select(ChannelLinkRow.token_hash))) == ["new"]
