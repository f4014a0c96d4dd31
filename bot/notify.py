"""Wakes the event streams of a conversation when something new is stored."""

from __future__ import annotations

import asyncio
from collections import defaultdict

DESK = "desk"
"""What the streams of the desk listen to: something happened to a case, or in a conversation that has one."""


class Notifier:
    """Within one process. What other processes have stored is found by ``bot/conversations/lookout.py``."""

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def tell(self, conversation_id: str) -> None:
        """Wake everyone who listens to the conversation."""
        for event in self._listening.get(conversation_id, ()):
            event.set()

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Return when something is new, or after ``seconds``; whether there is something new."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        told = event.is_set()
        event.clear()
        return told

    def listened(self) -> list[str]:
        """The conversations to which somebody listens."""
        return [key for key in self._listening if key != DESK]

    def listen(self, conversation_id: str) -> asyncio.Event:
        """Begin to listen; what is told from now on sets the event."""
        event = asyncio.Event()
        self._listening[conversation_id].add(event)
        return event

    def leave(self, conversation_id: str, event: asyncio.Event) -> None:
        """Stop listening."""
        self._listening[conversation_id].discard(event)
        if not self._listening[conversation_id]:
            del self._listening[conversation_id]
