"""The desk as it is served, and browsers that log in there."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from sqlalchemy import delete

from bot.app import public_app
from bot.desk.accounts import Account, AccountStore, Role
from bot.desk.publishing import Publishing
from bot.desk.tables import AccountRow, AuditRow
from bot.service import Service
from bot.settings import ROOT, Settings
from tests.desk_people import PASSWORD, QUICK, Clock, audited
from tests.live_guide import wait_until
from tests.service.publisher import publisher_command

Result = TypeVar("Result")


class ServedDesk:
    """The service's public application on free loopback ports, with a clock that the test turns. Rasa is not needed."""

    def __init__(self, folder: Path, content: Path | None = None) -> None:
        self.clock = Clock()
        self.content = content or copied_content(folder)
        settings = Settings(
            database_url=f"sqlite:///{folder / 'elo.db'}",
            content_dir=self.content,
            snapshot_dir=ROOT / "var" / "snapshots",
            run_dir=folder,
            questions_per_minute=1_000_000,
        )
        self.service = Service(settings, self.clock)
        self.service.accounts = AccountStore(self.service.database, QUICK)
        self.service.publishing = Publishing(settings, publisher_command(folder))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers: list[tuple[uvicorn.Server, Any]] = []
        self.run(self.service.database.migrate)

    def run(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do something in the loop of the service."""

        async def do() -> Result:
            return await work()

        return asyncio.run_coroutine_threadsafe(do(), self._loop).result(60)

    def serve(self, **changed: Any) -> str:
        """Serve with changed settings; gives the address."""
        self.service.settings = self.service.settings.model_copy(update=changed)
        config = uvicorn.Config(public_app(self.service), port=0, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        self._servers.append((server, asyncio.run_coroutine_threadsafe(server.serve(), self._loop)))
        wait_until(lambda: server.started, "the desk")
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        for _, served in self._servers:
            served.result(30)
        self.run(self.service.stop)
        self.run(_end_what_is_left)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def empty(self) -> None:
        """Forget every account and what was recorded."""

        async def work() -> None:
            async with self.service.database.write() as session:
                await session.execute(delete(AccountRow))
                await session.execute(delete(AuditRow))

        self.run(work)

    def add(self, login: str, role: Role = "expert", municipality: str | None = None, **more: Any) -> Account:
        more = {"title": f"The {role}", "password": PASSWORD, "language": "en", **more}
        accounts = self.service.accounts
        return self.run(lambda: accounts.add(login, role=role, now=self.clock(), municipality=municipality, **more))

    def audited(self) -> list[tuple[str, str, str | None]]:
        return self.run(lambda: audited(self.service.database))


def copied_content(folder: Path) -> Path:
    """The content as files that a test may change."""
    into = folder / "knowledge"
    shutil.copytree(ROOT / "knowledge", into, ignore=shutil.ignore_patterns("*.py", "__pycache__", "verbs"))
    return into


class Browser(httpx.Client):
    """Keeps cookies, follows nothing, and sends the token of the page it saw last."""

    def __init__(self, address: str, **more: Any) -> None:
        headers = {"Accept-Language": "en", **more.pop("headers", {})}
        super().__init__(base_url=address, timeout=30, headers=headers, **more)
        self.token = ""

    def see(self, path: str) -> httpx.Response:
        """Open a page, and remember the token of its forms."""
        response = self.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', response.text)
        self.token = found[1] if found else ""
        return response

    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that was seen last."""
        return self.post(path, data={"csrf": self.token, **fields})

    def log_in(self, login: str = "expert", password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Open the login page, and send it."""
        self.see("/desk/login")
        return self.submit("/desk/login", login=login, password=password, **fields)


async def _end_what_is_left() -> None:
    """A library waits for the end of the program in a task of its own."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
