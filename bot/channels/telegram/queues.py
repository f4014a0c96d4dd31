"""A queue for each chat: its updates are handled one after the other, and nobody waits for another person's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.sending import FIRST_PAUSE, LONGEST_PAUSE, Pause
from bot.channels.web.limits import RateLimit
from bot.conversations.database import OUTAGE

log = structlog.get_logger(__name__)

Handle = Callable[[Incoming], Awaitable[None]]

TRIES = 3
"""An update at which the guide itself fails so often is given up, and the person is told."""


class Queues:
    """Works off the inbox."""

    def __init__(self, inbox: Inbox, handle: Handle, give_up: Handle, rate_limit: RateLimit, pause: Pause) -> None:
        self._inbox = inbox
        self._handle = handle
        self._give_up = give_up
        self._rate_limit = rate_limit
        self._pause = pause
        self._running: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()

    def wake(self, chats: Iterable[int]) -> None:
        """The chats have updates to be handled."""
        for chat_id in chats:
            if chat_id in self._running:
                self._again.add(chat_id)
            else:
                self._running[chat_id] = asyncio.create_task(self._work(chat_id))

    async def stop(self) -> None:
        """Leave what is not done to the next start."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _work(self, chat_id: int) -> None:
        try:
            pause = FIRST_PAUSE
            while True:
                try:
                    incoming = await self._inbox.next(chat_id)
                    while incoming is not None:
                        await self._wait_for_room(chat_id)
                        await self._handle_one(incoming)
                        incoming = await self._inbox.done(incoming)
                        pause = FIRST_PAUSE
                    return
                except OUTAGE as error:
                    log.warning("telegram.no_database", problem=type(error).__name__)
                    await self._pause(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            del self._running[chat_id]
            if chat_id in self._again:
                self._again.discard(chat_id)
                self.wake([chat_id])

    async def _handle_one(self, incoming: Incoming) -> None:
        for tries in range(1, TRIES + 1):
            try:
                await self._handle(incoming)
                return
            except OUTAGE:
                raise
            except Exception:
                log.exception("telegram.update_failed", kind=incoming.kind, tries=tries)
        await self._give_up(incoming)

    async def _wait_for_room(self, chat_id: int) -> None:
        """As many messages in a minute as on the web; the others wait, and none is lost."""
        while seconds := await self._rate_limit.seconds_to_wait("telegram", str(chat_id)):
            await self._pause(seconds)
