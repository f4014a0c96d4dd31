"""The tables of Telegram: whose chat a conversation is, updates that wait, and one-time links into a conversation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.tables import Base, Moment, Number


class TelegramChatRow(Base):
    """A conversation that is, or was, held in a Telegram chat. A chat has one that is current."""

    __tablename__ = "telegram_chats"
    __table_args__ = (
        Index(
            "one_current_conversation",
            "chat_id",
            unique=True,
            sqlite_where=text("current = 1"),
            postgresql_where=text("current"),
        ),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    """The number of the person in Telegram: all that is kept of them."""
    current: Mapped[bool] = mapped_column(default=True)
    delivered_to: Mapped[int] = mapped_column(Number, default=0)
    """Id of the last message that was sent into the chat, or need not be."""
    parts_sent: Mapped[int] = mapped_column(default=0)
    """How many parts of the message after that one have been sent, when it is a long one."""
    blocked: Mapped[bool] = mapped_column(default=False)
    """Whether the person has blocked the bot, or is gone."""


class TelegramUpdateRow(Base):
    """An update of Telegram: stored before it is acknowledged, emptied when it has been handled.

    The empty row stays for two days (Telegram repeats updates for one), so that nothing is handled twice.
    """

    __tablename__ = "telegram_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What of the update is needed (bot/channels/telegram/incoming.py)."""
    arrived_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class ChannelLinkRow(Base):
    """A link by which a conversation is continued at another channel: once, and soon."""

    __tablename__ = "channel_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
