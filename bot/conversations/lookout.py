"""Looks for what other processes have stored, and wakes the event streams that wait for it.

One look for all streams of the process: with hundreds of them, each looking by itself would keep the service busy.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import func, select

from bot.conversations.database import OUTAGE, Database
from bot.conversations.tables import ConversationRow, MessageRow
from bot.notify import Notifier

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""So many conversations are asked for in one statement."""


class Lookout:
    """Runs in every process of the service that has streams."""

    def __init__(self, database: Database, notifier: Notifier, seconds: float) -> None:
        self._database = database
        self._notifier = notifier
        self._seconds = seconds
        self._seen: dict[str, int | None] = {}
        """The last message of each conversation that was listened to at the last look."""

    async def follow(self) -> None:
        """Look again and again, for ever. An outage of the database is waited out."""
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except OUTAGE as error:
                log.warning("lookout.outage", problem=type(error).__name__)

    async def look(self) -> None:
        """Once: wake the streams of conversations that have a new message, that are new here, or that were erased."""
        listened = self._notifier.listened()
        last: dict[str, int | None] = {}
        for start in range(0, len(listened), AT_ONCE):
            last |= await self._last_messages(listened[start : start + AT_ONCE])
        for conversation_id in listened:
            if conversation_id not in last or last[conversation_id] != self._seen.get(conversation_id, 0):
                self._notifier.tell(conversation_id)
        self._seen = last

    async def _last_messages(self, conversations: list[str]) -> dict[str, int | None]:
        """The id of the last message of each conversation that exists."""
        newest = select(func.max(MessageRow.id)).where(MessageRow.conversation_id == ConversationRow.id).scalar_subquery()
        async with self._database.session() as session:
            rows = await session.execute(select(ConversationRow.id, newest).where(ConversationRow.id.in_(conversations)))
            return dict(rows.all())
