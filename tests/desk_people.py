"""What the tests of the desk share: a database of their own, a clock that they turn, and passwords that are quick to hash."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import select

from bot.conversations.database import Database
from bot.desk.tables import AuditRow

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
PASSWORD = "lumi sulaa keväällä"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """Shows the time that the test sets."""

    def __init__(self, at: dt.datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at

    def forward(self, **by: float) -> dt.datetime:
        self.at += dt.timedelta(**by)
        return self.at


_migrated: list[bytes] = []


async def new_database(folder: Path) -> Database:
    """An SQLite file with all tables. The migrations run once; later files are copies of the first."""
    path = folder / "desk.db"
    if not _migrated:
        first = Database(f"sqlite:///{path}")
        await first.migrate()
        await first.close()
        _migrated.append(path.read_bytes())
    path.write_bytes(_migrated[0])
    return Database(f"sqlite:///{path}")


async def audited(database: Database) -> list[tuple[str, str, str | None]]:
    """Login, what and detail of every row of the audit log, oldest first."""
    async with database.session() as session:
        rows = await session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.login, row.what, row.detail) for row in rows]
