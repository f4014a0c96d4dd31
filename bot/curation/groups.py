"""Missed questions in groups, with the answers that may fit. What takes long is done beside the event loop."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import structlog

from bot.curation.grouping import grouped, likeness
from bot.curation.kinds import Cause
from bot.curation.missed import Missed, MissedQuestions
from bot.curation.vectors import MissedVectors
from bot.desk.accounts import Account
from bot.guide import Guide
from bot.own_script import in_own_script
from knowledge.encoder import PARALLEL_FROM, Vectors
from knowledge.search import Question

log = structlog.get_logger(__name__)

ON_ONE_CORE = PARALLEL_FROM - 1
"""So many questions are encoded at a time beside the turns of newcomers, on one core; and while somebody waits for a page."""

TOLD_EVERY = 300
"""So many vectors are made before they go into the file."""

SUGGESTED = 3
REMEMBERED = 8
"""Results that are kept, for several people who look at the same time."""


@dataclass(frozen=True)
class Group:
    """Questions of one meaning; the one in the middle comes first and names the group."""

    members: list[Missed]
    vector: Vectors
    """The encoder's vector of the first, shape (d,)."""

    @property
    def name(self) -> Missed:
        return self.members[0]

    @property
    def count(self) -> int:
        return sum(missed.count for missed in self.members)

    @cached_property
    def languages(self) -> Counter[str]:
        return sum((missed.languages for missed in self.members), Counter())

    @cached_property
    def causes(self) -> Counter[Cause]:
        return sum((missed.causes for missed in self.members), Counter())

    @cached_property
    def not_helping(self) -> Counter[str]:
        return sum((missed.not_helping for missed in self.members), Counter())

    @property
    def last_at(self) -> dt.datetime:
        return max(missed.last_at for missed in self.members)


@dataclass(frozen=True)
class Reading:
    """Many questions are new, and are being read: how many are, of how many."""

    done: int
    total: int


class MissedGroups:
    """Groups what somebody at the desk may see."""

    def __init__(self, guide: Guide, questions: MissedQuestions, vectors: MissedVectors) -> None:
        self._guide, self._questions, self._vectors = guide, questions, vectors
        self._known: dict[tuple[Any, ...], list[Group]] = {}
        self._encoding: asyncio.Task[None] | None = None
        self._reading = Reading(0, 0)

    async def look(self, account: Account | None) -> list[Group] | Reading:
        """The groups of what is missed, the one asked most first; or how far reading has come, which goes on by itself."""
        place = account.municipality if account is not None and account.role == "counsellor" else ""
        key = (place, await self._questions.state(account), self._guide.manifest.id)
        if key not in self._known:
            missed = await self._questions.open(account)
            vectors, new = await self._vectors_of(missed)
            if len(new) > ON_ONE_CORE:
                return self._read_on(new, len(missed))
            await self._encode(new, vectors, ON_ONE_CORE)
            self._known[key] = await asyncio.to_thread(self._grouped, missed, vectors)
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        return self._known[key]

    async def all(self, since: dt.datetime | None, told: Callable[[int, int], None]) -> list[Group]:
        """The groups for whoever runs the guide. What is new is read at once, on all cores; ``told`` hears how far it is."""
        missed = await self._questions.open(None, since)
        vectors, new = await self._vectors_of(missed)
        await self._encode(new, vectors, TOLD_EVERY, told)
        return await asyncio.to_thread(self._grouped, missed, vectors)

    async def suggestions(self, group: Group) -> list[str]:
        """Ids of the answers that search ranks first for the question that names the group."""
        name = group.name
        found = await self._guide.search(Question(text=in_own_script(name.text, name.language), vector=group.vector))
        return [each.id for each in found.candidates if each.id in self._guide.content.answers][:SUGGESTED]

    async def stop(self) -> None:
        """Read no more."""
        if self._encoding is not None:
            self._encoding.cancel()
            await asyncio.gather(self._encoding, return_exceptions=True)

    async def _vectors_of(self, missed: Sequence[Missed]) -> tuple[dict[str, Vectors], list[Missed]]:
        """The vectors that are known, and the questions that have none."""
        known = await asyncio.to_thread(self._vectors.read, self._guide.encoder.name)
        return known, [each for each in missed if each.key not in known]

    def _read_on(self, new: list[Missed], total: int) -> Reading:
        if self._encoding is None or self._encoding.done():
            self._reading = Reading(total - len(new), total)
            self._encoding = asyncio.create_task(self._encode(new, {}, ON_ONE_CORE, self._note))
            self._encoding.add_done_callback(_log_failure)
        return self._reading

    def _note(self, done: int, total: int) -> None:
        self._reading = Reading(self._reading.total - total + done, self._reading.total)

    async def _encode(
        self,
        new: Sequence[Missed],
        known: dict[str, Vectors],
        batch: int,
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Make the vectors of ``new`` and put them into ``known`` and, now and then, into the file."""
        encoder, fresh = self._guide.encoder, dict[str, Vectors]()
        for start in range(0, len(new), batch):
            part = new[start : start + batch]
            texts = [in_own_script(each.text, each.language) for each in part]
            fresh.update(zip((each.key for each in part), await asyncio.to_thread(encoder.encode, texts), strict=True))
            told(start + len(part), len(new))
            if len(fresh) >= TOLD_EVERY or start + len(part) == len(new):
                await asyncio.to_thread(self._vectors.add, encoder.name, fresh)
                known.update(fresh)
                fresh = {}

    def _grouped(self, missed: list[Missed], vectors: dict[str, Vectors]) -> list[Group]:
        if not missed:
            return []
        rows = np.stack([vectors[each.key] for each in missed]).astype(np.float32)
        alike = likeness(self._guide.snapshot.retrieval, rows)
        found = grouped(alike, [each.count for each in missed])
        groups = [Group([missed[row] for row in group], rows[group[0]]) for group in found]
        return sorted(groups, key=lambda group: (-group.count, -group.last_at.timestamp(), group.name.key))


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("missed.not_read", problem=repr(task.exception()))
