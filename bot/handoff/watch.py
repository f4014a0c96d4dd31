"""Looks after cases that wait: nobody is left without a word, and nobody at the desk forgets them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import ColumnElement, select, update

from bot.conversations.database import OUTAGE, Database
from bot.conversations.store import add_message
from bot.desk.presence import Presence
from bot.guide import Guide
from bot.handoff.cases import Cases
from bot.handoff.handoff import nobody_line
from bot.handoff.mailing import Mailing
from bot.handoff.possible import contact_of
from bot.handoff.tables import CaseRow
from bot.notify import DESK, Notifier
from bot.opening import next_opening
from bot.settings import Settings

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 15.0


class Watch:
    """Runs in the service; several may run at once, since every step is taken by one statement that only one of them wins."""

    def __init__(
        self,
        database: Database,
        guide: Guide,
        settings: Settings,
        cases: Cases,
        notifier: Notifier,
        presence: Presence,
        mailing: Mailing,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._guide = guide
        self._settings = settings
        self._cases = cases
        self._notifier = notifier
        self._presence = presence
        self._mailing = mailing
        self._now = now

    async def follow(self) -> None:
        """Look again and again, for ever. An outage of the database is waited out."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except OUTAGE as error:
                log.warning("watch.outage", problem=type(error).__name__)

    async def look(self) -> None:
        """Once: tell newcomers who wait in a chat that nobody is there, remind the desk, and let go of chats that nobody took."""
        now = self._now()
        chat = CaseRow.way == "chat"
        expired = chat & (CaseRow.created_at < now - dt.timedelta(hours=self._settings.chat_expires_hours))
        due = CaseRow.created_at < now - dt.timedelta(minutes=self._settings.case_reminder_minutes)
        for case in await self._waiting(expired):
            await self._cases.expire(case.conversation_id)
        for case in await self._waiting(chat & CaseRow.told_to_wait_at.is_(None)):
            await self._tell_nobody_is_there(case, now)
        for case in await self._waiting(due & CaseRow.reminded_at.is_(None)):
            await self._remind(case, now)

    async def _waiting(self, which: ColumnElement[bool]) -> Sequence[CaseRow]:
        async with self._database.session() as session:
            return (await session.scalars(select(CaseRow).where(CaseRow.state == "queued", which).order_by(CaseRow.id))).all()

    async def _tell_nobody_is_there(self, case: CaseRow, now: dt.datetime) -> None:
        async with self._database.write() as session:
            if await self._presence.present_at(session, case.desk, now):
                return
            unheard = CaseRow.id == case.id, CaseRow.state == "queued", CaseRow.told_to_wait_at.is_(None)
            told = await session.execute(update(CaseRow).where(*unheard).values(told_to_wait_at=now))
            if not told.rowcount:  # type: ignore[attr-defined]
                return
            contact = contact_of(case.desk, self._guide)
            opens = next_opening(contact, now) if contact else None
            await add_message(session, case.conversation_id, nobody_line(now, case.language, opens))
        self._notifier.tell(case.conversation_id)

    async def _remind(self, case: CaseRow, now: dt.datetime) -> None:
        async with self._database.write() as session:
            due = CaseRow.id == case.id, CaseRow.state == "queued", CaseRow.reminded_at.is_(None)
            won = await session.execute(update(CaseRow).where(*due).values(reminded_at=now))
            if won.rowcount:  # type: ignore[attr-defined]
                await self._mailing.reminder(session, case, now)
        self._notifier.tell(DESK)
