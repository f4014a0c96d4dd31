"""Load: one client after another, clients in a closed loop, and messages that come at a fixed rate."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.bench.clients import Client, Outcome
from tests.bench.numbers import percentile_ms
from tests.eval.questions import Kind, Part, read_questions

SEED = 20261122
TURNS_A_CONVERSATION = 5
FEWEST_CONVERSATIONS = 16
SETTLED_BELOW = 1.0
SETTLE_TRIES = 30


@dataclass
class Measured:
    """What came of the messages of one load. Times are of the messages that got a reply."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    lost: int = 0
    took: float = 0.0

    def add(self, outcome: Outcome, seconds: float) -> None:
        if outcome is Outcome.ok:
            self.seconds.append(seconds)
        elif outcome is Outcome.failed:
            self.failed += 1
        else:
            self.lost += 1

    def summary(self) -> dict[str, Any]:
        times = {f"p{rank}_ms": percentile_ms(self.seconds, rank) for rank in (50, 95, 99)}
        return {"replied": len(self.seconds), "failed": self.failed, "lost": self.lost, **times}


def endless_questions() -> Iterator[str]:
    """The questions of the evaluation's final part in a fixed shuffled order, again and again."""
    texts = [question.text for question in read_questions(Part.final) if question.kind in (Kind.ask, Kind.out_of_scope)]
    random.Random(SEED).shuffle(texts)
    return itertools.cycle(texts)


async def one_client(client: Client, texts: Iterator[str], turns: int) -> Measured:
    """One turn at a time."""
    measured = Measured()
    conversation = ""
    for number in range(turns):
        if number % TURNS_A_CONVERSATION == 0:
            conversation = await client.begin()
        started = time.perf_counter()
        outcome = await client.say(conversation, next(texts))
        measured.add(outcome, time.perf_counter() - started)
    measured.lost += await client.missing()
    return measured


async def closed_loop(client: Client, texts: Iterator[str], clients: int, seconds: float) -> Measured:
    """Each client sends its next message as soon as it has the reply to the last; beginning a conversation counts as time."""
    measured = Measured()
    started = time.perf_counter()

    async def talk() -> None:
        conversation, turns = "", 0
        while (before := time.perf_counter()) - started < seconds:
            if turns % TURNS_A_CONVERSATION == 0:
                conversation = await client.begin()
                before = time.perf_counter()
            turns += 1
            measured.add(await client.say(conversation, next(texts)), time.perf_counter() - before)

    await asyncio.gather(*(talk() for _ in range(clients)))
    measured.took = time.perf_counter() - started
    measured.lost += await client.missing()
    return measured


async def open_loop(client: Client, texts: Iterator[str], rate: int, seconds: float) -> Measured:
    """Messages come at a fixed rate, however slow the replies are. A message's time runs from when it was due."""
    count = int(rate * seconds)
    conversations = [await client.begin() for _ in range(max(FEWEST_CONVERSATIONS, count // TURNS_A_CONVERSATION))]
    measured = Measured()
    first = time.perf_counter() + 0.2

    async def send(due: float, conversation: str, text: str) -> None:
        measured.add(await client.say(conversation, text), time.perf_counter() - due)

    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            due = first + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(send(due, conversations[number % len(conversations)], next(texts)))
    measured.took = time.perf_counter() - first
    measured.lost += await client.missing()
    return measured


async def settle(client: Client, texts: Iterator[str]) -> None:
    """Wait until the system has worked off what an earlier load left."""
    for _ in range(SETTLE_TRIES):
        started = time.perf_counter()
        outcome = await client.say(await client.begin(), next(texts))
        if outcome is Outcome.ok and time.perf_counter() - started < SETTLED_BELOW:
            break
        await asyncio.sleep(1)
    await client.missing()
