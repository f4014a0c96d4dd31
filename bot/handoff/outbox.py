"""The outbox: mail is written in the transaction that causes it, and sent afterwards, however often that takes.

What is promised: a mail that was written is sent, or given up with its reason; and it is not sent twice, except when the sender
dies, or loses its line to the server or to the database, in the moment between the server's taking the mail and our writing that
down. Nobody can tell then whether the mail has gone, so it goes again, with the same Message-ID: mail servers and people can see
that it is the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import OUTAGE, Database
from bot.handoff.mail import Mail, Mailer, NotSent, Refused
from bot.handoff.tables import OutboxRow

log = structlog.get_logger(__name__)

DELAYS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
"""How long to wait after each failed attempt; the last one again and again."""

GIVE_UP_AFTER = dt.timedelta(days=3)

LEASE = dt.timedelta(minutes=5)
"""How long a claimed row belongs to its sender: longer than an attempt can take (SEND_WITHIN_SECONDS in bot/handoff/mail.py)."""

LOOK_EVERY_SECONDS = 3.0

WRITE_DOWN_TRIES = 20
"""Times, a second apart, that a result is written down when the database is out of reach. All within the lease."""

MAIL_IS_OFF = "mail_is_off"
"""The ``problem`` of a row that waits, or was given up, because mail is off."""

TOO_OLD = "too_old"
"""The ``problem`` of a row that nobody tried to send in time. Any other one is told in the mail server's words."""

Outcome = Literal["sent", "to_retry", "given_up"]

PROBLEM_LENGTH = 300


async def queue(
    session: AsyncSession,
    key: str,
    to: str,
    subject: str,
    body: str,
    now: dt.datetime,
    case_id: int | None = None,
    calendar: bytes | None = None,
    method: str | None = None,
) -> bool:
    """Write a mail into the outbox, in the caller's transaction; False, and nothing written, when the key was written before."""
    values = {
        "key": key,
        "case_id": case_id,
        "to": to,
        "subject": subject,
        "body": body,
        "calendar": calendar,
        "calendar_method": method,
        "created_at": now,
        "next_at": now,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(OutboxRow).values(values).on_conflict_do_nothing(index_elements=["key"]).returning(OutboxRow.id)
    return (await session.execute(statement)).scalar_one_or_none() is not None


@dataclass
class SentReport:
    """What one look at the outbox came to, in mails."""

    sent: int = 0
    to_retry: int = 0
    given_up: int = 0
    waiting: int = 0
    """That wait because mail is off."""

    def count(self, outcome: Outcome) -> None:
        self.sent += outcome == "sent"
        self.to_retry += outcome == "to_retry"
        self.given_up += outcome == "given_up"


class OutboxSender:
    """Sends what is due. Any number of them, in any number of processes, share one outbox."""

    def __init__(self, database: Database, mailer: Mailer, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._mailer = mailer
        self._now = now

    async def follow(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; a mail that is being handed over then is finished first. Do not cancel: set ``stop``."""
        while not stop.is_set():
            try:
                report = await self.run_once(stop)
                if report.sent or report.to_retry or report.given_up:
                    log.info("outbox.sent", sent=report.sent, to_retry=report.to_retry, given_up=report.given_up)
            except OUTAGE as error:
                log.warning("outbox.no_database", problem=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_EVERY_SECONDS)

    async def run_once(self, stop: asyncio.Event | None = None) -> SentReport:
        """Try all that is due now, once, until ``stop`` is set. Raises what the database raises when it is out of reach."""
        due = await self._due()
        report = SentReport()
        if any(row.created_at < self._now() - GIVE_UP_AFTER for row in due):
            old = OutboxRow.created_at < self._now() - GIVE_UP_AFTER
            why = func.coalesce(OutboxRow.problem, TOO_OLD)
            report.given_up = await self._change_due(old, given_up_at=self._now(), problem=why)
            due = await self._due()
        if not self._mailer.mail_is_on:
            if any(row.problem is None for row in due):
                await self._change_due(OutboxRow.problem.is_(None), problem=MAIL_IS_OFF)
            report.waiting = len(due)
            return report
        for each in due:
            if stop is not None and stop.is_set():
                break
            row = await self._claim(each.id)
            if row is not None:
                report.count(await self._attempt(row))
        return report

    async def _due(self) -> Sequence[Row[int, dt.datetime, str | None]]:
        query = select(OutboxRow.id, OutboxRow.created_at, OutboxRow.problem).where(*self._is_due())
        async with self._database.session() as session:
            return (await session.execute(query.order_by(OutboxRow.next_at, OutboxRow.id))).all()

    def _is_due(self) -> tuple[ColumnElement[bool], ...]:
        return (OutboxRow.sent_at.is_(None), OutboxRow.given_up_at.is_(None), OutboxRow.next_at <= self._now())

    async def _claim(self, number: int) -> OutboxRow | None:
        """The row, ours for the length of the lease; None when another sender was faster, or the row is gone."""
        claim = (
            update(OutboxRow)
            .where(OutboxRow.id == number, *self._is_due())
            .values(next_at=self._now() + LEASE, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow)
        )
        async with self._database.write() as session:
            return (await session.scalars(claim)).one_or_none()

    async def _attempt(self, row: OutboxRow) -> Outcome:
        mail = Mail(row.key, row.to, row.subject, row.body, row.created_at, row.calendar, row.calendar_method)
        try:
            await self._mailer.send(mail, self._now())
        except Refused as error:
            return await self._give_up(row, str(error))
        except NotSent as error:
            delay = DELAYS[min(row.attempts, len(DELAYS)) - 1]
            if self._now() + delay > row.created_at + GIVE_UP_AFTER:
                return await self._give_up(row, str(error))
            await self._write_down(row, next_at=self._now() + delay, problem=str(error)[:PROBLEM_LENGTH])
            return "to_retry"
        await self._write_down(row, sent_at=self._now(), problem=None)
        return "sent"

    async def _give_up(self, row: OutboxRow, problem: str) -> Outcome:
        await self._write_down(row, given_up_at=self._now(), problem=problem[:PROBLEM_LENGTH])
        log.warning("outbox.given_up", key=row.key, attempts=row.attempts)
        return "given_up"

    async def _write_down(self, row: OutboxRow, **values: object) -> None:
        for tries in range(1, WRITE_DOWN_TRIES + 1):
            try:
                async with self._database.write() as session:
                    await session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(values))
                return
            except OUTAGE:
                if tries == WRITE_DOWN_TRIES:
                    raise
                await asyncio.sleep(1)

    async def _change_due(self, which: ColumnElement[bool], **values: object) -> int:
        """Change those of the due rows that no sender has claimed meanwhile; returns how many."""
        change = update(OutboxRow).where(*self._is_due(), which).values(values).returning(OutboxRow.id)
        async with self._database.write() as session:
            return len((await session.scalars(change)).all())
