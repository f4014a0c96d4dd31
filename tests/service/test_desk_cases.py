"""The desk's pages of cases as they are served, with a real database: every action, every refusal, and what nobody may see."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import httpx
import pytest

from bot.desk.accounts import Account
from bot.desk.case_full import FullCase, read_case
from tests.desk_people import NOON, PASSWORD
from tests.made_cases import MadeCases
from tests.service.desk_browser import ServedDesk

Result = TypeVar("Result")


class Person(httpx.Client):
    """A browser at the desk. Follows nothing, and sends the token of the page it saw last."""

    def __init__(self, address: str, account: Account) -> None:
        super().__init__(base_url=address, timeout=30, headers={"Accept-Language": "en"})
        self.account = account
        self.token = ""
        self.see("/desk/login")
        self.fill("/desk/login", login=account.login, password=PASSWORD)
        self.see("/desk")

    def see(self, path: str) -> httpx.Response:
        page = self.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        self.token = found[1] if found else self.token
        return page

    def fill(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        return self.post(path, data={"csrf": self.token, **fields})

    def done(self, path: str, **fields: str) -> httpx.Response:
        """Send a form that must succeed; gives the page to which the browser is sent."""
        sent = self.fill(path, **fields)
        assert sent.status_code == 303, sent.text
        return self.see(sent.headers["location"])


class CaseDesk:
    """A served desk with the cases that the tests make."""

    def __init__(self, served: ServedDesk, address: str) -> None:
        self.served = served
        self.address = address
        service = served.service
        self.made = MadeCases(service.database, served.clock, service.notifier)
        self._people: list[Person] = []

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        async def do() -> Result:
            return await work

        return self.served.run(do)

    def person(self, login: str, role: Any = "expert", municipality: str | None = None, **more: Any) -> Person:
        """Somebody new who is logged in."""
        self._people.append(Person(self.address, self.served.add(login, role, municipality, **more)))
        return self._people[-1]

    def case(self, *told: str, **more: Any) -> int:
        return self.run(self.made.case(*told, **more))

    def read(self, case_id: int, account: Account) -> FullCase:
        async def read() -> FullCase:
            async with self.served.service.database.session() as session:
                return await read_case(session, case_id, account)

        return self.run(read())

    def close(self) -> None:
        for person in self._people:
            person.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedDesk, str]]:
    desk = ServedDesk(tmp_path_factory.mktemp("desk"))
    try:
        yield desk, desk.serve()
    finally:
        desk.stop()


@pytest.fixture
def desk(served: tuple[ServedDesk, str]) -> Iterator[CaseDesk]:
    served[0].clock.at = NOON
    served[0].empty()
    desk = CaseDesk(*served)
    yield desk
    desk.close()
