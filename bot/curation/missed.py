"""Reads the questions that were missed, and keeps what is decided on them.

Questions in the same words, capitals and punctuation aside, are one; what was decided on it holds wherever it is asked again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import Database
from bot.conversations.tables import TurnRow
from bot.curation.kinds import Cause, Decision, Reason
from bot.curation.scope import visible
from bot.curation.tables import MissedDecisionRow
from bot.desk.accounts import Account
from bot.desk.audit import record
from bot.redaction import redact
from bot.status import Status

AT_ONCE = 400
"""Keys in one statement."""

State = tuple[Any, ...]


@dataclass
class Missed:
    """A question in some words, and how often it was missed. ``text`` is masked."""

    key: str
    text: str
    first_at: dt.datetime
    last_at: dt.datetime
    count: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    not_helping: Counter[str] = field(default_factory=Counter)
    """Ids of the answers that did not help."""

    @property
    def language(self) -> str:
        """The language in which it was asked most."""
        return self.languages.most_common(1)[0][0]


@dataclass(frozen=True)
class Decided:
    """A question with what was decided on it, and when."""

    missed: Missed
    decision: Decision
    reason: Reason | None
    answer_id: str | None
    at: dt.datetime


def key_of(text: str) -> str:
    """The SHA-256 of the words: capitals, width, punctuation and signs do not make another question."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in folded).split()
    return hashlib.sha256(" ".join(words or folded.split()).encode()).hexdigest()


class MissedQuestions:
    """Every method is one transaction. ``account`` is who looks, None for whoever runs the guide."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self, account: Account | None) -> State:
        """Changes whenever something that ``open`` or ``decided`` tell has changed."""
        seen = TurnRow.missed_question.is_not(None), visible(account, TurnRow.municipality)
        turns = select(func.count(), func.max(TurnRow.id)).where(*seen)
        decisions = select(func.count(), func.max(MissedDecisionRow.at))
        async with self._database.session() as session:
            return (*(await session.execute(turns)).one(), *(await session.execute(decisions)).one())

    async def open(self, account: Account | None, since: dt.datetime | None = None) -> list[Missed]:
        """The questions on which nothing is decided yet, the one asked most first."""
        async with self._database.session() as session:
            rows = await _rows(session, account, since)
            decided = set(await session.scalars(select(MissedDecisionRow.key)))
        found = await asyncio.to_thread(_told, rows)
        return [missed for missed in found if missed.key not in decided]

    async def decided(self, account: Account | None) -> list[Decided]:
        """The questions on which something is decided, the last first, as long as their words are kept."""
        async with self._database.session() as session:
            rows = await _rows(session, account, None)
            decisions = {row.key: row for row in await session.scalars(select(MissedDecisionRow))}
        found = await asyncio.to_thread(_told, rows)
        told = [
            Decided(missed, row.decision, row.reason, row.answer_id, row.at)  # type: ignore[arg-type]  # closed lists
            for missed in found
            if (row := decisions.get(missed.key)) is not None
        ]
        return sorted(told, key=lambda each: (each.at, each.missed.key), reverse=True)

    async def decide(
        self,
        keys: Iterable[str],
        account: Account,
        at: dt.datetime,
        decision: Decision,
        *,
        reason: Reason | None = None,
        answer_id: str | None = None,
    ) -> int:
        """Keep a decision on the questions that the account sees and on which nothing is decided; how many there were."""
        wanted = set(keys)
        undecided = [missed.key for missed in await self.open(account) if missed.key in wanted]
        async with self._database.write() as session:
            taken = await _decided_keys(session, undecided)
            new = [key for key in undecided if key not in taken]
            session.add_all(
                MissedDecisionRow(key=key, decision=decision, reason=reason, answer_id=answer_id, at=at, account_id=account.id)
                for key in new
            )
            if new:
                record(session, at, account, f"missed_{decision}", detail=_detail(len(new), reason or answer_id))
        return len(new)

    async def put_back(self, keys: Iterable[str], account: Account, at: dt.datetime) -> int:
        """Forget what was decided on questions that the account sees; how many there were."""
        wanted = set(keys)
        found = [each.missed.key for each in await self.decided(account) if each.missed.key in wanted]
        async with self._database.write() as session:
            for start in range(0, len(found), AT_ONCE):
                part = found[start : start + AT_ONCE]
                await session.execute(delete(MissedDecisionRow).where(MissedDecisionRow.key.in_(part)))
            if found:
                record(session, at, account, "missed_put_back", detail=_detail(len(found), None))
        return len(found)


async def _rows(session: AsyncSession, account: Account | None, since: dt.datetime | None) -> Sequence[Any]:
    columns = TurnRow.at, TurnRow.status, TurnRow.helped, TurnRow.language, TurnRow.answer_id, TurnRow.missed_question
    query = select(*columns).where(TurnRow.missed_question.is_not(None), visible(account, TurnRow.municipality))
    if since is not None:
        query = query.where(TurnRow.at >= since)
    return (await session.execute(query.order_by(TurnRow.id))).all()


def _told(rows: Sequence[Any]) -> list[Missed]:
    found: dict[str, Missed] = {}
    masked: dict[str, tuple[str, str]] = {}
    for at, status, helped, language, answer_id, words in rows:
        if words not in masked:
            text = redact(words)  # what was masked by the rules of then is masked by those of today
            masked[words] = key_of(text), text
        key, text = masked[words]
        missed = found.setdefault(key, Missed(key, text, at, at))
        missed.count += 1
        missed.languages[language or "en"] += 1
        missed.causes["not_helped" if helped is False else "clarify" if status == Status.clarify else "unknown"] += 1
        if helped is False and answer_id:
            missed.not_helping[answer_id] += 1
        missed.first_at, missed.last_at = min(missed.first_at, at), max(missed.last_at, at)
    return sorted(found.values(), key=lambda missed: (-missed.count, -missed.last_at.timestamp(), missed.key))


async def _decided_keys(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        found.update(await session.scalars(select(MissedDecisionRow.key).where(MissedDecisionRow.key.in_(part))))
    return found


def _detail(count: int, about: str | None) -> str:
    """For the audit log: how many, and what for, without their words."""
    return f"{count} {about}" if about else str(count)
