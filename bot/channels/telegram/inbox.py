"""Updates that wait to be handled. Each is stored before Telegram is told that it came, and is handled once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.tables import TelegramUpdateRow
from bot.conversations.database import Database

MOST_WAITING = 100
"""Updates of one chat that may wait. What comes on top of them is not read, and the person is told so."""


class Inbox:
    """The stored updates, in the order in which Telegram numbered them."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._now = now

    async def put(self, came: Sequence[Incoming]) -> tuple[set[int], set[int]]:
        """Store what has not come before: the chats that have something to do, and those of which too much came.

        Raises the errors of ``OUTAGE``; then nothing is stored, and Telegram is to send it again.
        """
        news: set[int] = set()
        too_many: set[int] = set()
        if not came:
            return news, too_many
        async with self._database.write() as session:
            insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
            waiting = Counter(await self._waiting_in(session, {each.chat_id for each in came}))
            for each in came:
                full = waiting[each.chat_id] >= MOST_WAITING
                values = {
                    "update_id": each.update_id,
                    "chat_id": None if full else each.chat_id,
                    "body": None if full else each.model_dump(exclude={"update_id", "chat_id"}, exclude_defaults=True),
                    "arrived_at": self._now(),
                }
                statement = (
                    insert(TelegramUpdateRow).values(values).on_conflict_do_nothing().returning(TelegramUpdateRow.update_id)
                )
                if (await session.execute(statement)).scalar_one_or_none() is not None:
                    waiting[each.chat_id] += 1
                    (too_many if full else news).add(each.chat_id)
        return news, too_many

    async def next(self, chat_id: int) -> Incoming | None:
        """The oldest update of a chat that has not been handled."""
        async with self._database.session() as session:
            return await _next(session, chat_id)

    async def done(self, incoming: Incoming) -> Incoming | None:
        """The update has been handled: nothing but its number stays. Gives the next one of the chat."""
        handled = TelegramUpdateRow.update_id == incoming.update_id
        async with self._database.write() as session:
            await session.execute(update(TelegramUpdateRow).where(handled).values(chat_id=None, body=None))
            return await _next(session, incoming.chat_id)

    async def chats(self) -> list[int]:
        """The chats that have updates to be handled."""
        async with self._database.session() as session:
            query = select(TelegramUpdateRow.chat_id).where(TelegramUpdateRow.chat_id.is_not(None)).distinct()
            return [chat for chat in await session.scalars(query) if chat is not None]

    async def _waiting_in(self, session: AsyncSession, chats: set[int]) -> dict[int, int]:
        query = (
            select(TelegramUpdateRow.chat_id, func.count())
            .where(TelegramUpdateRow.chat_id.in_(chats))
            .group_by(TelegramUpdateRow.chat_id)
        )
        return {chat: count for chat, count in (await session.execute(query)).all() if chat is not None}


async def _next(session: AsyncSession, chat_id: int) -> Incoming | None:
    of_chat = TelegramUpdateRow.chat_id == chat_id
    row = await session.scalar(select(TelegramUpdateRow).where(of_chat).order_by(TelegramUpdateRow.update_id).limit(1))
    if row is None:
        return None
    return Incoming.model_validate({**(row.body or {}), "update_id": row.update_id, "chat_id": chat_id})
