"""How the load talks with each of the two systems."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from enum import StrEnum
from typing import Any, Protocol

import httpx

ANSWER_WITHIN = 10.0
"""Seconds. A message without a reply by then has failed."""


TRIES = 5


class Outcome(StrEnum):
    """What came of one message."""

    ok = "ok"
    failed = "failed"
    """An error, no reply in time, or a reply that says that something failed."""
    lost = "lost"
    """Acknowledged, but nothing was said."""


class Client(Protocol):
    """One system under load."""

    name: str

    async def begin(self) -> str:
        """A new conversation."""
        ...

    async def say(self, conversation: str, text: str) -> Outcome:
        """One turn. Never raises for what the system does."""
        ...

    async def missing(self) -> int:
        """How many acknowledged messages the system no longer has, since the last call."""
        ...

    async def close(self) -> None: ...


def http_client(url: str) -> httpx.AsyncClient:
    """A client without a limit of its own on connections, so that only the system under load makes a message wait."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=256)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=ANSWER_WITHIN + 5)


class GuideClient:
    """Whole conversations, kept in the database."""

    name = "guide"

    def __init__(self, url: str) -> None:
        self._http = http_client(url)
        self._tokens: dict[str, str] = {}
        self._acknowledged: dict[str, set[str]] = defaultdict(set)

    async def begin(self) -> str:
        begun = (await self._patiently("POST", "/api/v1/conversations", json={})).json()
        self._tokens[begun["id"]] = begun["token"]
        return str(begun["id"])

    async def say(self, conversation: str, text: str) -> Outcome:
        client_id = secrets.token_hex(8)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                response = await self._http.post(
                    self._messages(conversation), json={"text": text, "client_id": client_id}, headers=self._token(conversation)
                )
        except (httpx.HTTPError, TimeoutError):
            return Outcome.failed
        if not response.is_success:
            return Outcome.failed
        self._acknowledged[conversation].add(client_id)
        said = response.json()["messages"]
        if any(message["status"] == "failed" for message in said):
            return Outcome.failed
        return Outcome.ok if said else Outcome.lost

    async def missing(self) -> int:
        missing = 0
        for conversation, client_ids in self._acknowledged.items():
            history = await self._patiently("GET", self._messages(conversation), headers=self._token(conversation))
            kept = {message["client_id"] for message in history.json()["messages"]}
            missing += len(client_ids - kept)
        self._acknowledged.clear()
        return missing

    async def close(self) -> None:
        await self._http.aclose()

    async def _patiently(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """A call that is not measured itself, tried again while the system is still busy with the load."""
        for _ in range(TRIES - 1):
            try:
                return (await self._http.request(method, path, **sent)).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(1)
        return (await self._http.request(method, path, **sent)).raise_for_status()

    def _messages(self, conversation: str) -> str:
        return f"/api/v1/conversations/{conversation}/messages"

    def _token(self, conversation: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[conversation]}"}


class StockClient:
    """Rasa's REST channel."""

    name = "stock"

    def __init__(self, url: str) -> None:
        self._http = http_client(url)

    async def begin(self) -> str:
        return secrets.token_hex(8)

    async def say(self, conversation: str, text: str) -> Outcome:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                response = await self._http.post("/webhooks/rest/webhook", json={"sender": conversation, "message": text})
        except (httpx.HTTPError, TimeoutError):
            return Outcome.failed
        if not response.is_success:
            return Outcome.failed
        return Outcome.ok if response.json() else Outcome.lost

    async def missing(self) -> int:
        return 0

    async def close(self) -> None:
        await self._http.aclose()
