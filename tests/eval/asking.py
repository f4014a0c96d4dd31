"""Asks the evaluation questions of a guide that really runs: Rasa, retrieval and everything between."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tests.eval.questions import EvalQuestion

AT_ONCE = 4


@dataclass(frozen=True)
class Outcome:
    """What the guide made of a question."""

    question: EvalQuestion
    status: str
    answer: str | None
    choices: tuple[str, ...]
    reason: str | None
    detected: str | None
    right_at_once: float | None
    """The calibrated probability that the best answer is right; None when nothing was searched or for a follow-up."""

    @property
    def right(self) -> bool:
        """Answered, and rightly."""
        return self.status == "answered" and self.answer in self.question.answers

    @property
    def wrong(self) -> bool:
        """Answered, and not rightly."""
        return self.status == "answered" and self.answer not in self.question.answers

    @property
    def choice(self) -> bool:
        """A choice was offered, with a right answer among it."""
        return self.status == "clarify" and any(each in self.question.answers for each in self.choices)


async def ask_all(url: str, questions: Sequence[EvalQuestion]) -> list[Outcome]:
    """Ask every question, a follow-up after its context in a conversation of its own. Raises on any failed call."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def one(question: EvalQuestion) -> Outcome:
            async with gate:
                return await (_converse(client, question) if question.context else _ask(client, question))

        return await asyncio.gather(*(one(question) for question in questions))


async def _ask(client: httpx.AsyncClient, question: EvalQuestion) -> Outcome:
    response = await client.post("/api/v1/ask", json={"question": question.text, "explain": True})
    reply = response.raise_for_status().json()
    search = (reply["explain"] or {}).get("search") or {}
    return _outcome(question, reply, reply["detected_language"], search.get("right_at_once"))


async def _converse(client: httpx.AsyncClient, question: EvalQuestion) -> Outcome:
    begun = (await client.post("/api/v1/conversations", json={})).raise_for_status().json()
    reply = {}
    for number, text in enumerate((question.context, question.text)):
        response = await client.post(
            f"/api/v1/conversations/{begun['id']}/messages",
            json={"text": text, "client_id": str(number)},
            headers={"Authorization": f"Bearer {begun['token']}"},
        )
        reply = response.raise_for_status().json()["messages"][-1]
    return _outcome(question, reply, None, None)


def _outcome(question: EvalQuestion, reply: dict[str, object], detected: str | None, chance: float | None) -> Outcome:
    answer, expert = reply.get("answer"), reply.get("expert")
    alternatives = reply.get("alternatives")
    return Outcome(
        question=question,
        status=str(reply["status"]),
        answer=answer["id"] if isinstance(answer, dict) else None,
        choices=tuple(each["id"] for each in alternatives) if isinstance(alternatives, list) else (),
        reason=expert.get("reason") if isinstance(expert, dict) else None,
        detected=detected,
        right_at_once=chance,
    )
