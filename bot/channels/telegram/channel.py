"""The channel put together from its parts. It starts and stops with the service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog
from telegram import Update

from bot.channels.telegram.chats import Chats
from bot.channels.telegram.connection import be_pushed, fetch, introduce, is_readable, make_bot
from bot.channels.telegram.conversing import Conversing
from bot.channels.telegram.delivery import Courier
from bot.channels.telegram.handling import Handling
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.incoming import read_update
from bot.channels.telegram.queues import Queues
from bot.channels.telegram.sending import LONGEST_PAUSE, Pause, Sender
from bot.channels.telegram.shared import Shared

log = structlog.get_logger(__name__)

STOP_WITHIN = 5.0
"""Seconds that messages have which are on their way when the service stops."""


class TelegramChannel:
    """The bot of one token. ``user_name`` is None until Telegram has told it."""

    def __init__(self, shared: Shared, pause: Pause = asyncio.sleep) -> None:
        now = shared.parts.now
        self.user_name: str | None = None
        self._shared = shared
        self._pause = pause
        self._sender = Sender(make_bot(shared.settings), pause)
        chats = Chats(shared.database, shared.parts.store, now)
        self._courier = Courier(chats, self._sender, pause)
        self._handling = Handling(Conversing(shared, chats, self._courier, self._sender))
        self._inbox = Inbox(shared.database, now)
        self._queues = Queues(self._inbox, self._handling.handle, self._handling.give_up, shared.rate_limit, pause)
        self._tasks: set[asyncio.Task[None]] = set()
        self._flooding: set[int] = set()
        """Chats that were told that too much came, until there is room again."""

    def start(self) -> None:
        """Begin in the background: the service does not wait for Telegram."""
        self._shared.notifier.watchers.append(self._courier.hear)
        self._begin(self._for_ever(self._courier.follow))
        self._begin(self._for_ever(self._take_part))

    async def stop(self) -> None:
        """Acknowledge nothing more, and let what is on its way arrive. What waits is handled after the next start."""
        self._shared.notifier.watchers.remove(self._courier.hear)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._courier.stop(STOP_WITHIN)
        await self._queues.stop()
        await self._sender.bot.shutdown()

    async def receive(self, pushed: dict[str, Any]) -> None:
        """An update that Telegram has pushed. Returns when it is stored; raises the errors of ``OUTAGE`` when it is not."""
        if is_readable(pushed):
            await self._store([Update.de_json(pushed, self._sender.bot)])

    async def _take_part(self) -> None:
        self._queues.wake(await self._inbox.chats())
        self.user_name = await introduce(self._sender, self._shared.settings)
        log.info("telegram.connected", bot=self.user_name)
        if self._shared.settings.telegram_webhook_url is not None:
            await be_pushed(self._sender, self._shared.settings)
            await asyncio.Event().wait()  # updates come by themselves from here on
        else:
            await fetch(self._sender, self._store, self._pause)

    async def _store(self, updates: Sequence[Update]) -> None:
        came = [incoming for update in updates if (incoming := read_update(update)) is not None]
        news, too_many = await self._inbox.put(came)
        self._queues.wake(news)
        self._flooding -= news
        for incoming in came:
            if incoming.chat_id in too_many - self._flooding:
                self._flooding.add(incoming.chat_id)
                self._begin(self._handling.too_many(incoming))

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work that only ends by an error begins again: one bad moment must not silence the bot."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("telegram.interrupted")
            await self._pause(LONGEST_PAUSE)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
