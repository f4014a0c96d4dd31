"""The database: engine, migrations, and what counts as an outage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

LOCK_WAIT_SECONDS = 2.0
"""How long a write waits for a locked SQLite before it gives up. The newcomer then gets a 503 and tries again."""

OUTAGE = (DBAPIError, PoolTimeoutError, OSError)
"""Errors that mean that the database cannot be reached or written: locked, full, gone."""


class Database:
    """One database, SQLite or PostgreSQL, reached asynchronously."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername == "sqlite" and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self._writing = asyncio.Lock() if self.url.drivername == "sqlite" else nullcontext()
        self.engine = self._engine()
        self.session: async_sessionmaker[AsyncSession] = async_sessionmaker(self.engine, expire_on_commit=False)

    def _engine(self) -> AsyncEngine:
        if self.url.drivername != "sqlite":
            return create_async_engine(
                self.url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True, pool_size=10
            )
        engine = create_async_engine(
            self.url.set(drivername="sqlite+aiosqlite"),
            hide_parameters=True,
            connect_args={"timeout": LOCK_WAIT_SECONDS},
            pool_size=10,
            max_overflow=20,
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        return engine

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that writes. SQLite takes one at a time; in a rush they wait here in line, where none is starved."""
        async with self._writing, self.session.begin() as session:
            yield session

    async def migrate(self) -> None:
        """Bring the database to the newest shape. Safe to call at every start."""
        await asyncio.to_thread(self._migrate)

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        drivername = "sqlite" if self.url.drivername == "sqlite" else "postgresql+psycopg"
        config.attributes["url"] = self.url.set(drivername=drivername)
        command.upgrade(config, "head")

    async def is_reachable(self) -> bool:
        """Whether a trivial read succeeds."""
        try:
            async with self.session() as session:
                await session.execute(text("SELECT 1 FROM conversations LIMIT 1"))
            return True
        except (SQLAlchemyError, OSError):
            return False

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten in the file
    cursor.close()
