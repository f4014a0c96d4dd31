"""Whose chat a conversation is, and how far it has been delivered. Every method is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.links import follow_link, use_up
from bot.channels.telegram.tables import TelegramChatRow
from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore, conversation_of, message_of
from bot.conversations.tables import ConversationRow, MessageRow
from bot.handoff.tables import OPEN_STATES, CaseRow
from bot.messages import Message

TELEGRAM = "telegram"

UNREAD_WHEN_BACK = ("expert", "system")
"""Whose messages somebody who comes back from the web may have missed. What the guide replied there was read there."""


class LinkExpired(Exception):
    """The link was used before, is older than it may be, or never was one."""


class CaseIsOpen(Exception):
    """The chat has a conversation with an open case, which would have nobody to be answered to."""


@dataclass(frozen=True)
class Due:
    """The next message to be delivered, and how many parts of it have been."""

    message: Message
    language: str | None
    parts_sent: int


class Chats:
    """All that is kept of chats."""

    def __init__(self, database: Database, store: ConversationStore, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._store = store
        self._now = now

    async def conversation(self, chat_id: int) -> Conversation | None:
        """The conversation that is held in the chat of somebody who has just written: they have not blocked the bot."""
        query = (
            select(ConversationRow, TelegramChatRow.blocked)
            .join(TelegramChatRow, TelegramChatRow.conversation_id == ConversationRow.id)
            .where(TelegramChatRow.chat_id == chat_id, TelegramChatRow.current)
        )
        async with self._database.session() as session:
            found = (await session.execute(query)).first()
        if found is None:
            return None
        if found[1]:
            await self.mark_blocked(chat_id, False)
        return conversation_of(found[0])

    async def begin(self, chat_id: int, conversation: Conversation, greeting: Sequence[Message]) -> None:
        """Store a new conversation of the chat."""
        await self._store.create(conversation, greeting, partial(_hold, chat_id, conversation.id))

    async def all_of(self, chat_id: int) -> list[str]:
        """The conversations that are and were held in the chat, the current one first."""
        query = select(TelegramChatRow.conversation_id).where(TelegramChatRow.chat_id == chat_id)
        async with self._database.session() as session:
            return list(await session.scalars(query.order_by(TelegramChatRow.current.desc())))

    async def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message of the conversation that is held in the chat."""
        of_chat = (
            select(TelegramChatRow.conversation_id)
            .where(TelegramChatRow.chat_id == chat_id, TelegramChatRow.current)
            .scalar_subquery()
        )
        query = select(MessageRow).where(MessageRow.id == message_id, MessageRow.conversation_id == of_chat)
        async with self._database.session() as session:
            row = await session.scalar(query)
        return message_of(row) if row is not None else None

    async def last_words(self, conversation_id: str) -> str:
        """What the newcomer wrote last."""
        async with self._database.session() as session:
            row = await session.scalar(_last_of_newcomer(conversation_id))
        return message_of(row).text if row is not None else ""

    async def come_back(self, conversation_id: str) -> None:
        """The person was on the web and writes here again: what they may have missed is delivered, nothing else twice."""
        async with self._database.write() as session:
            row = await session.get_one(TelegramChatRow, conversation_id)
            last = await session.scalar(_last_of_newcomer(conversation_id))
            later = MessageRow.conversation_id == conversation_id, MessageRow.id > max(row.delivered_to, last.id if last else 0)
            missed = await session.scalar(select(func.min(MessageRow.id)).where(*later, MessageRow.sender.in_(UNREAD_WHEN_BACK)))
            newest = await session.scalar(select(func.max(MessageRow.id)).where(MessageRow.conversation_id == conversation_id))
            to = missed - 1 if missed is not None else newest or 0
            if to > row.delivered_to:
                row.delivered_to, row.parts_sent = to, 0
            await _move(session, conversation_id)

    async def take_over(self, chat_id: int, token: str) -> str:
        """Hold the conversation of a one-time link in this chat; returns its id. Raises ``LinkExpired``, ``CaseIsOpen``.

        From the reply to the newcomer's last words on it is shown here, so that buttons that wait can be pressed.
        """
        async with self._database.write() as session:
            conversation_id = await follow_link(session, token, self._now())
            if conversation_id is None:
                raise LinkExpired
            before = await session.scalar(_current(chat_id))
            if before is not None and before.conversation_id != conversation_id:
                if await session.scalar(
                    select(CaseRow.id).where(CaseRow.conversation_id == before.conversation_id, CaseRow.state.in_(OPEN_STATES))
                ):
                    raise CaseIsOpen
                before.current = False
                await session.flush()
            await use_up(session, token)
            row = await session.get(TelegramChatRow, conversation_id)
            last = await session.scalar(_last_of_newcomer(conversation_id))
            shown_to = last.id if last else 0
            if row is None:
                row = TelegramChatRow(conversation_id=conversation_id, chat_id=chat_id)
                session.add(row)
            row.chat_id, row.current, row.blocked = chat_id, True, False
            row.delivered_to, row.parts_sent = shown_to, 0
            await _move(session, conversation_id)
            return conversation_id

    async def mark_blocked(self, chat_id: int, blocked: bool) -> None:
        """Keep whether the person can be written to."""
        async with self._database.write() as session:
            await session.execute(update(TelegramChatRow).where(TelegramChatRow.chat_id == chat_id).values(blocked=blocked))

    async def due(self, conversations: Sequence[str] | None) -> list[tuple[str, int]]:
        """Conversations, of these or of all, that have something to deliver, with their chats."""
        waiting = exists().where(
            MessageRow.conversation_id == TelegramChatRow.conversation_id,
            MessageRow.id > TelegramChatRow.delivered_to,
            MessageRow.sender != "newcomer",
        )
        query = (
            select(TelegramChatRow.conversation_id, TelegramChatRow.chat_id)
            .join(ConversationRow, ConversationRow.id == TelegramChatRow.conversation_id)
            .where(TelegramChatRow.current, ~TelegramChatRow.blocked, ConversationRow.channel == TELEGRAM, waiting)
        )
        if conversations is not None:
            query = query.where(TelegramChatRow.conversation_id.in_(conversations))
        async with self._database.session() as session:
            return [(conversation_id, chat_id) for conversation_id, chat_id in (await session.execute(query)).all()]

    async def next_due(self, conversation_id: str, chat_id: int) -> Due | None:
        """The next message that the person in the chat has not seen, if they are to see it here."""
        async with self._database.session() as session:
            return await _next_due(session, conversation_id, chat_id)

    async def sent(self, conversation_id: str, chat_id: int, due: Due, parts: int, of: int) -> Due | None:
        """So many parts of the message have arrived: with the last of them the message has. Then gives the next one."""
        values = {"parts_sent": parts} if parts < of else {"parts_sent": 0, "delivered_to": due.message.id}
        async with self._database.write() as session:
            await session.execute(
                update(TelegramChatRow)
                .where(TelegramChatRow.conversation_id == conversation_id, TelegramChatRow.delivered_to < due.message.id)
                .values(**values)
            )
            return await _next_due(session, conversation_id, chat_id) if parts >= of else None


async def _next_due(session: AsyncSession, conversation_id: str, chat_id: int) -> Due | None:
    query = (
        select(MessageRow, ConversationRow.language, TelegramChatRow.parts_sent)
        .join(TelegramChatRow, TelegramChatRow.conversation_id == MessageRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
        .where(
            MessageRow.conversation_id == conversation_id,
            TelegramChatRow.chat_id == chat_id,
            TelegramChatRow.current,
            ~TelegramChatRow.blocked,
            ConversationRow.channel == TELEGRAM,
            MessageRow.id > TelegramChatRow.delivered_to,
            MessageRow.sender != "newcomer",
        )
        .order_by(MessageRow.id)
        .limit(1)
    )
    found = (await session.execute(query)).first()
    return Due(message_of(found[0]), found[1], found[2]) if found else None


def _current(chat_id: int) -> Select[TelegramChatRow]:
    return select(TelegramChatRow).where(TelegramChatRow.chat_id == chat_id, TelegramChatRow.current)


def _last_of_newcomer(conversation_id: str) -> Select[MessageRow]:
    of_it = MessageRow.conversation_id == conversation_id, MessageRow.sender == "newcomer"
    return select(MessageRow).where(*of_it).order_by(MessageRow.id.desc()).limit(1)


async def _hold(chat_id: int, conversation_id: str, session: AsyncSession) -> list[Message]:
    session.add(TelegramChatRow(conversation_id=conversation_id, chat_id=chat_id))
    return []


async def _move(session: AsyncSession, conversation_id: str) -> None:
    await session.execute(update(ConversationRow).where(ConversationRow.id == conversation_id).values(channel=TELEGRAM))
