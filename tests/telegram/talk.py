"""A conversation test held in Telegram: words and presses go in as updates, and the chat must show what was replied."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.channels.telegram.shown import shown
from bot.conversations.store import UnknownConversation
from bot.language import direction
from bot.messages import Message
from bot.status import Status
from tests.telegram.conftest import Running
from tests.telegram.rules import visible

T = TypeVar("T")

TYPED = {"/ask_human": "/human"}
"""Payloads for which there is a command, with or without a button."""


class TelegramTalk:
    """One conversation, begun on the web with what is known of the newcomer, and held in Telegram."""

    def __init__(self, running: Running, loop: asyncio.AbstractEventLoop, about: dict[str, str]) -> None:
        self._running, self._loop = running, loop
        self._person = running.person(None)
        self._language = about.get("language", "en")
        self._id = self._wait(self._begin(about))
        self._last = self._wait(running.messages(self._id))[-1].id

    def say(self, text: str) -> list[Message]:
        return self._wait(self._turn(self._person.write(text)))

    def press(self, payload: str, title: str) -> list[Message]:
        return self._wait(self._turn(self._press(payload, title)))

    def is_erased(self) -> bool:
        return self._wait(self._messages()) is None

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _begin(self, about: dict[str, str]) -> str:
        async with httpx.AsyncClient(base_url=self._running.url, timeout=30) as client:
            begun = (await client.post("/api/v1/conversations", json=about)).json()
            headers = {"Authorization": f"Bearer {begun['token']}"}
            link = (await client.post(f"/api/v1/conversations/{begun['id']}/telegram", headers=headers)).json()["url"]
        await self._running.is_handled(await self._person.write(f"/start {parse_qs(urlsplit(link).query)['start'][0]}"))
        await self._person.hears_messages(2)
        return str(begun["id"])

    async def _turn(self, happening: Coroutine[Any, Any, int | None]) -> list[Message]:
        """What the turn came to, when all of it stands in the chat."""
        before = len(self._person.told)
        update = await happening
        if update is not None:
            await self._running.is_handled(update)
        messages = await self._messages()
        if messages is None:
            said = (await self._person.hears_messages(before + 1))[-1].text
            return [self._erased(said)]
        replies = [each for each in messages if each.id > self._last and each.sender != "newcomer"]
        self._last = messages[-1].id
        language = (await self._running.conversation(self._person)).language
        self._language = language or "en"
        expected = [part for reply in replies for part in shown(reply, language)]
        told = (await self._person.hears_messages(before + len(expected)))[before:]
        assert [each.text for each in told] == [visible(part.html) for part in expected]
        buttons = [len(json.loads(part.keyboard.to_json())["inline_keyboard"]) if part.keyboard else 0 for part in expected]
        assert [len(each.buttons) for each in told] == buttons
        return replies

    async def _messages(self) -> list[Message] | None:
        try:
            await self._running.service.parts.store.find(self._id)
        except UnknownConversation:
            return None
        return await self._running.messages(self._id)

    async def _press(self, payload: str, title: str) -> int | None:
        for message in reversed(await self._messages() or []):
            for index, button in enumerate(message.buttons):
                if button.payload == payload:
                    return await self._person.press_data(f"m{message.id}.{index}")
        act, _, carried = payload.partition("{")
        if payload in TYPED:
            return await self._person.write(TYPED[payload])
        if act in ("/change_language", "/set_municipality"):
            (value,) = json.loads("{" + carried).values()
            return await self._person.press_data(f"{'language' if act == '/change_language' else 'place'}:{value}")
        # No button in Telegram carries it: it is taken as the button of another place would be, and answered here.
        engine, client_id = self._running.service.engine, secrets.token_hex(8)
        await engine.take_from("telegram", self._id, client_id=client_id, text=None, payload=payload, title=title)
        return None

    def _erased(self, text: str) -> Message:
        """Of an erased conversation nothing is stored: what stands in the chat is all there is."""
        return Message(
            at=self._running.service.parts.now(),
            sender="bot",
            kind="notice",
            status=Status.control,
            text=text,
            html=text,
            language=self._language,
            dir=direction(self._language),
        )
