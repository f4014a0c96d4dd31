"""Reads and writes conversations. Every method is one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Conversation, State
from bot.conversations.database import Database
from bot.conversations.tables import ConversationRow, FeedbackRow, MessageRow, TurnRow
from bot.handoff.tables import ConversationKeyRow
from bot.messages import Message
from bot.status import Status

STORED_APART = {"id", "at", "sender", "status", "client_id", "reply_to"}

Also = Callable[[AsyncSession], Awaitable[list[Message]]]
"""What else is to be done when a turn ends, in the same transaction."""


BeforeErase = Callable[[AsyncSession, str], Awaitable[None]]
"""What else is to be done when a conversation is erased. Takes the transaction and the conversation's id."""


class UnknownConversation(Exception):
    """There is no such conversation, or it was erased."""


class WrongToken(Exception):
    """The token does not belong to the conversation."""


class ConversationStore:
    """All that the service keeps of conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.before_erase: list[BeforeErase] = []
        """Called in the transaction that erases, while everything of the conversation is still there."""

    async def create(
        self, conversation: Conversation, greeting: Sequence[Message], also: Also | None = None
    ) -> tuple[str, list[Message]]:
        """Store a new conversation; returns its token, which is not stored, and the stored messages.

        ``also`` does more in the same transaction, and gives messages to add after the greeting.
        """
        token = secrets.token_urlsafe(24)
        async with self._database.write() as session:
            session.add(
                ConversationRow(
                    id=conversation.id,
                    token_hash=_hash(token),
                    channel=conversation.channel,
                    owner=conversation.owner,
                    language=conversation.language,
                    municipality=conversation.municipality,
                    audience=conversation.audience,
                    state=conversation.state.model_dump(),
                    created_at=conversation.created_at,
                    last_at=conversation.last_at,
                )
            )
            await session.flush()
            messages = [*greeting, *(await also(session) if also is not None else [])]
            rows = [_row(conversation.id, message) for message in messages]
            session.add_all(rows)
            await session.flush()
            return token, [message_of(row) for row in rows]

    async def read(self, conversation_id: str, token: str) -> Conversation:
        """The conversation, for whoever has its token. Raises ``UnknownConversation`` or ``WrongToken``."""
        row = await self._found(conversation_id)
        if not hmac.compare_digest(row.token_hash, _hash(token)) and not await self._is_further_key(conversation_id, token):
            raise WrongToken(conversation_id)
        return conversation_of(row)

    async def find(self, conversation_id: str) -> Conversation:
        """The conversation, for a channel that knows its person by other means. Raises ``UnknownConversation``."""
        return conversation_of(await self._found(conversation_id))

    async def move(self, conversation_id: str, channel: str) -> None:
        """Keep at which channel the person was last: there messages reach them."""
        async with self._database.write() as session:
            await session.execute(update(ConversationRow).where(ConversationRow.id == conversation_id).values(channel=channel))

    async def _found(self, conversation_id: str) -> ConversationRow:
        if "\x00" in conversation_id:  # PostgreSQL cannot even look for it
            raise UnknownConversation(conversation_id)
        async with self._database.session() as session:
            row = await session.get(ConversationRow, conversation_id)
        if row is None:
            raise UnknownConversation(conversation_id)
        return row

    async def _is_further_key(self, conversation_id: str, token: str) -> bool:
        async with self._database.session() as session:
            key = await session.get(ConversationKeyRow, _hash(token))
        return key is not None and key.conversation_id == conversation_id

    async def receive(self, conversation_id: str, message: Message) -> tuple[Message, bool]:
        """Store a newcomer's message once; returns it with its id, and whether its turn has ended already.

        A client id that was seen before gives back the message stored then.
        """
        try:
            async with self._database.write() as session:
                row = _row(conversation_id, message)
                row.turn_ended = False
                session.add(row)
                await session.flush()
                return message_of(row), False
        except IntegrityError:
            async with self._database.session() as session:
                found = await session.scalar(
                    select(MessageRow).where(
                        MessageRow.conversation_id == conversation_id, MessageRow.client_id == message.client_id
                    )
                )
            if found is None:
                raise UnknownConversation(conversation_id) from None
            return message_of(found), bool(found.turn_ended)

    async def end_turn(
        self,
        conversation: Conversation,
        received: Message,
        replies: Sequence[Message],
        statistics: TurnRow,
        also: Also | None = None,
        *,
        settles: int | None = None,
    ) -> list[Message]:
        """Store the replies, the conversation's new state, what the turn came to, and that it has ended, all at once.

        When a human has taken the conversation since the turn began, the bot's replies are dropped: while a human owns it, the
        bot is silent. ``also`` does more in the same transaction, such as beginning a case, and gives messages to add.
        ``settles`` is the row of the question for which an answer was chosen now: it is not missed, so its words go.
        """
        async with self._database.write() as session:
            # The write comes first: from here on nobody else can change the owner (SQLite), or the row is locked (PostgreSQL).
            await session.execute(update(MessageRow).where(MessageRow.id == received.id).values(turn_ended=True))
            owner = await owner_now(session, conversation.id)
            kept = [reply.model_copy(update={"reply_to": received.id}) for reply in as_owned(replies, owner)]
            if len(kept) < len(replies):
                statistics.status = Status.human
            if also is not None and owner == "bot":
                kept += await also(session)
            rows = [_row(conversation.id, reply) for reply in kept]
            session.add_all([*rows, statistics])
            if settles is not None:
                await session.execute(update(TurnRow).where(TurnRow.id == settles).values(missed_question=None))
            if statistics.status == Status.clarify and statistics.missed_question:
                await session.flush()
                conversation.state.open_choice = statistics.id
            await session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation.id)
                .values(
                    language=conversation.language,
                    municipality=conversation.municipality,
                    audience=conversation.audience,
                    state=conversation.state.model_dump(),
                    last_at=conversation.last_at,
                )
            )
            await session.flush()
            return [message_of(row) for row in rows]

    async def messages(self, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
        """The messages with an id above ``after``, oldest first, at most ``limit``."""
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.id > after)
            .order_by(MessageRow.id)
            .limit(limit)
        )
        async with self._database.session() as session:
            return [message_of(row) for row in await session.scalars(query)]

    async def replies(self, conversation_id: str, received_id: int) -> list[Message]:
        """The replies to one message, oldest first."""
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.reply_to == received_id)
            .order_by(MessageRow.id)
        )
        async with self._database.session() as session:
            return [message_of(row) for row in await session.scalars(query)]

    async def keep_feedback(
        self, conversation_id: str, answer_id: str, helped: bool, reason: str | None, words: str | None, at: dt.datetime
    ) -> None:
        """Store whether an answer helped."""
        async with self._database.write() as session:
            session.add(
                FeedbackRow(
                    conversation_id=conversation_id, answer_id=answer_id, helped=helped, reason=reason, words=words, at=at
                )
            )

    async def erase(self, conversation_id: str, *, quiet_since: dt.datetime | None = None) -> bool:
        """Delete a conversation with all that belongs to it, by foreign keys that cascade; returns whether it did.

        With ``quiet_since`` only when nothing was written in it since.
        """
        found = select(ConversationRow.id).where(ConversationRow.id == conversation_id)
        if quiet_since is not None:
            of_it = MessageRow.conversation_id == conversation_id
            found = found.where(ConversationRow.last_at < quiet_since, ~exists().where(of_it, MessageRow.at >= quiet_since))
        async with self._database.write() as session:
            if await session.scalar(found.with_for_update()) is None:
                return False
            for hook in self.before_erase:
                await hook(session, conversation_id)
            await session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))
            return True


async def owner_now(session: AsyncSession, conversation_id: str) -> str | None:
    """Who may speak, with the conversation locked until the transaction ends; None when it was erased meanwhile."""
    return await session.scalar(select(ConversationRow.owner).where(ConversationRow.id == conversation_id).with_for_update())


def as_owned(replies: Sequence[Message], owner: str | None) -> list[Message]:
    """What of the replies may be said. Help numbers are always given: by the system when a human owns the conversation."""
    if owner != "human":
        return list(replies)
    emergencies = [reply for reply in replies if reply.kind == "emergency"]
    return [reply.model_copy(update={"sender": "system"}) for reply in emergencies]


async def add_message(session: AsyncSession, conversation_id: str, message: Message) -> Message:
    """Store one message in a transaction that is open; returns it with its id."""
    row = _row(conversation_id, message)
    session.add(row)
    await session.flush()
    return message_of(row)


def new_conversation_id() -> str:
    """An id that cannot be guessed."""
    return secrets.token_hex(12)


async def make_key(session: AsyncSession, conversation_id: str, at: dt.datetime) -> str:
    """A further token of the conversation, for a private link; like the first it is not stored."""
    token = secrets.token_urlsafe(24)
    session.add(ConversationKeyRow(token_hash=_hash(token), conversation_id=conversation_id, made_at=at))
    await session.flush()
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def conversation_of(row: ConversationRow) -> Conversation:
    """The conversation as a turn sees it."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        owner="human" if row.owner == "human" else "bot",
        language=row.language,
        municipality=row.municipality,
        audience=row.audience,
        state=State.model_validate(row.state),
        created_at=row.created_at,
        last_at=row.last_at,
    )


def _row(conversation_id: str, message: Message) -> MessageRow:
    return MessageRow(
        conversation_id=conversation_id,
        at=message.at,
        sender=message.sender,
        status=message.status,
        body=message.model_dump(mode="json", exclude=STORED_APART),
        client_id=message.client_id,
        reply_to=message.reply_to,
    )


def message_of(row: MessageRow) -> Message:
    """The message as it is shown."""
    return Message.model_validate(
        {
            **row.body,
            "id": row.id,
            "at": row.at,
            "sender": row.sender,
            "status": row.status,
            "client_id": row.client_id,
            "reply_to": row.reply_to,
        }
    )
