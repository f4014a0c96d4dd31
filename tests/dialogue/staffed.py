"""The service with a desk at which somebody always is: ``python -m tests.dialogue.staffed``."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Conversation
from bot.handoff.draft import EXPERT_DESK, Possible
from bot.serve import serve_both
from bot.settings import read_settings

SLOTS = [dt.datetime(2030, 1, 7, 7, 0, tzinfo=dt.UTC), dt.datetime(2030, 1, 7, 7, 30, tzinfo=dt.UTC)]


class StaffedDesk:
    """Every way is possible; the counsellor of Lieksa has a desk of their own, and nobody works at that of Heinävesi."""

    async def possible_in(
        self, session: AsyncSession, conversation: Conversation, topic: str | None, now: dt.datetime
    ) -> Possible:
        if conversation.municipality == "heinavesi":
            return Possible(desk="heinavesi", ways=[])
        desk = "lieksa" if conversation.municipality == "lieksa" else EXPERT_DESK
        return Possible(
            desk=desk, ways=["chat", "callback", "appointment", "question"], present=True, queue=2, slots=SLOTS, minutes=30
        )


if __name__ == "__main__":
    serve_both(read_settings(), StaffedDesk())
