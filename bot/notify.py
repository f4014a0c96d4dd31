"""Wakes the event streams of a conversation when something new is stored."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

DESK = "desk"
"""What the streams of the desk listen to: something happened to a case, or in a conversation that has one."""


class Notifier:
    """Within one process. Streams look into the database now and then too, for what other processes have stored."""

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.watchers: list[Callable[[str], None]] = []
        """Called with the id of every conversation that is told of."""

    def tell(self, conversation_id: str) -> None:
        """Wake everyone who listens to the conversation."""
        for event in self._listening.get(conversation_id, ()):
            event.set()
        for watcher in self.watchers:
            watcher(conversation_id)

    async def wait(self, conversation_id: str, event: asyncio.Event, seconds: float) -> None:
        """Return when something is new, or after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        event.clear()

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
