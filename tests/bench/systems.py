"""The two systems as real processes on free loopback ports, started when a part first needs them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Self

import httpx

from bot.rasa_process import RASA_PYTHON, rasa_environment
from bot.supervisor import Watched
from tests.bench.clients import Client, GuideClient, StockClient
from tests.bench.same_examples import write_same
from tests.bench.scale import FOLDER, Scale
from tests.bench.stock_project import PROJECT
from tests.bench.stock_training import trained
from tests.live_guide import LiveGuide, LiveProcess, free_ports, settings_for_tests


class LiveStock:
    """The stock FAQ behind Rasa's REST channel, with the tracker in memory as it comes."""

    def __init__(self, model: Path, folder: Path) -> None:
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        command = [
            str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model), "--endpoints", str(PROJECT / "endpoints.yml"),
            "--credentials", str(PROJECT / "credentials.yml"), "--interface", "127.0.0.1", "--port", str(port), "--quiet",
        ]  # fmt: skip
        watched = Watched("the stock FAQ", command, rasa_environment(), folder / "stock.log")
        self.process = LiveProcess(watched, self._answers)

    def start(self) -> None:
        self.process.start()
        self.process.wait_until_ready()

    def stop(self) -> None:
        self.process.stop()

    def _answers(self) -> bool:
        """Rasa listens once the model is loaded."""
        try:
            return httpx.get(f"{self.url}/webhooks/rest/", timeout=5).is_success
        except httpx.HTTPError:
            return False


class Systems:
    """Both systems, with everything they write in a folder of this run. Stops what it started, and removes the folder."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="run-", dir=FOLDER))
        self._guide: LiveGuide | None = None
        self._guide_on_same: LiveGuide | None = None
        self._stock: LiveStock | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for system in (self._guide, self._guide_on_same, self._stock):
            if system is not None:
                system.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def guide(self) -> LiveGuide:
        if self._guide is None:
            _say("starting the guide …")
            self._guide = LiveGuide(settings_for_tests(self._folder))
            self._guide.start()
        return self._guide

    @property
    def guide_on_same(self) -> LiveGuide | None:
        """A guide that knows only the examples that the stock FAQ is trained on; None when that is all of them."""
        if self._guide_on_same is None and self._scale.examples is not None:
            _say("starting the guide on the examples of the stock FAQ …")
            folder = self._folder / "same"
            write_same(folder / "snapshots", self._scale.examples)
            self._guide_on_same = LiveGuide(settings_for_tests(folder))
            self._guide_on_same.start()
        return self._guide_on_same

    @property
    def stock(self) -> LiveStock:
        if self._stock is None:
            model, _ = trained(self._scale)
            _say("starting the stock FAQ …")
            self._stock = LiveStock(model, self._folder)
            self._stock.start()
        return self._stock

    @asynccontextmanager
    async def clients(self) -> AsyncIterator[list[Client]]:
        """A client of each system."""
        made: list[Client] = [GuideClient(self.guide.url), StockClient(self.stock.url)]
        async with AsyncExitStack() as stack:
            for client in made:
                stack.push_async_callback(client.close)
            yield made


def _say(line: str) -> None:
    print(line, flush=True)
