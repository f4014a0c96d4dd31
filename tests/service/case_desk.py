"""A served desk with cases, and people who are logged in there."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
from sqlalchemy import select

from bot.conversations.tables import ConversationRow
from bot.desk.accounts import Account
from bot.desk.case_full import FullCase, read_case
from bot.handoff.tables import CaseEventRow, CaseRow, OutboxRow
from bot.messages import Message
from tests.desk_people import PASSWORD
from tests.made_cases import MadeCases
from tests.service.desk_browser import ServedDesk

Result = TypeVar("Result")


def words_of(page: httpx.Response) -> str:
    """What stands on a page, on one line, without its tags and scripts."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


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
        assert sent.status_code == 303, words_of(sent)
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

    def say(self, case_id: int, message: Message) -> Message:
        """Put a message into the conversation of a case."""
        return self.run(self.made.message(self.row(case_id).conversation_id, message))

    def row(self, case_id: int) -> CaseRow:
        async def read() -> CaseRow:
            async with self.served.service.database.session() as session:
                return await session.get_one(CaseRow, case_id)

        return self.run(read())

    def owner(self, case_id: int) -> str:
        conversation_id = self.row(case_id).conversation_id

        async def read() -> str:
            async with self.served.service.database.session() as session:
                return (await session.get_one(ConversationRow, conversation_id)).owner

        return self.run(read())

    def mails(self, case_id: int) -> list[OutboxRow]:
        async def read() -> list[OutboxRow]:
            async with self.served.service.database.session() as session:
                return list(await session.scalars(select(OutboxRow).where(OutboxRow.case_id == case_id).order_by(OutboxRow.id)))

        return self.run(read())

    def events(self, case_id: int) -> list[tuple[str, str | None]]:
        """Kind and text, oldest first."""

        async def read() -> list[tuple[str, str | None]]:
            async with self.served.service.database.session() as session:
                found = await session.scalars(
                    select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.id)
                )
                return [(event.kind, event.text) for event in found]

        return self.run(read())

    def audited(self, what: str) -> list[tuple[str, str | None]]:
        """Who did it, and the detail."""
        return [(login, detail) for login, done, detail in self.served.audited() if done == what]

    def read(self, case_id: int, account: Account) -> FullCase:
        async def read() -> FullCase:
            async with self.served.service.database.session() as session:
                return await read_case(session, case_id, account)

        return self.run(read())

    def close(self) -> None:
        for person in self._people:
            person.close()
