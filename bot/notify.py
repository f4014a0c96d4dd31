"""Wakes the event streams of a conversation when something new is stored."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

DESK = "desk"
"""What the streams of the desk listen to: something happened to a case, or in a conversation that has one."""


class News(asyncio.Event):
    """Is set when something is new. ``up_to`` is the last message that its stream has told, for a stream of messages."""

    up_to: int | None = None


class Notifier:
    """Within one process. What other processes have stored is found by ``bot/conversations/lookout.py``."""

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[News]] = defaultdict(set)
        self.watchers: list[Callable[[str], None]] = []
        """Called with the id of every conversation that is told of."""

    def tell(self, conversation_id: str) -> None:
        """Wake everyone who listens to the conversation."""
        for event in self._listening.get(conversation_id, ()):
            event.set()
        for watcher in self.watchers:
            watcher(conversation_id)

    async def wait(self, event: News, seconds: float) -> bool:
        """Return when something is new, or after ``seconds``; whether there is something new."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        told = event.is_set()
        event.clear()
        return told

    def told(self) -> dict[str, int]:
        """The conversations whose messages are streamed, with the last message that every stream of it has told."""
        told = {key: [each.up_to for each in events if each.up_to is not None] for key, events in self._listening.items()}
        return {key: min(ids) for key, ids in told.items() if ids}

    def listen(self, conversation_id: str) -> News:
        """Begin to listen; what is told from now on sets the event."""
        event = News()
        self._listening[conversation_id].add(event)
        return event

    def leave(self, conversation_id: str, event: News) -> None:
        """Stop listening."""
        self._listening[conversation_id].discard(event)
        if not self._listening[conversation_id]:
            del self._listening[conversation_id]
