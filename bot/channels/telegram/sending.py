"""Sends until it is sent: what Telegram asks to wait for is waited for, and so is a network that is away."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from prometheus_client import Counter
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

log = structlog.get_logger(__name__)

SENT = Counter("elo_telegram_sent_total", "Messages that Telegram has taken")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds. The pause between attempts doubles."""

AT_ONCE = 24
"""Messages that are with Telegram at a time. The others wait for their turn; those that are to be tried again do not count."""

GONE = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")

Pause = Callable[[float], Awaitable[None]]
T = TypeVar("T")


class Gone(Exception):
    """The person has blocked the bot, or is not there any more."""


class Refused(Exception):
    """Telegram does not take this, and will not."""


class Sender:
    """The line to Telegram, for all chats."""

    def __init__(self, bot: Bot, pause: Pause) -> None:
        self.bot = bot
        self._pause = pause
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def send(self, chat_id: int, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Return when Telegram has taken the message. Raises ``Gone`` or ``Refused``."""
        await self.until_done(
            lambda: self.bot.send_message(
                chat_id,
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        SENT.inc()

    async def until_done(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call to Telegram, again and again while it may yet succeed. Raises ``Gone`` or ``Refused``."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with self._slots:
                    return await call()
            except RetryAfter as error:
                await self._pause(_seconds(error.retry_after))
                continue
            except Forbidden as error:
                raise Gone from error
            except InvalidToken:
                log.error("telegram.token_refused")
                pause = LONGEST_PAUSE
            except BadRequest as error:
                if any(reason in error.message.lower() for reason in GONE):
                    raise Gone from error
                raise Refused(error.message) from error
            except TelegramError as error:
                log.warning("telegram.unreachable", problem=type(error).__name__)
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _seconds(time: int | dt.timedelta) -> float:
    return time.total_seconds() if isinstance(time, dt.timedelta) else float(time)
