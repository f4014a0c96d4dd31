"""Deletes by age: conversations, closed cases, words of missed questions with what was decided on them, mail, sessions of the
desk, the audit log."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Delete, Update, and_, delete, exists, func, or_, select, update

from bot.channels.telegram.links import VALID_FOR
from bot.channels.telegram.tables import ChannelLinkRow, TelegramUpdateRow
from bot.conversations.database import OUTAGE, Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import ConversationRow, MessageRow, TurnRow
from bot.curation.missed import key_of
from bot.curation.tables import MissedDecisionRow
from bot.curation.vectors import missed_vectors
from bot.desk.tables import AuditRow, DeskSessionRow
from bot.dialogue import Dialogue, DialogueUnavailable
from bot.handoff.tables import OPEN_STATES, CaseRow, OutboxRow
from bot.redaction import redact
from bot.settings import Settings

log = structlog.get_logger(__name__)

FIRST_AFTER = 5 * 60.0
EVERY = 24 * 3600.0
"""Seconds from the start of the service to the first sweep, and from one to the next."""

BATCH = 200
"""Rows in one transaction. Turns that want to write wait for no more than this."""

PATIENCE = 3
"""When so many trackers in a row could not be erased, Rasa is away, and the other conversations wait for the next sweep."""

UPDATES_ARE_KEPT = dt.timedelta(days=2)
"""The number of an update that was handled is kept so long, so that it is not handled again. Telegram repeats it for a day."""

MAIL_IS_KEPT = dt.timedelta(days=30)


@dataclass(frozen=True)
class Limits:
    """The moments before which each kind is deleted."""

    conversations: dt.datetime
    cases: dt.datetime
    missed: dt.datetime
    audit: dt.datetime
    mail: dt.datetime
    session_idle: dt.datetime
    session_began: dt.datetime
    updates: dt.datetime
    links: dt.datetime


@dataclass
class RetentionReport:
    """How much one sweep deleted; in a dry run, how much it would."""

    dry_run: bool = False
    conversations: int = 0
    conversations_left: int = 0
    """Those that are due, but whose tracker Rasa could not erase. The next sweep tries again."""
    cases: int = 0
    missed_words: int = 0
    missed_decisions: int = 0
    mails: int = 0
    sessions: int = 0
    audit_rows: int = 0
    telegram_updates: int = 0
    channel_links: int = 0
    open_too_long: list[int] = field(default_factory=list)
    """Ids of open cases that are older than closed ones may be. They are never deleted by age: somebody must end them."""

    def lines(self) -> list[str]:
        """The report for the terminal."""
        verb = "would be deleted" if self.dry_run else "deleted"
        told = [
            f"conversations {verb}: {self.conversations}",
            f"conversations left, because Rasa could not erase its part: {self.conversations_left}",
            f"closed cases {verb}: {self.cases}",
            f"words of missed questions {verb}: {self.missed_words}",
            f"decisions on missed questions {verb}: {self.missed_decisions}",
            f"mails {verb}: {self.mails}",
            f"sessions of the desk {verb}: {self.sessions}",
            f"rows of the audit log {verb}: {self.audit_rows}",
            f"numbers of Telegram's updates {verb}: {self.telegram_updates}",
            f"links into Telegram {verb}: {self.channel_links}",
        ]
        if self.open_too_long:
            told.append(f"cases open for too long: {', '.join(map(str, self.open_too_long))}")
        return told


def limits(settings: Settings, now: dt.datetime) -> Limits:
    """What the settings mean at a moment."""
    return Limits(
        conversations=now - dt.timedelta(days=settings.keep_conversations_days),
        cases=months_before(now, settings.keep_cases_months),
        missed=now - dt.timedelta(days=settings.keep_missed_days),
        audit=months_before(now, settings.keep_audit_months),
        mail=now - MAIL_IS_KEPT,
        session_idle=now - dt.timedelta(minutes=settings.desk_idle_minutes),
        session_began=now - dt.timedelta(hours=settings.desk_session_hours),
        updates=now - UPDATES_ARE_KEPT,
        links=now - VALID_FOR,
    )


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day so many months ago; the first of the month after where there is no such day."""
    number = moment.year * 12 + moment.month - 1 - months
    try:
        return moment.replace(year=number // 12, month=number % 12 + 1)
    except ValueError:
        return moment.replace(year=(number + 1) // 12, month=(number + 1) % 12 + 1, day=1)


class Retention:
    """The job that deletes by age."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        store: ConversationStore,
        dialogue: Dialogue,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._settings, self._database = settings, database
        self._store, self._dialogue, self._now = store, dialogue, now

    async def run_daily(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Sweep once a day, for ever. An outage of the database is logged, and the next day tries again."""
        await sleep(FIRST_AFTER)
        while True:
            try:
                await self.sweep()
            except OUTAGE as error:
                log.error("retention.failed", problem=type(error).__name__)
            await sleep(EVERY)

    async def sweep(self, *, dry_run: bool = False) -> RetentionReport:
        """Delete everything that is due, in short transactions; tells how much. Raises the errors of ``OUTAGE``."""
        due = limits(self._settings, self._now())
        report = RetentionReport(dry_run)
        # Cases first: a conversation whose last case goes is due itself when it has been quiet for long enough.
        old_case = _closed_before(due.cases)
        idle = or_(DeskSessionRow.last_at <= due.session_idle, DeskSessionRow.created_at <= due.session_began)
        mail_done = or_(OutboxRow.sent_at < due.mail, OutboxRow.given_up_at < due.mail)
        missed = and_(TurnRow.at < due.missed, TurnRow.missed_question.is_not(None))
        handled = and_(TelegramUpdateRow.chat_id.is_(None), TelegramUpdateRow.arrived_at < due.updates)
        old_link = ChannelLinkRow.made_at < due.links
        counts = {
            "cases": await self._change(delete(CaseRow), CaseRow.id, old_case, dry_run),
            "missed_words": await self._change(update(TurnRow).values(missed_question=None), TurnRow.id, missed, dry_run),
            "missed_decisions": await self._change(
                delete(MissedDecisionRow), MissedDecisionRow.key, MissedDecisionRow.at < due.missed, dry_run
            ),
            "mails": await self._change(delete(OutboxRow), OutboxRow.id, mail_done, dry_run),
            "sessions": await self._change(delete(DeskSessionRow), DeskSessionRow.id_hash, idle, dry_run),
            "audit_rows": await self._change(delete(AuditRow), AuditRow.id, AuditRow.at < due.audit, dry_run),
            "telegram_updates": await self._change(delete(TelegramUpdateRow), TelegramUpdateRow.update_id, handled, dry_run),
            "channel_links": await self._change(delete(ChannelLinkRow), ChannelLinkRow.token_hash, old_link, dry_run),
        }
        for name, number in counts.items():
            setattr(report, name, number)
        if not dry_run:
            await self._forget_vectors()
        quiet = _quiet_since(due)
        if dry_run:
            report.conversations = await self._count(ConversationRow.id, quiet)
        else:
            report.conversations = await self._erase_conversations(quiet, due.conversations)
            report.conversations_left = await self._count(ConversationRow.id, quiet)
        too_long = select(CaseRow.id).where(CaseRow.state.in_(OPEN_STATES), CaseRow.created_at < due.cases).order_by(CaseRow.id)
        async with self._database.session() as session:
            report.open_too_long = list(await session.scalars(too_long))
        if not dry_run:
            log.info("retention", **asdict(report))
        return report

    async def _forget_vectors(self) -> None:
        """The vectors of missed questions go with their words."""
        words = select(TurnRow.missed_question).where(TurnRow.missed_question.is_not(None)).distinct()
        async with self._database.session() as session:
            left = list(await session.scalars(words))
        keys = await asyncio.to_thread(lambda: {key_of(redact(text)) for text in left if text})
        await asyncio.to_thread(missed_vectors(self._settings.run_dir).keep_only, keys)

    async def _erase_conversations(self, quiet: ColumnElement[bool], since: dt.datetime) -> int:
        erased, last, failures = 0, "", 0
        query = select(ConversationRow.id).where(quiet).order_by(ConversationRow.id).limit(BATCH)
        while failures < PATIENCE:
            async with self._database.session() as session:
                found = list(await session.scalars(query.where(ConversationRow.id > last)))
            if not found:
                break
            for last in found:
                try:
                    await self._dialogue.erase(last)
                except DialogueUnavailable:
                    failures += 1
                    if failures == PATIENCE:
                        break
                    continue
                failures = 0
                erased += await self._store.erase(last, quiet_since=since)
        return erased

    async def _change(self, change: Delete | Update, key: Any, due: ColumnElement[bool], dry_run: bool) -> int:
        """Apply the change to the rows that are due, a batch at a time; how many there were."""
        if dry_run:
            return await self._count(key, due)
        changed = 0
        while True:
            async with self._database.write() as session:
                batch = list(await session.scalars(select(key).where(due).limit(BATCH)))
                if not batch:
                    return changed
                await session.execute(change.where(key.in_(batch)))
            changed += len(batch)

    async def _count(self, key: Any, due: ColumnElement[bool]) -> int:
        async with self._database.session() as session:
            return await session.scalar(select(func.count(key)).where(due)) or 0


def sweep_once(settings: Settings, *, dry_run: bool) -> RetentionReport:
    """One sweep from the command line, beside a running service or without one."""

    async def sweep() -> RetentionReport:
        database, dialogue = Database(settings.database_url), Dialogue(settings.rasa_address, settings.rasa_timeout)
        store = ConversationStore(database)
        try:
            await database.migrate()
            job = Retention(settings, database, store, dialogue, lambda: dt.datetime.now(dt.UTC))
            return await job.sweep(dry_run=dry_run)
        finally:
            await dialogue.close()
            await database.close()

    return asyncio.run(sweep())


def _closed_before(moment: dt.datetime) -> ColumnElement[bool]:
    return and_(CaseRow.state.not_in(OPEN_STATES), CaseRow.ended_at < moment)


def _quiet_since(due: Limits) -> ColumnElement[bool]:
    """Conversations in which nothing was written for long, without a case that is to be kept."""
    of_it = CaseRow.conversation_id == ConversationRow.id
    kept = exists().where(of_it, or_(CaseRow.state.in_(OPEN_STATES), CaseRow.ended_at.is_(None), CaseRow.ended_at >= due.cases))
    newer = exists().where(MessageRow.conversation_id == ConversationRow.id, MessageRow.at >= due.conversations)
    return and_(ConversationRow.last_at < due.conversations, ~kept, ~newer)
