"""What unit tests share: a new, migrated database for each test, on SQLite and on PostgreSQL; and a service without Rasa."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.app import public_app
from bot.service import Service
from tests.live_guide import settings_for_tests


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service inside this process, with a database of its own and no Rasa. ``app.state.service`` is the service."""
    with TestClient(public_app(Service(settings_for_tests(tmp_path_factory.mktemp("served")))), follow_redirects=False) as client:
        yield client
