"""Delivers what the database says a person has not seen yet, in its order.

How far a chat has got is stored after each part that Telegram has taken. So a crash loses nothing, and at most the one part that
was on its way then comes twice; likewise when the network breaks before Telegram's answer is heard.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.channels.telegram.chats import Chats, Due
from bot.channels.telegram.lines import parts_of
from bot.channels.telegram.sending import FIRST_PAUSE, Gone, Pause, Refused, Sender
from bot.channels.telegram.shown import Part, shown
from bot.channels.telegram.styled import bare
from bot.conversations.database import OUTAGE

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 5.0
"""The database is looked into so often even when nobody told of news: another process may have stored some."""

MOST_NAMED = 500
"""Conversations in one look. After more news than that all chats are looked at."""


class Courier:
    """One for all chats. Chats do not wait for each other; within one, messages keep their order."""

    def __init__(self, chats: Chats, sender: Sender, pause: Pause) -> None:
        self._chats = chats
        self._sender = sender
        self._pause = pause
        self._news: set[str] = set()
        self._wake = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: defaultdict[int, int] = defaultdict(int)
        self._stopping = False

    def hear(self, conversation_id: str) -> None:
        """Something new was stored in the conversation."""
        self._news.add(conversation_id)
        self._wake.set()

    async def follow(self) -> None:
        """Deliver, for ever. An outage of the database is waited out."""
        look_at: list[str] | None = None  # everything that a run before this one has left
        while True:
            try:
                for conversation_id, chat_id in await self._chats.due(look_at):
                    self._start(conversation_id, chat_id)
            except OUTAGE as error:
                log.warning("telegram.no_database", problem=type(error).__name__)
                await self._pause(FIRST_PAUSE)
                self._news.clear()
                look_at = None
                continue
            look_at = await self._hear_of_news()

    async def say(self, chat_id: int, conversation_id: str | None, parts: list[Part]) -> None:
        """Send something that belongs to no conversation, such as a list of languages, after all that was stored before."""
        async with self._one_at_a_time(chat_id):
            try:
                if conversation_id is not None:
                    await self._deliver(conversation_id, chat_id)
                for part in parts:
                    await self._send(chat_id, part)
            except Gone:
                await self._chats.mark_blocked(chat_id, True)

    async def stop(self, within: float) -> None:
        """Let what is on its way arrive, for so many seconds; nothing new is sent."""
        self._stopping = True
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=within)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _hear_of_news(self) -> list[str] | None:
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return None
        self._wake.clear()
        news = list(self._news)
        self._news.clear()
        return news if len(news) <= MOST_NAMED else None

    def _start(self, conversation_id: str, chat_id: int) -> None:
        if self._stopping:
            return
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._run(conversation_id, chat_id))
        self._running[conversation_id] = task

    async def _run(self, conversation_id: str, chat_id: int) -> None:
        try:
            async with self._one_at_a_time(chat_id):
                with contextlib.suppress(Gone):
                    await self._deliver(conversation_id, chat_id)
                    return
            await self._chats.mark_blocked(chat_id, True)
        except OUTAGE as error:
            log.warning("telegram.no_database", problem=type(error).__name__)
        finally:
            del self._running[conversation_id]
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.hear(conversation_id)

    async def _deliver(self, conversation_id: str, chat_id: int) -> None:
        due = await self._chats.next_due(conversation_id, chat_id)
        while due is not None and not self._stopping:
            parts = self._parts_of(due)
            following = None
            for number in range(min(due.parts_sent, len(parts) - 1), len(parts)):
                await self._send(chat_id, parts[number])
                following = await self._write_down(conversation_id, chat_id, due, number + 1, len(parts))
            due = following

    def _parts_of(self, due: Due) -> list[Part]:
        try:
            return shown(due.message, due.language) or parts_of([due.message.text or "…"])
        except Exception:  # one message that cannot be shown must not hold up all that follow
            log.exception("telegram.not_shown", message=due.message.id)
            return parts_of([due.message.text])

    async def _send(self, chat_id: int, part: Part) -> None:
        """What Telegram does not take as it is goes as bare text; what it does not take at all is left out."""
        for html, keyboard in ((part.html, part.keyboard), (bare(part.html), None)):
            try:
                await self._sender.send(chat_id, html, keyboard)
                return
            except Refused as error:
                log.error("telegram.refused", problem=str(error))

    async def _write_down(self, conversation_id: str, chat_id: int, due: Due, part: int, of: int) -> Due | None:
        """Until it is written: what was sent once must not be sent again because the database was locked for a moment."""
        while True:
            try:
                return await self._chats.sent(conversation_id, chat_id, due, part, of)
            except OUTAGE as error:
                log.warning("telegram.no_database", problem=type(error).__name__)
                await self._pause(FIRST_PAUSE)

    @asynccontextmanager
    async def _one_at_a_time(self, chat_id: int) -> AsyncIterator[None]:
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        self._waiting[chat_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[chat_id] -= 1
            if not self._waiting[chat_id]:
                del self._waiting[chat_id], self._locks[chat_id]
