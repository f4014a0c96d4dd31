"""The shapes of a report: tables of counts that may be shown, and of waiting times."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.reports.counting import Fact
from bot.reports.filters import ReportFilters, RowsBy
from bot.reports.suppress import LEAST

Part = Literal["status", "way", "outcome", "judged"]
"""By what the columns of a table divide its rows."""

Keys = tuple[str, ...]
"""What a row or a column counts: one key, or several that were pooled."""

Withheld = Literal["few", "difference"]
"""Why nothing of a fact is shown: it has fewer than ``LEAST``, or so few differ from the report without one of the filters."""


@dataclass(frozen=True)
class Row:
    """One row. ``pooled`` rows hold the small ones together. A cell that is hidden is None."""

    keys: Keys
    pooled: bool
    cells: list[int | None]
    total: int


@dataclass(frozen=True)
class Table:
    """Counts of one fact, by one dimension, divided by one thing."""

    fact: Fact
    by: RowsBy
    part: Part
    columns: list[Keys]
    rows: list[Row]
    totals: list[int]
    total: int

    @property
    def name(self) -> str:
        return f"{self.fact}_{self.part}_by_{self.by}"


@dataclass(frozen=True)
class WaitRow:
    """Minutes until a human claimed the case, and until its end: median and ninetieth percentile. None when hidden or none."""

    key: str
    claimed_median: int | None
    claimed_p90: int | None
    ended_median: int | None
    ended_p90: int | None


@dataclass(frozen=True)
class WaitTable:
    """Waiting times of cases by one dimension; ``all`` is of all of them."""

    by: RowsBy
    rows: list[WaitRow]
    all: WaitRow

    @property
    def name(self) -> str:
        return f"waits_by_{self.by}"


@dataclass(frozen=True)
class Report:
    """Everything that is shown for some filters. A fact without tables was withheld, or there is nothing of it."""

    filters: ReportFilters
    made_at: dt.datetime
    tables: list[Table]
    waits: list[WaitTable]
    withheld: dict[Fact, Withheld]

    def tables_of(self, fact: Fact) -> list[Table]:
        return [table for table in self.tables if table.fact == fact]


def share(count: int | None, total: int) -> float | None:
    """The share as a fraction; None when the count is hidden, or when it would be of fewer than ``LEAST``."""
    return None if count is None or total < LEAST else count / total
