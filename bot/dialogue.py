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

ASKS = "utter_ask_handoff_form_"
"""How the names of the form's questions begin; the step follows."""


class DialogueUnavailable(Exception):
    """Rasa did not answer in time, or not in the expected form."""


@dataclass
class Asked:
    """The question that the form of a hand-off puts at the end of a turn."""

    step: str
    text: str
    buttons: list[Button]
    problem: str | None = None
    """Why it is asked again (``Outcome.problem``)."""
    matter: str | None = None


@dataclass
class DialogueReply:
    """What the dialogue decided and said in one turn."""

    outcome: Outcome | None = None
    status: Status | None = None
    text: str = ""
    buttons: list[Button] = field(default_factory=list)
    said: str | None = None
    """The name of the response, such as ``utter_greet``."""
    asked: Asked | None = None


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
    """Rasa sends the outcome of an action and the response after it as separate messages; the form's question comes last."""
    reply = DialogueReply()
    form: Outcome | None = None
    for said in replies:
        if "custom" in said:
            outcome = Outcome.model_validate(said["custom"])
            if outcome.action == "form":
                form = outcome
            else:
                reply.outcome = outcome
                reply.status = reply.status or outcome.status
        if said.get("text"):
            name, buttons = said.get("utter_action") or "", [Button.model_validate(each) for each in _buttons(said)]
            if name.startswith(ASKS):
                reply.asked = Asked(name.removeprefix(ASKS), said["text"], buttons)
                continue
            reply.text, reply.said, reply.buttons = said["text"], name, buttons
            reply.status = Status(said["metadata"]["status"])
    if reply.asked is not None:
        reply.status = reply.status or Status.handoff
        reply.outcome = reply.outcome or (form if not reply.text else None)
        if form is not None:
            reply.asked.problem, reply.asked.matter = form.problem, form.matter
    if reply.status is None:
        raise ValueError("the dialogue said nothing")
    return reply


def _buttons(said: dict[str, Any]) -> list[dict[str, str]]:
    return [{"title": each["title"], "payload": each["payload"]} for each in said.get("buttons", [])]
