"""Charts as SVG, drawn on the server. Numbers and patterns tell, never colour alone; each stands beside its table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.reports.shapes import Table
from bot.reports.words import ReportWords

WIDTH = 720
LABEL = 210
"""Width of the names at the side."""

LINE = 26
PLOT = 150
"""Height of one row, and of upright bars."""

PATTERNS = ("solid", "diagonal", "dots", "lines", "bars", "cross", "pale")

templates = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Bar:
    """One bar with its place in the chart."""

    label: str
    value: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Part:
    """A stretch of a bar that shows shares. ``fill`` is one of ``PATTERNS``, or ``hidden``."""

    label: str
    fill: str
    x: float
    width: float


def chart(table: Table, words: ReportWords, title: str) -> Markup:
    """How many in each row: upright bars over the months, else bars side by side under each other."""
    return _over_months(table, words, title) if table.by == "month" else _by_rows(table, words, title)


def shares(table: Table, words: ReportWords, title: str) -> Markup:
    """What each row is made of, as parts of one whole. What is hidden is one part."""
    names = [words.column(table.part, keys) for keys in table.columns]
    used = [number for number, total in enumerate(table.totals) if total]
    fills = {number: PATTERNS[place % len(PATTERNS)] for place, number in enumerate(used)}
    room = WIDTH - LABEL - 70
    bars = []
    for row in (row for row in table.rows if row.total):
        known = [(names[n], fills[n], row.cells[n] or 0) for n in used]
        rest = row.total - sum(count for _, _, count in known)
        parts, x = [], float(LABEL)
        for name, fill, count in [*known, (words.say("hidden"), "hidden", rest)]:
            width = room * count / row.total
            if count:
                parts.append(Part(f"{name}: {count} ({100 * count / row.total:.0f} %)", fill, round(x, 1), round(width, 1)))
            x += width
        bars.append((words.row(table.by, row.keys), row.total, parts))
    legend = [(names[number], fills[number]) for number in used]
    if any(part.fill == "hidden" for _, _, parts in bars for part in parts):
        legend.append((words.say("hidden"), "hidden"))
    return _draw("shares.svg", table, title, words, bars=bars, legend=legend, line=LINE, label=LABEL, room=room)


def _over_months(table: Table, words: ReportWords, title: str) -> Markup:
    most = max((row.total for row in table.rows), default=0) or 1
    step = (WIDTH - 20) / max(len(table.rows), 1)
    bars = []
    for number, row in enumerate(table.rows):
        height = PLOT * row.total / most
        x, width = 10 + step * number + step * 0.15, min(step * 0.7, 60)
        bars.append(
            Bar(words.row("month", row.keys), str(row.total), round(x, 1), round(20 + PLOT - height, 1), round(width, 1), height)
        )
    return _draw("months.svg", table, title, words, bars=bars, plot=PLOT, turned=step < 48)


def _by_rows(table: Table, words: ReportWords, title: str) -> Markup:
    most = max((row.total for row in table.rows), default=0) or 1
    room = WIDTH - LABEL - 70
    bars = [
        Bar(words.row(table.by, row.keys), str(row.total), LABEL, number * LINE, round(room * row.total / most, 1), LINE - 8)
        for number, row in enumerate(table.rows)
    ]
    return _draw("rows.svg", table, title, words, bars=bars, line=LINE, label=LABEL)


def _draw(template: str, table: Table, title: str, words: ReportWords, **values: object) -> Markup:
    told = {"name": f"{template.partition('.')[0]}_{table.name}", "title": words.say("chart_of", title=title), "width": WIDTH}
    return Markup(templates.get_template(template).render(told | values))  # noqa: S704 - the template escapes
