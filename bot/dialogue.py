"""The service's line to Rasa."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import ValidationError

from bot.line import Line, LineStandsStill
from bot.messages import Button
from bot.outcome import Outcome
from bot.status import Status

TURNS_AT_ONCE = 8
"""So many turns are with Rasa at a time. More would only wait inside Rasa, and run out of time there together."""


class DialogueUnavailable(Exception):
    """Rasa did not answer in time, or not in the expected form."""


@dataclass
class DialogueReply:
    """What the dialogue decided and said in one turn."""

    outcome: Outcome | None = None
    status: Status | None = None
    text: str = ""
    buttons: list[Button] = field(default_factory=list)
    said: str | None = None
    """The name of the response, such as ``utter_greet``."""


class Dialogue:
    """Sends turns to Rasa over one pool of connections."""

    def __init__(self, address: str, timeout: float) -> None:
        self._timeout = timeout
        self._line = Line(TURNS_AT_ONCE, timeout)
        self._client = httpx.AsyncClient(base_url=address, limits=httpx.Limits(max_connections=64), timeout=timeout)

    async def turn(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueReply:
        """One turn of the dialogue.

        Raises ``DialogueUnavailable`` when Rasa does not answer within the set time, or nobody else in the line before it.
        """
        try:
            async with self._line.place(), asyncio.timeout(self._timeout):
                response = await self._client.post(
                    "/webhooks/service/turn", json={"sender": sender, "text": text, "metadata": metadata}
                )
                response.raise_for_status()
                return _understood(response.json()["replies"])
        except (LineStandsStill, httpx.HTTPError, TimeoutError, ValueError, KeyError, ValidationError) as error:
            raise DialogueUnavailable(type(error).__name__) from error

    async def erase(self, sender: str) -> None:
        """Delete Rasa's tracker of a conversation. Raises ``DialogueUnavailable``."""
        try:
            async with asyncio.timeout(self._timeout):
                (await self._client.delete(f"/webhooks/service/conversations/{sender}")).raise_for_status()
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueUnavailable(type(error).__name__) from error

    async def is_ready(self) -> bool:
        """Whether Rasa runs and has a model."""
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.get("/webhooks/service/")
                return bool(response.is_success and response.json().get("ready"))
        except (httpx.HTTPError, TimeoutError, ValueError):
            return False

    async def close(self) -> None:
        await self._client.aclose()


def _understood(replies: list[dict[str, Any]]) -> DialogueReply:
    """Rasa sends the outcome of an action and the response that follows it as separate messages."""
    reply = DialogueReply()
    for said in replies:
        if "custom" in said:
            reply.outcome = Outcome.model_validate(said["custom"])
            reply.status = reply.status or reply.outcome.status
        if said.get("text"):
            reply.text = said["text"]
            reply.said = said.get("utter_action")
            reply.buttons = [Button(title=each["title"], payload=each["payload"]) for each in said.get("buttons", [])]
            reply.status = Status(said["metadata"]["status"])
    if reply.status is None:
        raise ValueError("the dialogue said nothing")
    return reply
