"""Right, wrong and unanswered on the final half of the evaluation questions, with the language not told."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.bench.clients import http_client
from tests.bench.numbers import wilson
from tests.bench.scale import Scale
from tests.bench.stock_project import FALLBACK, OUT_OF_SCOPE, chosen
from tests.bench.systems import Systems
from tests.eval.questions import EvalQuestion, Kind, Part, read_questions

AT_ONCE = 2
SHOWN_LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar")
RESULTS = ("right", "wrong", "unanswered")


@dataclass(frozen=True)
class Choice:
    """What a system made of a question: the answer it gave, if any, whether it refused, and what it offered to choose from."""

    answer: str | None = None
    refused: bool = False
    offered: tuple[str, ...] = ()
    status: str = ""


Ask = Callable[[str], Awaitable[Choice]]


def measure_accuracy(scale: Scale, systems: Systems) -> dict[str, Any]:
    """Ask every system every question."""
    asked = [each for each in read_questions(Part.final) if each.kind in (Kind.ask, Kind.out_of_scope)]
    if scale.questions is not None:
        asked = asked[:: max(1, len(asked) // scale.questions)][: scale.questions]
    found = asyncio.run(_ask_all_systems(systems, asked))
    return {"questions": len(asked), "systems": {name: _counted(asked, choices) for name, choices in found.items()}}


def judged(question: EvalQuestion, choice: Choice) -> str:
    """``right``, ``wrong`` or ``unanswered``. A question that the content does not answer is right when it is not answered."""
    if choice.answer is not None:
        return "right" if choice.answer in question.answers else "wrong"
    if question.kind is Kind.out_of_scope:
        return "right" if choice.refused else "unanswered"
    return "unanswered" if question.answers else "right"


def group_of(question: EvalQuestion) -> str:
    """In which row of the table a question counts."""
    if question.kind is Kind.out_of_scope:
        return "out of scope"
    if not question.answers:
        return "no answer in the content"
    return question.lang if question.lang in SHOWN_LANGUAGES else "other"


def _counted(questions: list[EvalQuestion], choices: list[Choice]) -> dict[str, Any]:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    statuses: Counter[str] = Counter()
    for question, choice in zip(questions, choices, strict=True):
        names = [group_of(question)]
        if question.kind is Kind.ask and question.answers:
            names.append("all languages")
        for name in names:
            groups[name][judged(question, choice)] += 1
            groups[name]["offered"] += choice.answer is None and bool(set(choice.offered) & set(question.answers))
        statuses[choice.status] += 1
    order = [*SHOWN_LANGUAGES, "other", "all languages", "no answer in the content", "out of scope"]
    rows = {name: _row(groups[name]) for name in order if name in groups}
    return {"groups": rows, "statuses": dict(statuses)}


def _row(counts: Counter[str]) -> dict[str, Any]:
    total = sum(counts[result] for result in RESULTS)
    row: dict[str, Any] = {"questions": total, "right_among_offered": counts["offered"]}
    for result in RESULTS:
        row[result] = {"count": counts[result], "share": round(counts[result] / total, 4), "ci95": wilson(counts[result], total)}
    return row


async def _ask_all_systems(systems: Systems, questions: list[EvalQuestion]) -> dict[str, list[Choice]]:
    found = {"guide": await _ask_guide(systems.guide.url, questions)}
    same = systems.guide_on_same
    if same is not None:
        found["guide, same examples"] = await _ask_guide(same.url, questions)
        same.stop()
    found["stock"] = await _ask_stock(systems.stock.url, questions)
    return found


async def _ask_guide(url: str, questions: list[EvalQuestion]) -> list[Choice]:
    async with http_client(url) as guide:

        async def ask(text: str) -> Choice:
            said = (await guide.post("/api/v1/ask", json={"question": text})).raise_for_status().json()
            offered = tuple(each["id"] for each in said["alternatives"])
            answer = said["answer"]["id"] if said["answer"] else None
            return Choice(answer, said["status"] == OUT_OF_SCOPE, offered, said["status"])

        return await _ask_all(ask, questions)


async def _ask_stock(url: str, questions: list[EvalQuestion]) -> list[Choice]:
    async with http_client(url) as stock:

        async def ask(text: str) -> Choice:
            message = {"sender": f"accuracy-{secrets.token_hex(8)}", "message": text}
            said = (await stock.post("/webhooks/rest/webhook", json=message)).raise_for_status().json()
            name = chosen(said[0]["text"]) if said else "nothing"
            if name in (OUT_OF_SCOPE, FALLBACK, "nothing"):
                return Choice(refused=name == OUT_OF_SCOPE, status=name)
            return Choice(name, status="answered")

        return await _ask_all(ask, questions)


async def _ask_all(ask: Ask, questions: list[EvalQuestion]) -> list[Choice]:
    free = asyncio.Semaphore(AT_ONCE)

    async def one(question: EvalQuestion) -> Choice:
        async with free:
            try:
                return await ask(question.text)
            except httpx.HTTPError as error:
                return Choice(status=type(error).__name__)

    return list(await asyncio.gather(*(one(question) for question in questions)))
