"""Counts what the reports are made from, in the database: groups of turns and of cases, and the waiting times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import TurnRow
from bot.handoff.tables import CaseFiguresRow
from bot.reports.filters import DIMENSIONS, NOT_TOLD, ReportFilters, begins, ends
from bot.status import Status

Fact = Literal["questions", "cases", "answers_judged", "cases_judged"]
"""What is counted: questions, cases, and what newcomers said of answers and of cases."""

QUESTIONS = (Status.answered, Status.clarify, Status.unknown, Status.out_of_scope, Status.emergency, Status.failed)
"""Turns with these statuses are questions. ``handoff`` is asking for a human, which is counted as a case once it is one;
``smalltalk`` and ``control`` ask nothing; with ``human`` the bot had nothing to answer."""

Place = tuple[str, ...]
"""Where something is counted: its month, then its key in each of ``DIMENSIONS``."""

Groups = Counter[tuple[Place, str]]
"""How many there are of each key, such as a status, in each place."""


@dataclass(frozen=True)
class Wait:
    """One case: how long it waited for a human, and took until its end, in seconds."""

    place: Place
    way: str
    outcome: str
    claimed: float | None
    ended: float | None


@dataclass
class Counted:
    """Everything that a report counts. The groups are by status, way, outcome, or ``helped`` and ``not_helped``."""

    questions: Groups
    answers_judged: Groups
    ways: Groups
    outcomes: Groups
    cases_judged: Groups
    waits: list[Wait]


async def count(session: AsyncSession, filters: ReportFilters) -> Counted:
    """Count all. With an outcome among the filters turns are not counted: they have none."""
    counted = Counted(Counter(), Counter(), Counter(), Counter(), Counter(), [])
    if filters.outcome is None:
        for *place, status, helped, number in await session.execute(_turns(filters)):
            where = tuple(place)
            if status in QUESTIONS:
                counted.questions[where, status] += number
            if helped is not None:
                counted.answers_judged[where, _judged(helped)] += number
    for *place, way, state, outcome, helped, number in await session.execute(_cases(filters)):
        where = tuple(place)
        counted.ways[where, way] += number
        counted.outcomes[where, stands(state, outcome)] += number
        if helped is not None:
            counted.cases_judged[where, _judged(helped)] += number
    for *place, way, state, outcome, waited, took in await session.execute(_waits(filters)):
        counted.waits.append(Wait(tuple(place), way, stands(state, outcome), waited, took))
    return counted


async def totals(session: AsyncSession, filters: ReportFilters) -> dict[Fact, int]:
    """How many there are of each fact."""
    found: dict[Fact, int] = {"questions": 0, "answers_judged": 0, "cases": 0, "cases_judged": 0}
    if filters.outcome is None:
        asked = func.count().filter(TurnRow.status.in_(QUESTIONS))
        turns = (await session.execute(select(asked, func.count(TurnRow.helped)).where(*_where(TurnRow, filters)))).one()
        found["questions"], found["answers_judged"] = turns
    figures = select(func.count(), func.count(CaseFiguresRow.helped)).where(*_where(CaseFiguresRow, filters))
    found["cases"], found["cases_judged"] = (await session.execute(figures)).one()
    return found


def stands(state: str, outcome: str | None) -> str:
    """How a case stands: one of ``OUTCOMES``. One that was resolved without saying how counts as answered."""
    if state == "resolved":
        return outcome or "answered"
    return "open" if state in ("queued", "claimed") else state


def _judged(helped: bool) -> str:
    return "helped" if helped else "not_helped"


def _turns(filters: ReportFilters) -> Select[Any]:
    counted = or_(TurnRow.status.in_(QUESTIONS), TurnRow.helped.is_not(None))
    return _grouped(TurnRow, filters, ["status", "helped"], counted)


def _cases(filters: ReportFilters) -> Select[Any]:
    return _grouped(CaseFiguresRow, filters, ["way", "state", "outcome", "helped"])


def _waits(filters: ReportFilters) -> Select[Any]:
    """Each case that was claimed or has ended. SQLite has no percentiles, so they are worked out in bot/reports/store.py."""
    row = CaseFiguresRow
    known = or_(row.waited_s.is_not(None), row.took_s.is_not(None))
    columns = [row.way, row.state, row.outcome, row.waited_s, row.took_s]
    return select(*_places(row, filters), *columns).where(*_where(row, filters), known)


def _grouped(row: Any, filters: ReportFilters, names: Sequence[str], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Groups by place and ``names``. The months are made inside, so that the database sees that select and group are the same."""
    inside = select(*_places(row, filters), *(getattr(row, name) for name in names))
    groups = inside.where(*_where(row, filters), *conditions).subquery()
    return select(*groups.c, func.count()).group_by(*groups.c)


def _places(row: Any, filters: ReportFilters) -> list[ColumnElement[Any]]:
    # Months begin at midnight in Finland. SQLite knows no time zones, so the moments between months are worked out here.
    month = case(*((row.at < ends(each), each) for each in filters.months))
    return [month.label("month"), *(func.coalesce(getattr(row, name), NOT_TOLD).label(name) for name in DIMENSIONS)]


def _where(row: Any, filters: ReportFilters) -> list[ColumnElement[bool]]:
    conditions = [row.at >= begins(filters.first), row.at < ends(filters.last)]
    for name, value in filters.narrowed.items():
        if name == "outcome":
            conditions.append(_standing(value))
        else:
            column = getattr(row, name)
            conditions.append(column.is_(None) if value == NOT_TOLD else column == value)
    return conditions


def _standing(outcome: str) -> ColumnElement[bool]:
    row = CaseFiguresRow
    if outcome == "open":
        return row.state.in_(("queued", "claimed"))
    if outcome in ("withdrawn", "expired"):
        return row.state == outcome
    said = row.outcome == outcome
    return and_(row.state == "resolved", or_(said, row.outcome.is_(None)) if outcome == "answered" else said)
