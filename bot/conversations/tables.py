"""The tables. Migrations in ``bot/conversations/migrations`` bring a database to this shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, Integer, String, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

IS_MISSED, IS_JUDGED = "missed_question IS NOT NULL", "helped IS NOT NULL"
"""Of the few turns among many that curation reads."""

Number = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[dt.datetime]):
    """A moment with its time zone, kept as UTC. SQLite forgets zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """Base of all tables."""


class ConversationRow(Base):
    """One conversation. ``state`` is what the next turn must know of the turns before (bot/conversation.py)."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(8))
    municipality: Mapped[str | None] = mapped_column(String(40))
    audience: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class MessageRow(Base):
    """One message. ``body`` is the message as the API shows it, without id and time."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id", name="one_turn_per_client_id"),
        Index("messages_of_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    sender: Mapped[str] = mapped_column(String(10))
    status: Mapped[str | None] = mapped_column(String(20))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    client_id: Mapped[str | None] = mapped_column(String(64))
    reply_to: Mapped[int | None] = mapped_column(Number)
    turn_ended: Mapped[bool | None] = mapped_column()


class FeedbackRow(Base):
    """Whether an answer helped, and the reason when it did not."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[str] = mapped_column(String(80))
    helped: Mapped[bool] = mapped_column()
    reason: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(Moment)


class TurnRow(Base):
    """What a turn came to, for statistics. Holds no words of the newcomer but, masked, those of a question that was missed."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("missed_turns", "at", sqlite_where=text(IS_MISSED), postgresql_where=text(IS_MISSED)),
        Index("judged_turns", "answer_id", "at", sqlite_where=text(IS_JUDGED), postgresql_where=text(IS_JUDGED)),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    channel: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str | None] = mapped_column(String(80))
    answer_id: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str | None] = mapped_column(String(8))
    municipality: Mapped[str | None] = mapped_column(String(40))
    audience: Mapped[str | None] = mapped_column(String(20))
    expert_reason: Mapped[str | None] = mapped_column(String(20))
    missed_question: Mapped[str | None] = mapped_column(Text)
    """Of a question that was not answered, or offered a choice from which nothing was chosen; in a turn of feedback, of the
    question whose answer did not help."""
    helped: Mapped[bool | None] = mapped_column()
    """What the newcomer said of the answer ``answer_id``, in a turn of feedback. Stays when the conversation is deleted."""
    took_ms: Mapped[float] = mapped_column()
