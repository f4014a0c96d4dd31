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

    async def follow(self) -> None:
        """Look again and again, for ever. An outage of the database is waited out."""
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except OUTAGE as error:
                log.warning("lookout.outage", problem=type(error).__name__)

    async def look(self) -> None:
        """Once: wake the streams of conversations that have messages that were not told yet, or that were erased."""
        told = self._notifier.told()
        streamed = list(told)
        for start in range(0, len(streamed), AT_ONCE):
            conversations = streamed[start : start + AT_ONCE]
            last = await self._last_messages(conversations)
            for conversation_id in conversations:
                if conversation_id not in last or last[conversation_id] > told[conversation_id]:
                    self._notifier.tell(conversation_id)

    async def _last_messages(self, conversations: list[str]) -> dict[str, int]:
        """The id of the last message of each conversation that exists, 0 where there is none."""
        newest = select(func.max(MessageRow.id)).where(MessageRow.conversation_id == ConversationRow.id).scalar_subquery()
        found = select(ConversationRow.id, func.coalesce(newest, 0)).where(ConversationRow.id.in_(conversations))
        async with self._database.session() as session:
            return dict((await session.execute(found)).all())
