"""Figures for tests of reports: a busy half-year with small counts in many places."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

from bot.conversations.database import Database
from bot.conversations.tables import TurnRow
from bot.handoff.tables import CaseFiguresRow

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
numbers = itertools.count(1)


def turn(**told: Any) -> TurnRow:
    return TurnRow(**{"at": NOON, "channel": "web", "status": "answered", "language": "fi", "took_ms": 1.0, **told})


def case(**told: Any) -> CaseFiguresRow:
    usual = {"at": NOON, "channel": "web", "way": "chat", "desk": "expert", "language": "fi", "state": "resolved"}
    return CaseFiguresRow(**{"id": f"{next(numbers):032}", "outcome": "answered", **usual, **told})


async def store(database: Database, *rows: TurnRow | CaseFiguresRow) -> None:
    async with database.write() as session:
        session.add_all(rows)


def busy_months() -> list[TurnRow | CaseFiguresRow]:
    """Turns and cases of January to March 2026."""
    rng = random.Random(7)
    places = ["joensuu", "kitee", "juuka", "lieksa", None]
    rows: list[TurnRow | CaseFiguresRow] = []
    for _ in range(400):
        told = {
            "at": dt.datetime(2026, rng.choice([1, 2, 2, 3, 3, 3]), 15, tzinfo=dt.UTC),
            "municipality": rng.choices(places, [60, 20, 3, 1, 10])[0],
            "topic": f"topic_{min(int(rng.expovariate(0.4)), 9)}",
            "language": rng.choices(["fi", "en", "ru", "so"], [50, 30, 10, 1])[0],
        }
        rows.append(turn(**told, status=rng.choices(["answered", "clarify", "unknown", "emergency"], [70, 20, 9, 1])[0]))
        if rng.random() < 0.2:
            way = rng.choice(["chat", "callback", "question"])
            rows.append(case(**told, way=way, waited_s=60.0 * rng.randint(1, 500), took_s=None))
        if rng.random() < 0.2:
            rows.append(turn(**told, status="control", helped=rng.random() < 0.7))
    return rows
