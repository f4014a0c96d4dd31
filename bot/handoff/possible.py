"""What a newcomer can be offered at this moment."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from bot.conversation import Conversation
from bot.handoff.draft import EXPERT_DESK, Possible


class HandoffDesk(Protocol):
    """What a turn asks of the hand-off."""

    async def possible(self, conversation: Conversation, topic: str | None, now: dt.datetime) -> Possible:
        """What can be offered now about ``topic``."""


class NoDesk:
    """Nobody works at any desk: there is only the contact card."""

    async def possible(self, conversation: Conversation, topic: str | None, now: dt.datetime) -> Possible:
        return Possible(desk=EXPERT_DESK, ways=[])
