"""The connection with the Bot API: who the bot is, its commands, and how updates get here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.commands import offered
from bot.channels.telegram.incoming import WANTED
from bot.channels.telegram.secret import webhook_secret
from bot.channels.telegram.sending import AT_ONCE, FIRST_PAUSE, LONGEST_PAUSE, Pause, Refused, Sender
from bot.conversations.database import OUTAGE
from bot.settings import Settings
from bot.texts import LANGUAGES, say_in_telegram

log = structlog.get_logger(__name__)

POLL_SECONDS = 25
"""How long Telegram holds a question for updates when there are none."""

ANSWER_WITHIN = 15.0
"""Seconds that Telegram has for any other call."""

Store = Callable[[Sequence[Update]], Awaitable[None]]


class UpdatesRequest(HTTPXRequest):
    """Fetches updates. One that the library cannot read comes without its content, and does not hold up all the others."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, with every update in it readable."""
        answer: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [
                update if is_readable(update) else {"update_id": update["update_id"]} for update in answer["result"]
            ]
        return answer


def is_readable(update: dict[str, Any]) -> bool:
    """Whether the library can read the update: a Telegram that is newer than it may send something that it cannot."""
    try:
        Update.de_json(update, None)
    except Exception as error:
        log.error("telegram.unreadable_update", problem=type(error).__name__)
        return False
    return True


def make_bot(settings: Settings) -> Bot:
    """The library's bot, with one pool of connections for fetching and one for everything else."""
    return Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api_url}/bot",
        request=HTTPXRequest(
            connection_pool_size=AT_ONCE * 2, read_timeout=ANSWER_WITHIN, write_timeout=ANSWER_WITHIN, pool_timeout=ANSWER_WITHIN
        ),
        get_updates_request=UpdatesRequest(connection_pool_size=2, read_timeout=ANSWER_WITHIN, pool_timeout=ANSWER_WITHIN),
    )


async def introduce(sender: Sender, settings: Settings) -> str:
    """Connect, however long that takes; list the commands in every language. Returns the bot's user name."""
    bot = sender.bot
    await sender.until_done(bot.initialize)
    me = await sender.until_done(bot.get_me)
    for language in (None, *LANGUAGES):
        commands = [BotCommand(name, say_in_telegram(f"command_{name}", language)) for name in offered(settings.public_url)]
        try:
            await sender.until_done(_listing(bot, commands, language))
        except Refused as error:  # the commands work without being listed
            log.error("telegram.commands_refused", language=language, problem=str(error))
    return me.username or ""


def _listing(bot: Bot, commands: list[BotCommand], language: str | None) -> Callable[[], Awaitable[bool]]:
    return lambda: bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=language)


async def be_pushed(sender: Sender, settings: Settings) -> None:
    """Have Telegram push updates."""
    bot, address = sender.bot, str(settings.telegram_webhook_url)
    try:
        await sender.until_done(
            lambda: bot.set_webhook(address, secret_token=webhook_secret(settings), allowed_updates=list(WANTED))
        )
    except Refused as error:
        log.error("telegram.webhook_refused", problem=str(error))


async def fetch(sender: Sender, store: Store, pause: Pause) -> None:
    """Fetch updates, for ever. Asking for the next ones acknowledges those before: it is done when they are stored."""
    bot = sender.bot
    await sender.until_done(lambda: bot.delete_webhook(drop_pending_updates=False))
    offset: int | None = None
    wait = FIRST_PAUSE
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=POLL_SECONDS, allowed_updates=list(WANTED))
            await store(sorted(updates, key=lambda update: update.update_id))
        except RetryAfter as error:
            await pause(error.retry_after.total_seconds() if not isinstance(error.retry_after, int) else error.retry_after)
            continue
        except (TelegramError, *OUTAGE) as error:
            told = "telegram.fetched_elsewhere" if isinstance(error, Conflict) else "telegram.not_fetched"
            log.warning(told, problem=type(error).__name__)
            await pause(wait)
            wait = min(wait * 2, LONGEST_PAUSE)
            continue
        wait = FIRST_PAUSE
        # Numbers begin anew after a quiet week. When nothing is left all is acknowledged, and none need be named.
        offset = updates[-1].update_id + 1 if updates else None
