"""Publishes from the desk: ``python -m knowledge publish`` as a process of its own, one at a time, and what came of it.

A lock and the last outcome are files in ``ELO_RUN_DIR``, so that several processes of the service know of one another.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import fcntl
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.settings import ROOT, Settings

log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-m", "knowledge", "publish", "--json")


@dataclass(frozen=True)
class Attempt:
    """One publishing, or the running one: ``outcome`` is None until it has ended."""

    by: str
    began_at: str
    outcome: dict[str, Any] | None = None
    failed: str | None = None
    """What the process said when it did not say what came of it."""

    @property
    def began(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.began_at)

    def listed(self, name: str) -> list[Any]:
        """A list of the outcome: ``problems``, ``worse`` or ``twins``."""
        value = (self.outcome or {}).get(name)
        return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Standing:
    """Whether somebody publishes now, and the last attempt, which is the running one then."""

    running: bool
    attempt: Attempt | None


class Publishing:
    """Starts publishing, and knows how it stands."""

    def __init__(self, settings: Settings, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._folder = settings.run_dir
        self._environment = {
            "ELO_CONTENT_DIR": str(settings.content_dir),
            "ELO_SNAPSHOT_DIR": str(settings.snapshot_dir),
            "ELO_ENCODER": settings.encoder,
        }
        self._running: set[asyncio.Task[None]] = set()

    def standing(self) -> Standing:
        """How it stands now. Raises ``OSError``."""
        lock = self._lock()
        if lock is not None:
            os.close(lock)
        try:
            attempt = Attempt(**json.loads(self._last.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            attempt = None
        if lock is not None and attempt and attempt.outcome is None and attempt.failed is None:
            attempt = None  # the service was stopped meanwhile
        return Standing(lock is None, attempt)

    def start(self, role: str, confirmed: bool, now: dt.datetime) -> bool:
        """Begin, unless it is being done already. ``confirmed``: required questions may get worse. Raises ``OSError``."""
        lock = self._lock()
        if lock is None:
            return False
        self._write(Attempt(role, now.isoformat()))
        task = asyncio.create_task(self._run(lock, role, confirmed, now))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def ended(self) -> None:
        """When nothing that was begun here runs any more."""
        await asyncio.gather(*self._running)

    @property
    def _last(self) -> Path:
        return self._folder / "desk-publishing.json"

    async def _run(self, lock: int, role: str, confirmed: bool, now: dt.datetime) -> None:
        try:
            more = ("--by", role, *(("--confirm",) if confirmed else ()))
            process = await asyncio.create_subprocess_exec(
                *self._command,
                *more,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            said, errors = await process.communicate()
            attempt = _came_to(role, now, said.decode(errors="replace"), errors.decode(errors="replace"))
        except OSError as error:
            attempt = Attempt(role, now.isoformat(), failed=str(error))
        try:
            log.info(
                "desk.published", by=role, outcome=attempt.outcome and attempt.outcome.get("published"), failed=attempt.failed
            )
            self._write(attempt)
        finally:
            os.close(lock)

    def _lock(self) -> int | None:
        """The lock, held until it is closed; None while somebody else has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / "desk-publishing.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle

    def _write(self, attempt: Attempt) -> None:
        waiting = self._last.with_suffix(".new")
        waiting.write_text(json.dumps(asdict(attempt), ensure_ascii=False), encoding="utf-8")
        waiting.replace(self._last)


def _came_to(role: str, now: dt.datetime, said: str, errors: str) -> Attempt:
    """The outcome that the process wrote as JSON."""
    try:
        outcome = json.loads(said)
    except ValueError:
        outcome = None
    if isinstance(outcome, dict) and isinstance(outcome.get("published"), bool):
        return Attempt(role, now.isoformat(), outcome)
    return Attempt(role, now.isoformat(), failed=(errors or said).strip()[-2000:] or "?")
