"""What unit tests share: a new, migrated database for each test, on SQLite and on PostgreSQL; and a service without Rasa."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import public_app
from bot.conversations.database import Database
from bot.service import Service
from tests.live_guide import settings_for_tests
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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service inside this process, with a database of its own and no Rasa. ``app.state.service`` is the service."""
    with TestClient(public_app(Service(settings_for_tests(tmp_path_factory.mktemp("served")))), follow_redirects=False) as client:
        yield client
