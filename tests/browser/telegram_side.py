"""The other place of a conversation: Telegram, in a loop of its own, since Playwright's stands in the way of another one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.telegram.bot_api import BotApi, Sent
from tests.telegram.person import Person

T = TypeVar("T")


class TelegramSide:
    """A Bot API server that a guide in another process is connected with."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.api = BotApi()
        self.do(self.api.start())

    def close(self) -> None:
        self.do(self.api.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    def wait_until_connected(self) -> None:
        """Until the guide has told Telegram of its commands, which it does before it fetches anything."""
        self.do(self.api.until(lambda: self.api.called("setMyCommands"), "the guide to connect"))

    def person(self, language: str = "fi") -> TelegramPerson:
        return TelegramPerson(self, Person(self.api, language))


class TelegramPerson:
    """Somebody with a phone."""

    def __init__(self, side: TelegramSide, person: Person) -> None:
        self._side = side
        self._person = person

    @property
    def told(self) -> list[Sent]:
        return self._person.told

    def write(self, text: str) -> None:
        self._side.do(self._person.write(text))

    def press(self, title: str) -> None:
        self._side.do(self._person.press(title))

    def hears(self, part: str) -> Sent:
        """Wait for a message with these words, among those not heard before."""
        return self._side.do(self._person.hears(part))
