"""What tests of several folders share: a guide that really runs."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.live_guide import LiveGuide, free_ports, settings_for_tests


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
