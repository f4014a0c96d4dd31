"""Makes reports from the statistics of turns and cases."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from bot.conversations.database import Database
from bot.reports.counting import QUESTIONS, Counted, Fact, Groups, Wait, count, totals
from bot.reports.filters import OUTCOMES, ReportFilters, RowsBy
from bot.reports.shapes import Keys, Part, Report, Row, Table, WaitRow, WaitTable, Withheld
from bot.reports.suppress import LEAST, is_small, pool, protect

WAYS = ("chat", "callback", "appointment", "question")
JUDGED = ("helped", "not_helped")


class ReportStore:
    """Reads figures. What it gives away has small counts suppressed already (bot/reports/suppress.py)."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] | None = None) -> None:
        self._database = database
        self._now = now or (lambda: dt.datetime.now(dt.UTC))

    async def figures(self, filters: ReportFilters) -> Report:
        """The report for some filters."""
        async with self._database.session() as session:
            found = await totals(session, filters)
            wider = [await totals(session, filters.without(name)) for name in filters.narrowed]
            counted = await count(session, filters)
        withheld: dict[Fact, Withheld] = {}
        for fact, total in found.items():
            if is_small(total):
                withheld[fact] = "few"
            elif any(is_small(other[fact] - total) for other in wider if other[fact]):
                withheld[fact] = "difference"
        # A year of waiting times is long to sort: that must not keep the turns waiting.
        return await asyncio.to_thread(_report, filters, self._now(), counted, withheld)


def _report(filters: ReportFilters, made_at: dt.datetime, counted: Counted, withheld: dict[Fact, Withheld]) -> Report:
    kinds: list[tuple[Fact, Part, Groups, Sequence[str]]] = [
        ("questions", "status", counted.questions, QUESTIONS),
        ("cases", "way", counted.ways, WAYS),
        ("cases", "outcome", counted.outcomes, OUTCOMES),
        ("answers_judged", "judged", counted.answers_judged, JUDGED),
        ("cases_judged", "judged", counted.cases_judged, JUDGED),
    ]
    tables: list[Table] = []
    for fact, part, groups, known in kinds:
        if groups and fact not in withheld:
            tables += _tables(filters, fact, part, groups, known)
    waits = _waits(filters, counted.waits) if counted.waits and "cases" not in withheld else []
    return Report(filters, made_at, tables, waits, withheld)


def _tables(filters: ReportFilters, fact: Fact, part: Part, groups: Groups, known: Sequence[str]) -> Iterable[Table]:
    of_column: Counter[str] = Counter(dict.fromkeys(known, 0))
    for (_, key), number in groups["month"].items():
        of_column[key] += number
    columns = pool(of_column)
    column_of = {key: number for number, keys in enumerate(columns) for key in keys}
    column_totals = [sum(of_column[key] for key in keys) for keys in columns]
    for by in filters.rows_by:
        counts: dict[str, list[int]] = {key: [0] * len(columns) for key in (filters.months if by == "month" else ())}
        for (row, key), number in groups[by].items():
            counts.setdefault(row, [0] * len(columns))[column_of[key]] += number
        keys = list(counts) if by == "month" else sorted(counts, key=lambda each: (-sum(counts[each]), each))
        rows = _rows(keys, [counts[key] for key in keys])
        yield Table(fact, by, part, [tuple(each) for each in columns], rows, column_totals, sum(column_totals))


def _rows(keys: Sequence[str], counts: list[list[int]]) -> list[Row]:
    protected = protect(counts)
    rows = []
    for group, cells in zip(protected.rows, protected.cells, strict=True):
        names: Keys = tuple(keys[number] for number in group)
        rows.append(Row(names, len(names) > 1, cells, sum(sum(counts[number]) for number in group)))
    return rows


def _waits(filters: ReportFilters, waits: Sequence[Wait]) -> list[WaitTable]:
    everything = _wait_row("all", waits)
    tables = []
    by_cases: list[RowsBy] = ["way", "outcome"]
    for by in [*filters.rows_by, *by_cases]:
        grouped: defaultdict[str, list[Wait]] = defaultdict(list)
        for wait in waits:
            grouped[wait.rows[by]].append(wait)
        known = {"month": filters.months, "way": WAYS, "outcome": OUTCOMES}.get(by, sorted(grouped))
        tables.append(WaitTable(by, [_wait_row(key, grouped[key]) for key in known if key in grouped], everything))
    return tables


def _wait_row(key: str, waits: Sequence[Wait]) -> WaitRow:
    claimed = [wait.claimed for wait in waits if wait.claimed is not None]
    ended = [wait.ended for wait in waits if wait.ended is not None]
    return WaitRow(key, _median(claimed), _p90(claimed), _median(ended), _p90(ended))


def _median(seconds: Sequence[float]) -> int | None:
    return round(statistics.median(seconds) / 60) if len(seconds) >= LEAST else None


def _p90(seconds: Sequence[float]) -> int | None:
    """The smallest of the times that nine in ten do not exceed."""
    return round(sorted(seconds)[math.ceil(0.9 * len(seconds)) - 1] / 60) if len(seconds) >= LEAST else None
