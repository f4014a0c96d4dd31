"""What the service tests share: newcomers, and services inside the test's own process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.app import public_app
from bot.service import Service
from tests.desk_people import NOON
from tests.live_guide import LiveGuide, settings_for_tests
from tests.service.case_desk import CaseDesk
from tests.service.desk_browser import ServedDesk
from tests.service.newcomer import Newcomer
from tests.unit.content_fixtures import write_content


@pytest.fixture
def newcomer(api: httpx.Client) -> Newcomer:
    """Somebody with a new conversation."""
    return Newcomer(api)


@pytest.fixture(scope="module")
def serve_inside(live_guide: LiveGuide, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., TestClient]]:
    """Makes services inside this process, with settings and a clock of their own, that talk with the live guide's Rasa."""
    with ExitStack() as stack:

        def serve(now: Callable[[], dt.datetime] | None = None, **changed: Any) -> TestClient:
            settings = settings_for_tests(
                tmp_path_factory.mktemp("inside"),
                rasa_url=live_guide.settings.rasa_address,
                snapshot_dir=live_guide.settings.snapshot_dir,
                models_dir=live_guide.settings.models_dir,
                **changed,
            )
            app = public_app(Service(settings, now))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedDesk, str]]:
    """The desk's pages without Rasa, and their address. The guide is the real one; the content folder is small."""
    folder = tmp_path_factory.mktemp("desk")
    desk = ServedDesk(folder, write_content(folder))
    try:
        yield desk, desk.serve()
    finally:
        desk.stop()


@pytest.fixture
def desk(served: tuple[ServedDesk, str]) -> Iterator[CaseDesk]:
    """An empty desk at noon, with what makes cases for it."""
    served[0].clock.at = NOON
    served[0].empty()
    desk = CaseDesk(*served)
    desk.run(desk.made.forget())
    yield desk
    desk.close()
