"""Somebody who talks with the bot in Telegram."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.telegram.bot_api import WITHIN, BotApi, Sent

NUMBERS = itertools.count(5_000_000_001)
"""Numbers of people have more than 32 bits."""


class Person:
    """A person with a chat of their own. Their names are sent along, as Telegram does, to be seen nowhere."""

    def __init__(self, api: BotApi, language: str | None = "en") -> None:
        self.api = api
        self.id = next(NUMBERS)
        self._language = language
        self._seen = 0

    @property
    def told(self) -> list[Sent]:
        """Everything that the bot has said in the chat."""
        return self.api.in_chat(self.id)

    async def write(self, text: str, **more: Any) -> int:
        return await self.api.happens({"message": self.message(text=text, **more)})

    async def send(self, **content: Any) -> int:
        """Something other than text."""
        return await self.api.happens({"message": self.message(**content)})

    async def edit(self, text: str, message_id: int = 1) -> int:
        message = {**self.message(text=text), "message_id": message_id, "edit_date": int(time.time())}
        return await self.api.happens({"edited_message": message})

    async def press(self, title: str) -> int:
        """Press the newest button that says so."""
        for message in reversed(self.told):
            for button in message.buttons:
                if title in button["text"]:
                    return await self.press_data(button["callback_data"], message.message_id)
        raise AssertionError(f"no button says {title!r}: {[each.buttons for each in self.told]}")

    async def press_data(self, data: str, message_id: int = 1) -> int:
        message = {**self.message(text="x"), "message_id": message_id}
        query = {"id": f"q{self.api.update_id()}", "from": self.user, "message": message, "chat_instance": "1", "data": data}
        return await self.api.happens({"callback_query": query})

    async def membership(self, status: str, chat: dict[str, Any] | None = None) -> int:
        bot = {"id": 123456, "is_bot": True, "first_name": "ELO", "username": "elo_test_bot"}
        change = {
            "chat": chat or self.chat,
            "from": self.user,
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": "member" if status == "kicked" else "left"},
            "new_chat_member": {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})},
        }
        return await self.api.happens({"my_chat_member": change})

    async def hears(self, part: str, within: float = WITHIN) -> Sent:
        """Wait for a message with these words, among those not heard before; gives it."""
        found: list[tuple[int, Sent]] = []

        def came() -> bool:
            found[:] = [(at, each) for at, each in enumerate(self.told) if at >= self._seen and part in each.text]
            return bool(found)

        await self.api.until(came, f"a message with {part!r}", within)
        self._seen = found[0][0] + 1
        return found[0][1]

    async def hears_messages(self, count: int) -> list[Sent]:
        """Wait until the chat has so many messages of the bot."""
        await self.api.until(lambda: len(self.told) >= count, f"{count} messages in the chat, of which {len(self.told)} came")
        self._seen = len(self.told)
        return self.told

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "Zorblatt", "username": "zorblatt_secret"}

    @property
    def user(self) -> dict[str, Any]:
        language = {"language_code": self._language} if self._language else {}
        return {"id": self.id, "is_bot": False, "first_name": "Zorblatt", "username": "zorblatt_secret", **language}

    def message(self, chat: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self.api.new_message_id(),
            "date": int(time.time()),
            "chat": chat or self.chat,
            "from": self.user,
            **content,
        }
