"""Counts what the reports are made from, in the database: groups of turns and of cases, and the waiting times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import TurnRow
from bot.handoff.tables import OPEN_STATES, CaseFiguresRow
from bot.reports.filters import NOT_TOLD, ReportFilters, begins, ends
from bot.status import Status

Fact = Literal["questions", "cases", "answers_judged", "cases_judged"]
"""What is counted: questions, cases, and what newcomers said of answers and of cases."""

QUESTIONS = (Status.answered, Status.clarify, Status.unknown, Status.out_of_scope, Status.emergency, Status.failed)
"""Turns with these statuses are questions. ``handoff`` is asking for a human, which is counted as a case once it is one;
``smalltalk`` and ``control`` ask nothing; with ``human`` the bot had nothing to answer."""

Groups = defaultdict[str, Counter[tuple[str, str]]]
"""By each dimension: how many there are in a row, such as a month, of a key, such as a status."""


@dataclass(frozen=True)
class Wait:
    """One case: how long it waited for a human, and took until its end, in seconds."""

    rows: dict[str, str]
    """In which row of each table the case is."""
    claimed: float | None
    ended: float | None


@dataclass
class Counted:
    """Everything that a report counts. The groups are by status, way, outcome, or ``helped`` and ``not_helped``."""

    questions: Groups = field(default_factory=lambda: defaultdict(Counter))
    answers_judged: Groups = field(default_factory=lambda: defaultdict(Counter))
    ways: Groups = field(default_factory=lambda: defaultdict(Counter))
    outcomes: Groups = field(default_factory=lambda: defaultdict(Counter))
    cases_judged: Groups = field(default_factory=lambda: defaultdict(Counter))
    waits: list[Wait] = field(default_factory=list)


async def count(session: AsyncSession, filters: ReportFilters) -> Counted:
    """Count all. With an outcome among the filters turns are not counted: they have none."""
    counted = Counted()
    for by in filters.rows_by:
        if filters.outcome is None:
            for row, status, helped, number in await session.execute(_turns(filters, by)):
                if status in QUESTIONS:
                    counted.questions[by][row, status] += number
                if helped is not None:
                    counted.answers_judged[by][row, _judged(helped)] += number
        for row, way, state, outcome, helped, number in await session.execute(_cases(filters, by)):
            counted.ways[by][row, way] += number
            counted.outcomes[by][row, stands(state, outcome)] += number
            if helped is not None:
                counted.cases_judged[by][row, _judged(helped)] += number
    for *keys, way, state, outcome, waited, took in await session.execute(_waits(filters)):
        rows = {**dict(zip(filters.rows_by, keys, strict=True)), "way": way, "outcome": stands(state, outcome)}
        counted.waits.append(Wait(rows, waited, took))
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
    return "open" if state in OPEN_STATES else state


def _judged(helped: bool) -> str:
    return "helped" if helped else "not_helped"


def _turns(filters: ReportFilters, by: str) -> Select[Any]:
    counted = or_(TurnRow.status.in_(QUESTIONS), TurnRow.helped.is_not(None))
    return _grouped(TurnRow, filters, by, ["status", "helped"], counted)


def _cases(filters: ReportFilters, by: str) -> Select[Any]:
    return _grouped(CaseFiguresRow, filters, by, ["way", "state", "outcome", "helped"])


def _waits(filters: ReportFilters) -> Select[Any]:
    """Each case that was claimed or has ended. SQLite has no percentiles, so they are worked out in bot/reports/store.py."""
    row = CaseFiguresRow
    known = or_(row.waited_s.is_not(None), row.took_s.is_not(None))
    columns = [row.way, row.state, row.outcome, row.waited_s, row.took_s]
    return select(*(_key(row, filters, by) for by in filters.rows_by), *columns).where(*_where(row, filters), known)


def _grouped(row: Any, filters: ReportFilters, by: str, names: Sequence[str], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Groups by ``by`` and ``names``. The keys are made inside, so that PostgreSQL sees that select and group are the same."""
    inside = select(_key(row, filters, by), *(getattr(row, name) for name in names))
    groups = inside.where(*_where(row, filters), *conditions).subquery()
    return select(*groups.c, func.count()).group_by(*groups.c)


def _key(row: Any, filters: ReportFilters, by: str) -> ColumnElement[Any]:
    if by == "month":
        # Months begin at midnight in Finland. SQLite knows no time zones, so the moments between months are worked out here.
        return case(*((row.at < ends(each), each) for each in filters.months)).label("month")
    return func.coalesce(getattr(row, by), NOT_TOLD).label(by)


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
        return row.state.in_(OPEN_STATES)
    if outcome in ("withdrawn", "expired"):
        return row.state == outcome
    said = row.outcome == outcome
    return and_(row.state == "resolved", or_(said, row.outcome.is_(None)) if outcome == "answered" else said)
