"""Databases for unit tests: a new, migrated one for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.conversations.database import Database
from tests.postgresql import PostgreSQL

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    with tempfile.TemporaryDirectory(prefix="elo-postgresql-") as folder:
        server = PostgreSQL(Path(folder))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Each test that takes it runs on both."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'elo.db'}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql_server")
        url = server.create(f"unit_{next(numbers)}")
    made = Database(url)
    await made.migrate()
    yield made
    await made.close()
