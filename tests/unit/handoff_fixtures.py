"""A database with a case in it, for tests of the hand-off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import ConversationRow
from bot.handoff.tables import CaseRow

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)


async def store_case(session: AsyncSession, conversation: str = "case-1", **changed: Any) -> CaseRow:
    """Write a conversation and its case; what is not given is made up."""
    session.add(
        ConversationRow(
            id=conversation, token_hash="x", channel="web", owner="human", language="en", state={}, created_at=NOW, last_at=NOW
        )
    )
    await session.flush()
    details = {
        "conversation_id": conversation,
        "channel": "web",
        "state": "queued",
        "way": "appointment",
        "desk": "expert",
        "matter": "Why was my application for a secret reason refused?",
        "language": "en",
        "phone": "+358401234567",
        "email": "asker@example.com",
        "summary": {},
        "consented_at": NOW,
        "created_at": NOW,
        "figures_id": f"figures-{conversation}",
    }
    case = CaseRow(**{**details, **changed})
    session.add(case)
    await session.flush()
    return case
