"""What tests of several folders share: a guide that really runs."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

pytest.register_assert_rewrite("tests.service.conversation_contract", "tests.service.newcomer")

from bot.conversations.database import Database  # noqa: E402
from tests.live_guide import LiveGuide, free_ports, settings_for_tests  # noqa: E402
from tests.postgresql import PostgreSQL, running_postgresql  # noqa: E402

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def foreign_origin() -> str:
    """The one other website that may call the API of the running guide."""
    return f"http://localhost:{free_ports(1)[0]}"


@pytest.fixture(scope="session")
def live_guide(tmp_path_factory: pytest.TempPathFactory, foreign_origin: str) -> Iterator[LiveGuide]:
    """The service and Rasa as real processes, started once. A test that kills or pauses one brings it back."""
    guide = LiveGuide(settings_for_tests(tmp_path_factory.mktemp("guide"), allowed_origins=[foreign_origin]))
    try:
        guide.start()
        yield guide
    finally:
        guide.stop()


@pytest.fixture(scope="session")
def api(live_guide: LiveGuide) -> Iterator[httpx.Client]:
    """An HTTP client of the running guide."""
    with httpx.Client(base_url=live_guide.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """One server for all tests that only need databases of their own on it."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Each test that takes it runs on both."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'elo.db'}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql_server")
        url = server.create(f"test_{next(numbers)}")
    made = Database(url)
    await made.migrate()
    yield made
    await made.close()
