"""A line before the dialogue: so many turns are in it at once, the others wait in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LineStandsStill(Exception):
    """Nothing has come from the dialogue for as long as somebody waited."""


class Line:
    """In a rush the turns wait here, as long as the line moves, instead of all running out of time together.

    ``patience`` is in seconds: whoever has waited so long while nothing came from the dialogue gets ``LineStandsStill``.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._patience = patience
        self._waiting: set[asyncio.Timeout] = set()
        self._moved_at = float("-inf")

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the dialogue.

        After an error inside, those who wait are told at once, unless another turn has come through in the meantime.
        """
        clock = asyncio.get_running_loop().time
        await self._wait()
        began = clock()
        try:
            yield
            self._moved_at = clock()
            self._give_until(clock() + self._patience)
        except Exception:
            if self._moved_at < began:
                self._give_until(clock())
            raise
        finally:
            self._places.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience) as limit:
                self._waiting.add(limit)
                try:
                    await self._places.acquire()
                finally:
                    self._waiting.discard(limit)
        except TimeoutError:
            raise LineStandsStill from None

    def _give_until(self, moment: float) -> None:
        for limit in self._waiting:
            if not limit.expired():
                limit.reschedule(moment)
