"""The conversations are held with a guide whose desk is staffed, so that every way to a human is possible."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.live_guide import LiveGuide, settings_for_tests


@pytest.fixture(scope="session")
def live_guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveGuide]:
    """The service and Rasa as real processes, started once."""
    guide = LiveGuide(settings_for_tests(tmp_path_factory.mktemp("staffed")), serve=["tests.dialogue.staffed"])
    try:
        guide.start()
        yield guide
    finally:
        guide.stop()


@pytest.fixture(scope="session")
def api(live_guide: LiveGuide) -> Iterator[httpx.Client]:
    """An HTTP client of this guide: the one that tests of other folders share speaks with theirs."""
    with httpx.Client(base_url=live_guide.url, timeout=30) as client:
        yield client
