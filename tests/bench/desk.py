"""The desk in a database full of cases: how long its pages take, and an expert's words to the newcomer's screen."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.desk_rows import SEED, Filled, fill
from tests.bench.desk_streams import write_to_newcomers
from tests.bench.load import Measured
from tests.bench.scale import FOLDER, Scale
from tests.live_guide import LiveGuide, settings_for_tests
from tests.postgresql import PostgreSQL
from tests.service.case_desk import Person

WRITTEN_A_SECOND = 5
WANTED_MS = {"delivery": 150, "pages": 200}
"""What the 95th percentiles should stay below."""


def measure_desk(scale: Scale) -> dict[str, Any]:
    """On SQLite and on PostgreSQL; the service alone, since none of it needs Rasa."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, place in (("PostgreSQL", _postgresql), ("SQLite", _sqlite)):
        with tempfile.TemporaryDirectory(prefix="desk-", dir=FOLDER) as folder, place(Path(folder)) as url:
            print(f"desk: {name}: {scale.desk_cases} cases are made …", flush=True)
            filled = asyncio.run(fill(url, scale.desk_cases, scale.desk_conversations))
            with _service(Path(folder), url) as address, closing(Person(address, filled.expert)) as expert:
                pages = {path: _page(scale, expert, filled, path) for path in ("/desk", "/desk/cases/<id>")}
                seconds = scale.desk_seconds
                delivery = asyncio.run(write_to_newcomers(expert, filled.open, WRITTEN_A_SECOND, seconds)).summary()
            print(f"desk: {name}: {delivery}, {pages}", flush=True)
            rows.append({"database": name, "pages": pages, "delivery": delivery})
    return {
        "cases": scale.desk_cases,
        "conversations": scale.desk_conversations,
        "a_second": WRITTEN_A_SECOND,
        "seconds": scale.desk_seconds,
        "wanted_p95_ms": WANTED_MS,
        "rows": rows,
    }


def _page(scale: Scale, expert: Person, filled: Filled, path: str) -> dict[str, Any]:
    """One page again and again; that of a case each time of another one, of any state."""
    chance = random.Random(SEED)
    measured = Measured()
    for _ in range(scale.desk_pages):
        address = path.replace("<id>", str(chance.choice(filled.of_expert)))
        started = time.perf_counter()
        page = expert.get(address)
        if page.status_code == 200:
            measured.seconds.append(time.perf_counter() - started)
        else:
            measured.failed += 1
    return measured.summary()


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'elo.db'}"


@contextmanager
def _postgresql(_: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="elo-bench-") as folder:  # where its own user, too, can go
        server = PostgreSQL(Path(folder), durable=True)
        try:
            yield server.create("elo")
        finally:
            server.stop()


@contextmanager
def _service(folder: Path, url: str) -> Iterator[str]:
    guide = LiveGuide(settings_for_tests(folder, database_url=url))
    try:
        guide.service_process.start()
        guide.service_process.wait_until_ready()
        yield guide.url
    finally:
        guide.stop()
