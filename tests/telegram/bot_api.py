"""A Bot API server on loopback: real HTTP, long polling and webhook, Telegram's rules, and faults on demand."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.telegram.rules import BrokenRule, check, visible

TOKEN = "123456:test-token_of-a-bot"
USER_NAME = "elo_test_bot"
WITHIN = 30.0
"""Seconds that a test waits for something to happen."""


@dataclass(frozen=True)
class Fault:
    """What a call meets. ``drop`` closes the connection, before or (``taken``) after the call has had its effect."""

    status: int = 0
    description: str = ""
    retry_after: int | None = None
    drop: bool = False
    taken: bool = False


@dataclass
class Call:
    """One call that came, and when (on the clock of ``time.monotonic``)."""

    method: str
    fields: dict[str, str]
    at: float
    refused: str | None = None

    @property
    def chat_id(self) -> int:
        return int(self.fields.get("chat_id", 0))


@dataclass
class Sent:
    """A message as it stands in a chat."""

    chat_id: int
    message_id: int
    html: str
    buttons: list[dict[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return visible(self.html)


class BotApi:
    """The server. ``person`` in tests/telegram/person.py is who talks with the bot."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.webhook: tuple[str, str] | None = None
        self.pushes: list[int] = []
        """The statuses with which pushes were answered."""
        self._updates: list[dict[str, Any]] = []
        self._update_ids = itertools.count(700_000_001)
        self._message_ids = itertools.count(1)
        self._faults: defaultdict[tuple[str, int | None], list[Fault]] = defaultdict(list)
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)

    async def stop(self) -> None:
        """The server is gone: no connection, and none can be made."""
        assert self._server is not None
        self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def meets(self, method: str, *faults: Fault, chat_id: int | None = None) -> None:
        """The next calls, of the chat or of any, meet these faults."""
        self._faults[(method, chat_id)] += faults

    def forget_faults(self) -> None:
        self._faults.clear()

    def new_message_id(self) -> int:
        return next(self._message_ids)

    def update_id(self) -> int:
        return next(self._update_ids)

    async def happens(self, update: dict[str, Any], update_id: int | None = None) -> int:
        """Something happens in Telegram: it is fetched, or pushed until it is taken."""
        update = {"update_id": update_id or self.update_id(), **update}
        if self.webhook is None:
            self._updates.append(update)
            await self._tell()
        else:
            await self.push(update)
        return int(update["update_id"])

    async def push(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Push once; the status that came back."""
        assert self.webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": (self.webhook[1] if secret is None else secret).encode()}
        async with httpx.AsyncClient() as client:
            answer = await client.post(self.webhook[0], json=update, headers=headers)
        self.pushes.append(answer.status_code)
        return answer.status_code

    def in_chat(self, chat_id: int) -> list[Sent]:
        return [each for each in self.sent if each.chat_id == chat_id]

    def called(self, method: str, chat_id: int | None = None) -> list[Call]:
        return [each for each in self.calls if each.method == method and chat_id in (None, each.chat_id)]

    async def until(self, holds: Callable[[], object], what: str, within: float = WITHIN) -> None:
        """Return as soon as ``holds()``. It is looked at whenever something was called."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: bool(holds()))
        except TimeoutError:
            last = [(each.method, each.fields.get("text", "")[:80], each.refused) for each in self.calls[-12:]]
            raise TimeoutError(f"waited {within:g} s in vain: {what}. The last calls: {last}") from None

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._serve(reader, writer):
                    pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")]
        body = (await reader.readexactly(lengths[0])).decode() if lengths else ""
        path = head.split(" ")[1]
        token, _, method = path.removeprefix("/bot").partition("/")
        call = Call(method, dict(parse_qsl(body, keep_blank_values=True)), time.monotonic())
        if method != "getUpdates":
            self.calls.append(call)
        fault = self._fault(call)
        if fault is not None and fault.drop and not fault.taken:
            await self._tell()
            return False
        if token != TOKEN:
            status, answer = 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        elif fault is not None and fault.status:
            parameters = {"parameters": {"retry_after": fault.retry_after}} if fault.retry_after is not None else {}
            status = fault.status
            answer = {"ok": False, "error_code": status, "description": fault.description, **parameters}
            call.refused = fault.description
        else:
            try:
                check(method, call.fields)
                status, answer = 200, {"ok": True, "result": await self._do(call)}
            except BrokenRule as error:
                status, answer = 400, {"ok": False, "error_code": 400, "description": str(error)}
                call.refused = str(error)
        await self._tell()
        if fault is not None and fault.drop:
            return False
        payload = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload
        )
        await writer.drain()
        return True

    def _fault(self, call: Call) -> Fault | None:
        for key in ((call.method, call.chat_id), (call.method, None), ("*", None)):
            if self._faults[key]:
                return self._faults[key].pop(0)
        return None

    async def _do(self, call: Call) -> Any:
        fields = call.fields
        match call.method:
            case "getMe":
                return {"id": 123456, "is_bot": True, "first_name": "ELO", "username": USER_NAME}
            case "getUpdates":
                return await self._get_updates(int(fields.get("offset", 0)), float(fields.get("timeout", 0)))
            case "sendMessage":
                return self._send(call)
            case "setWebhook":
                self.webhook = (fields["url"], fields["secret_token"])
                return True
            case "deleteWebhook":
                self.webhook = None
                return True
        return True

    async def _get_updates(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        if self.webhook is not None:
            raise BrokenRule("Conflict: can't use getUpdates method while webhook is active")
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: bool(self._updates))
        return self._updates[:100]

    def _send(self, call: Call) -> dict[str, Any]:
        markup = json.loads(call.fields["reply_markup"]) if "reply_markup" in call.fields else {"inline_keyboard": []}
        message = Sent(
            call.chat_id,
            self.new_message_id(),
            call.fields["text"],
            [button for row in markup["inline_keyboard"] for button in row],
        )
        assert all(len(row) == 1 for row in markup["inline_keyboard"]), "buttons stand one in a row"
        assert json.loads(call.fields["link_preview_options"])["is_disabled"], "link previews are off"
        self.sent.append(message)
        return {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": {"id": call.chat_id, "type": "private"},
            "text": message.text,
        }
