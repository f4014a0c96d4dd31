"""One-time links from the web into Telegram."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.tables import ChannelLinkRow

VALID_FOR = dt.timedelta(minutes=10)


async def make_link(session: AsyncSession, conversation_id: str, now: dt.datetime) -> str:
    """A token for ``/start``, which is not stored itself. Links of the conversation that were made before end."""
    token = secrets.token_urlsafe(24)
    await session.execute(delete(ChannelLinkRow).where(ChannelLinkRow.conversation_id == conversation_id))
    session.add(ChannelLinkRow(token_hash=_hash(token), conversation_id=conversation_id, made_at=now))
    await session.flush()
    return token


async def follow_link(session: AsyncSession, token: str, now: dt.datetime) -> str | None:
    """The conversation of a link that still holds, locked until the transaction ends; None otherwise."""
    query = select(ChannelLinkRow).where(ChannelLinkRow.token_hash == _hash(token), ChannelLinkRow.made_at > now - VALID_FOR)
    row = await session.scalar(query.with_for_update())
    return row.conversation_id if row else None


async def use_up(session: AsyncSession, token: str) -> None:
    """The link has led to its conversation, and does not do so again."""
    await session.execute(delete(ChannelLinkRow).where(ChannelLinkRow.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
