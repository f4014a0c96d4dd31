"""What a report is about: whole months in Finnish time, and any of the dimensions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from bot.opening import FINLAND

Dimension = Literal["municipality", "topic", "language", "channel", "audience"]
DIMENSIONS: tuple[Dimension, ...] = ("municipality", "topic", "language", "channel", "audience")

RowsBy = Literal["month", "municipality", "topic", "language", "channel", "audience", "way", "outcome"]
"""What the rows of a table can be; ways and outcomes are those of cases."""

NOT_TOLD = "-"
"""Stands for a municipality, topic or audience that is not known, in filters and in tables."""

OUTCOMES = ("answered", "appointment_held", "referred", "not_reached", "withdrawn", "expired", "open")
"""How cases stand: the outcomes of those that were resolved, the two other ends, and those that have not ended."""

MOST_MONTHS = 60

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Key = Annotated[str, StringConstraints(pattern=r"^(-|[a-z0-9_-]{1,80})$")]


class ReportFilters(BaseModel):
    """The period, both months included, and what else the figures are narrowed to. None does not narrow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Month
    last: Month
    municipality: Key | None = None
    topic: Key | None = None
    language: Key | None = None
    channel: Key | None = None
    audience: Key | None = None
    outcome: Literal["answered", "appointment_held", "referred", "not_reached", "withdrawn", "expired", "open"] | None = None
    """How cases stand. With it a report tells of cases only."""

    @model_validator(mode="after")
    def _a_period(self) -> Self:
        if not 1 <= len(self.months) <= MOST_MONTHS:
            raise ValueError(f"a period has 1 to {MOST_MONTHS} months")
        return self

    @property
    def months(self) -> list[str]:
        """The months of the period. Empty when it ends before it begins."""
        first, last = _number(self.first), _number(self.last)
        return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]

    @property
    def narrowed(self) -> dict[str, str]:
        """The dimensions, and the outcome, to which the figures are narrowed."""
        told = {name: getattr(self, name) for name in (*DIMENSIONS, "outcome")}
        return {name: value for name, value in told.items() if value is not None}

    @property
    def rows_by(self) -> list[RowsBy]:
        """What the tables go by: months, and the dimensions to which the figures are not narrowed."""
        return ["month", *(name for name in DIMENSIONS if name not in self.narrowed)]

    def without(self, name: str) -> ReportFilters:
        """The same, not narrowed to ``name``."""
        return self.model_copy(update={name: None})


def last_twelve_months(today: dt.date) -> ReportFilters:
    """The month of ``today`` and the eleven before it."""
    this = today.year * 12 + today.month - 1
    first = this - 11
    return ReportFilters(first=f"{first // 12:04}-{first % 12 + 1:02}", last=f"{this // 12:04}-{this % 12 + 1:02}")


def begins(month: str) -> dt.datetime:
    """The first moment of a month in Finland."""
    return dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=FINLAND)


def ends(month: str) -> dt.datetime:
    """The first moment after a month in Finland."""
    number = _number(month) + 1
    return dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=FINLAND)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1
