"""One publishing, rollback or pruning at a time."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 120.0
"""How long one publishing waits for another: a full one takes about a minute."""

LOOK_EVERY_SECONDS = 0.05


class PublishedElsewhere(Exception):
    """Somebody else is publishing, and did not end in time."""


@contextmanager
def alone(folder: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """The folder of snapshots for oneself. The lock goes with the process that dies. Raises ``PublishedElsewhere``."""
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait_seconds
    with (folder / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    raise PublishedElsewhere("Somebody else is publishing. Try again in a few minutes.") from error
                time.sleep(LOOK_EVERY_SECONDS)
        yield
