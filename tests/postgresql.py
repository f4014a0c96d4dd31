"""PostgreSQL as a real server, for tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live_guide import free_ports, wait_until


class PostgreSQL:
    """A server in a temporary folder, reached over the loopback address. It refuses to run as root: then it has its own user."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """``durable``: what is stored survives a crash of the machine, as where people work with it; slower."""
        self._quick = () if durable else ("fsync=off", "full_page_writes=off")
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self._folder = folder
        self._user = "postgres" if os.getuid() == 0 else None
        self.port = free_ports(1)[0]
        if self._user:
            shutil.chown(folder, self._user)
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", "elo", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        self.start()

    def start(self) -> None:
        settings = (*self._quick, "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}")
        options = [part for setting in settings for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as_user(),
        )
        ready = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL to be ready", 30)

    def create(self, name: str) -> str:
        """A new, empty database; its address as a setting."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "elo", name)
        return f"postgresql://elo@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End it without waiting for those who are connected."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._as_user())

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        entry = pwd.getpwnam(self._user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A server in a temporary folder, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="elo-postgresql-") as folder:
        server = PostgreSQL(Path(folder))
        try:
            yield server
        finally:
            server.stop()
