"""Newcomers who watch their conversations, and an expert who writes to them."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
from collections import defaultdict

import httpx

from tests.bench.clients import ANSWER_WITHIN
from tests.bench.desk_rows import SEED, OpenCase
from tests.bench.load import Measured
from tests.service.case_desk import Person

OPENED_AT_ONCE = 20
"""So many streams are opened side by side; more would only wait for each other."""


class Watching:
    """The event streams of many conversations, each on a connection of its own, and when each of them told what."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._http = httpx.AsyncClient(base_url=url, limits=limits, timeout=httpx.Timeout(30, read=None))
        self._tasks: list[asyncio.Task[None]] = []
        self._heard: defaultdict[tuple[str, str], asyncio.Future[float]] = defaultdict(asyncio.Future)

    async def open(self, cases: list[OpenCase]) -> None:
        """Open the stream of each, and return when all are open."""
        for start in range(0, len(cases), OPENED_AT_ONCE):
            opened = [asyncio.Event() for _ in cases[start : start + OPENED_AT_ONCE]]
            for case, is_open in zip(cases[start : start + OPENED_AT_ONCE], opened, strict=True):
                self._tasks.append(asyncio.create_task(self._follow(case, is_open)))
            async with asyncio.timeout(60):
                await asyncio.gather(*(each.wait() for each in opened))

    async def hear(self, case: OpenCase, words: str, within: float) -> float | None:
        """When the words were told in the conversation, on the clock of ``time.perf_counter``; None when they were not."""
        try:
            async with asyncio.timeout(within):
                return await self._heard[case.conversation, words]
        except TimeoutError:
            return None

    @property
    def broken(self) -> list[str]:
        """Why streams have ended, or why what they told could not be: the same twice, say."""
        return [repr(task.exception() or "ended") for task in self._tasks if task.done()]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def _follow(self, case: OpenCase, is_open: asyncio.Event) -> None:
        path = f"/api/v1/conversations/{case.conversation}/events"
        headers = {"Authorization": f"Bearer {case.token}", "Last-Event-ID": str(case.after)}
        async with self._http.stream("GET", path, headers=headers) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                at = time.perf_counter()
                is_open.set()
                if line.startswith("data: "):
                    told = json.loads(line.removeprefix("data: "))
                    self._heard[case.conversation, told["text"]].set_result(at)


async def write_to_newcomers(expert: Person, cases: list[OpenCase], rate: int, seconds: float) -> Measured:
    """Words at a fixed rate through the desk's own call, each to a case that chance chooses, while all of them are watched.

    A message's time runs from when its call was due until the newcomer's stream tells it. Raises ``RuntimeError`` when a
    stream does not hold.
    """
    chance = random.Random(SEED)
    measured = Measured()
    page = httpx.AsyncClient(base_url=expert.base_url, cookies=expert.cookies, timeout=ANSWER_WITHIN)
    watching = Watching(str(expert.base_url))

    async def write(case: OpenCase, words: str, due: float) -> None:
        form = {"words": words, "once": secrets.token_hex(12)}
        headers = {"HX-Request": "true", "X-CSRF-Token": expert.token}
        try:
            (await page.post(f"/desk/cases/{case.id}/write", data=form, headers=headers)).raise_for_status()
        except httpx.HTTPError:
            measured.failed += 1
            return
        heard = await watching.hear(case, words, ANSWER_WITHIN)
        if heard is None:
            measured.lost += 1
        else:
            measured.seconds.append(heard - due)

    try:
        await watching.open(cases)
        first = time.perf_counter() + 0.2
        async with asyncio.TaskGroup() as tasks:
            for number in range(int(rate * seconds)):
                due = first + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                tasks.create_task(write(chance.choice(cases), f"I have read your papers, number {number}.", due))
        measured.took = time.perf_counter() - first
        if watching.broken:
            raise RuntimeError(f"streams did not hold: {watching.broken}")
    finally:
        await watching.close()
        await page.aclose()
    return measured
