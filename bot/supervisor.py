"""Keeps the service, Rasa and the watch over the content running: starts them, restarts what dies, stops all."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from bot.rasa_process import rasa_command, rasa_environment, write_endpoints
from bot.settings import ROOT, Settings

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
"""Seconds. A process that dies is started again after a pause that doubles each time, until it has been steady for a while."""

STOP_WITHIN = 10.0
"""Seconds that a process has to end before it is killed."""


class CannotStart(Exception):
    """Something is in the way. The message is one sentence for the person who starts the service."""


@dataclass
class Watched:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    start_after: float = 0.0
    restarts: int = 0
    _output: IO[bytes] | None = field(default=None, repr=False)

    def start(self, now: float) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            env=dict(self.environment),
            cwd=ROOT,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started_at = now

    def look_after(self, now: float) -> str | None:
        """Start again what has died, after its pause; returns what to tell, if anything."""
        if self.process is not None and self.process.poll() is None:
            if now - self.started_at > STEADY_AFTER:
                self.pause = FIRST_PAUSE
            return None
        if self.process is not None:
            code = self.process.returncode
            self._close()
            self.start_after = now + self.pause
            told = f"{self.name} ended with code {code}; starting it again in {self.pause:g} s (see {self.log})"
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.restarts += 1
            return told
        if now >= self.start_after:
            self.start(now)
        return None

    def stop(self) -> None:
        """Ask the process to end, with its children, and kill what stays."""
        if self.process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(STOP_WITHIN)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._close()

    def _close(self) -> None:
        self.process = None
        if self._output is not None:
            self._output.close()
            self._output = None


class Supervisor:
    """Runs until it is told to stop. ``tell`` gets each line of progress."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._stop = threading.Event()
        self._watched: list[Watched] = []

    def stop(self) -> None:
        """End the loop of ``run``. Safe to call from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Start the processes and look after them until ``stop``. Raises ``CannotStart``."""
        settings = self._settings
        check_ports(settings)
        if not list(settings.models_dir.glob("*.tar.gz")) and not settings.rasa_url:
            raise CannotStart(f"There is no trained model in {settings.models_dir}. Run script/train.")
        settings.internal_token = settings.internal_token or secrets.token_urlsafe(24)
        self._watched = self._processes()
        started = time.monotonic()
        try:
            for watched in self._watched:
                watched.start(time.monotonic())
            *first, last = (watched.name for watched in self._watched)
            self._tell(f"Starting {' and '.join([', '.join(first)] * bool(first) + [last])} …")
            ready = False
            while not self._stop.wait(0.2):
                for watched in self._watched:
                    told = watched.look_after(time.monotonic())
                    if told:
                        self._tell(told)
                if not ready and self._answers():
                    ready = True
                    self._tell(f"Ready after {time.monotonic() - started:.0f} s: http://{settings.host}:{settings.port}/")
        finally:
            self._tell("Stopping …")
            for watched in reversed(self._watched):
                watched.stop()

    def _processes(self) -> list[Watched]:
        settings = self._settings
        environment = {
            **os.environ,
            "ELO_INTERNAL_TOKEN": settings.internal_token,
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
        }
        logs = settings.run_dir / "log"
        service = Watched("the service", [sys.executable, "-m", "bot", "serve"], environment, logs / "service.log")
        watched = [service]
        if settings.watch_content == "on":
            command = [sys.executable, "-m", "bot", "watch-content"]
            watched.append(Watched("the content watch", command, environment, logs / "content.log"))
        if not settings.rasa_url:
            endpoints = write_endpoints(settings)
            watched.insert(0, Watched("Rasa", rasa_command(settings, endpoints), rasa_environment(), logs / "rasa.log"))
        return watched

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://{_reachable(self._settings.host)}:{self._settings.port}/health", timeout=1).is_success
        except httpx.HTTPError:
            return False


def check_ports(settings: Settings) -> None:
    """Raises ``CannotStart`` when a port that is needed is taken."""
    ports = {"ELO_PORT": (settings.host, settings.port), "ELO_INTERNAL_PORT": ("127.0.0.1", settings.internal_port)}
    if not settings.rasa_url:
        ports["ELO_RASA_PORT"] = ("127.0.0.1", settings.rasa_port)
    numbers = [port for _, port in ports.values()]
    if len(set(numbers)) < len(numbers):
        raise CannotStart(f"{', '.join(ports)} must be different ports.")
    for name, (host, port) in ports.items():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CannotStart(
                    f"Port {port} on {host} cannot be used ({error.strerror}): set {name} to a free one."
                ) from error


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
