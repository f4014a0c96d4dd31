"""A report as tables with words: what the page shows, and what the files hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.opening import FINLAND
from bot.reports.counting import Fact
from bot.reports.shapes import Report, Table, WaitRow, WaitTable, share
from bot.reports.words import ReportWords

Format = Literal["text", "count", "share"]

Value = str | int | float | None
"""None is hidden, or too few to say."""

FACTS: tuple[Fact, ...] = ("questions", "cases", "answers_judged", "cases_judged")

SHARED: dict[Fact, str] = {"questions": "answered", "answers_judged": "helped", "cases_judged": "helped"}
"""The column whose share is told."""


@dataclass(frozen=True)
class Sheet:
    """One table with its words. The last row is the total."""

    name: str
    title: str
    header: list[str]
    formats: list[Format]
    rows: list[list[Value]]


def about(report: Report, words: ReportWords) -> list[str]:
    """What is counted, for which period and filters, and what is not shown."""
    filters = report.filters
    period = words.say("period", first=words.name("month", filters.first), last=words.name("month", filters.last))
    narrowed = [f"{words.say(name)}: {words.name(name, value)}" for name, value in filters.narrowed.items()]
    made = words.say("made", date=f"{report.made_at.astimezone(FINLAND):%d.%m.%Y}")
    kept_back = [f"{words.say(fact)}: {words.say(reason)}" for fact, reason in report.withheld.items()]
    explained = [words.say(f"what_{name}") for name in ("questions", "cases", "waits", "judged")]
    rule = words.say("rule", hidden=words.say("hidden"))
    return [period, *narrowed, made, *kept_back, *explained, words.say("months_in_finland"), rule]


def sheets(report: Report, words: ReportWords) -> list[Sheet]:
    """Every table of the report."""
    counts = [count_sheet(table, words) for table in report.tables]
    return [*counts, *(wait_sheet(table, words) for table in report.waits)]


def count_sheet(table: Table, words: ReportWords) -> Sheet:
    """A table of counts, with the share of one column where there is one to tell."""
    shared = next((n for n, keys in enumerate(table.columns) if keys == (SHARED.get(table.fact),)), None)

    def line(label: str, cells: list[int | None], total: int) -> list[Value]:
        told = [] if shared is None else [share(cells[shared], total)]
        return [label, total, *cells, *told]

    header = [words.say(table.by), words.say("total"), *(words.column(table.part, keys) for keys in table.columns)]
    formats: list[Format] = ["text"]
    formats += ["count"] * (len(header) - 1)
    if shared is not None:
        header.append(words.say(f"share_{table.fact}"))
        formats.append("share")
    rows = [line(words.row(table.by, row.keys), row.cells, row.total) for row in table.rows]
    title = _title(words, f"{table.fact}_{table.part}", table.by)
    return Sheet(table.name, title, header, formats, [*rows, line(words.say("total"), [*table.totals], table.total)])


def wait_sheet(table: WaitTable, words: ReportWords) -> Sheet:
    """A table of waiting times."""

    def line(label: str, row: WaitRow) -> list[Value]:
        return [label, row.claimed_median, row.claimed_p90, row.ended_median, row.ended_p90]

    measures = ("claimed_median", "claimed_p90", "ended_median", "ended_p90")
    header = [words.say(table.by), *(words.say(name) for name in measures)]
    rows = [line(words.name(table.by, row.key), row) for row in table.rows]
    formats: list[Format] = ["text", "count", "count", "count", "count"]
    return Sheet(table.name, _title(words, "waits", table.by), header, formats, [*rows, line(words.say("total"), table.all)])


def cells(sheet: Sheet) -> Iterator[tuple[str, str, Value, Format]]:
    """Every number of a table with the names of its row and its column."""
    for row in sheet.rows:
        for column, value, kind in zip(sheet.header[1:], row[1:], sheet.formats[1:], strict=True):
            yield str(row[0]), column, value, kind


def _title(words: ReportWords, what: str, by: str) -> str:
    return words.say("by", what=words.say(what), dimension=words.say(f"by_{by}"))
