"""ELO Guide as real processes on free loopback ports, with databases of its own in a temporary folder."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from bot.rasa_process import rasa_command, rasa_environment, write_endpoints
from bot.settings import ROOT, Settings
from bot.supervisor import Watched
from knowledge.vector_cache import VECTORS
from knowledge.word_counts import WORDS
from tests.desk_people import PASSWORD

READY_WITHIN = 120.0
"""Seconds. Rasa takes about 15 s to start, and longer on a machine that is busy with something else."""


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def add_expert(settings: Settings, login: str = "expert") -> None:
    """An account of a permit expert, made as an administrator makes it, with ``PASSWORD``."""
    add = ["accounts", "add", login, "--role", "expert", "--title", "Residence permit expert", "--language", "en"]
    subprocess.run(
        [sys.executable, "-m", "bot", *add, "--password-stdin"],
        input=PASSWORD, text=True, check=True, capture_output=True, env=environment(settings),
    )  # fmt: skip


def wait_until(holds: Callable[[], object], what: str, within: float = READY_WITHIN) -> None:
    """Return as soon as ``holds()`` is true. Raises ``TimeoutError`` naming ``what`` was waited for."""
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {within:g} s in vain: {what}")
        time.sleep(0.05)


def settings_for_tests(folder: Path, **changed: Any) -> Settings:
    """Settings with everything that is written below ``folder``, free ports, and a copy of what is published and trained."""
    snapshots, models = folder / "snapshots", folder / "models"
    if not snapshots.exists():
        current = (ROOT / "var/snapshots/current").read_text(encoding="utf-8").strip()
        shutil.copytree(ROOT / "var/snapshots" / current, snapshots / current)
        for name in (VECTORS, WORDS):
            shutil.copy(ROOT / "var/snapshots" / name, snapshots)
        (snapshots / "current").write_text(current, encoding="utf-8")
    if not models.exists():
        models.mkdir()
        shutil.copy(max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime), models)
    port, internal_port, rasa_port = free_ports(3)
    return Settings(
        **{
            "port": port,
            "internal_port": internal_port,
            "rasa_port": rasa_port,
            "internal_token": secrets.token_urlsafe(16),
            "database_url": f"sqlite:///{folder / 'elo.db'}",
            "rasa_database_url": f"sqlite:///{folder / 'rasa.db'}",
            "snapshot_dir": snapshots,
            "models_dir": models,
            "run_dir": folder,
            "questions_per_minute": 1_000_000,
            "look_seconds": 0.5,
            **changed,
        }
    )


def environment(settings: Settings) -> dict[str, str]:
    """The environment from which a process reads these very settings, and no others."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELO_")}
    for name, value in settings.model_dump().items():
        if value is not None:
            environment[f"ELO_{name.upper()}"] = ",".join(value) if isinstance(value, list) else str(value)
    return {**environment, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


class LiveProcess:
    """One process of the guide, which a test may pause, kill and start again."""

    def __init__(self, watched: Watched, is_ready: Callable[[], bool]) -> None:
        self._watched = watched
        self._is_ready = is_ready

    @property
    def pid(self) -> int:
        assert self._watched.process is not None
        return self._watched.process.pid

    @property
    def log(self) -> str:
        """Everything that the process has written so far."""
        return self._watched.log.read_text(encoding="utf-8", errors="replace") if self._watched.log.exists() else ""

    def start(self) -> None:
        self._watched.start(time.monotonic())

    def wait_until_ready(self) -> None:
        """Raises ``RuntimeError`` with the end of the log when the process ends instead."""

        def ready_or_ended() -> bool:
            process = self._watched.process
            if process is None or process.poll() is not None:
                raise RuntimeError(f"{self._watched.name} ended:\n{self.log[-3000:]}")
            return self._is_ready()

        wait_until(ready_or_ended, f"{self._watched.name} to be ready")

    def pause(self) -> None:
        """The process hangs until ``go_on``."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """The process is gone at once, without a chance to tidy up."""
        os.kill(self.pid, signal.SIGKILL)
        assert self._watched.process is not None
        self._watched.process.wait()

    def stop(self) -> None:
        self._watched.stop()

    def restart(self) -> None:
        """Stop what is left of the process, start it again, and wait until it is ready."""
        self.stop()
        self.start()
        self.wait_until_ready()


class LiveGuide:
    """The service and Rasa, started by the commands that ``bot.supervisor`` uses."""

    def __init__(self, settings: Settings, serve: Sequence[str] = ("bot", "serve")) -> None:
        """``serve``: the module that runs the service, and its arguments."""
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        logs = settings.run_dir / "log"
        service = Watched("the service", [sys.executable, "-m", *serve], environment(settings), logs / "service.log")
        rasa = Watched("Rasa", rasa_command(settings, write_endpoints(settings)), rasa_environment(), logs / "rasa.log")
        self.service_process = LiveProcess(service, lambda: "service" in self.health())
        self.rasa_process = LiveProcess(rasa, lambda: self.health().get("rasa") == "ok")

    def health(self) -> dict[str, Any]:
        """What ``/health`` says; empty when nobody answers."""
        try:
            said: dict[str, Any] = httpx.get(f"{self.url}/health", timeout=5).json()
        except (httpx.HTTPError, ValueError):
            return {}
        return said

    def start(self) -> None:
        self.rasa_process.start()
        self.service_process.start()
        self.service_process.wait_until_ready()
        self.rasa_process.wait_until_ready()

    def stop(self) -> None:
        self.service_process.stop()
        self.rasa_process.stop()
