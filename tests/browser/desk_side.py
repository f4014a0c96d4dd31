"""The other end of a hand-off: the desk of a guide that runs, on its database, as another process of the service would act."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy import select, update

from bot.conversations.database import Database
from bot.conversations.store import add_message
from bot.conversations.tables import ConversationRow
from bot.desk.accounts import Account, account_of
from bot.desk.presence import Presence
from bot.desk.tables import AccountRow
from bot.handoff.beginning import begin, new_case
from bot.handoff.cases import Cases
from bot.handoff.draft import EXPERT_DESK, Draft
from bot.handoff.lines import system_line
from bot.handoff.tables import AppointmentRow, CaseRow
from bot.messages import Message
from bot.notify import Notifier
from bot.settings import Settings

EXPERT = "Residence permit expert"
T = TypeVar("T")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class DeskSide:
    """Works in a loop of its own: Playwright's stands in the way of another one in the same thread."""

    def __init__(self, settings: Settings) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._database = Database(settings.database_url)
        self._cases = Cases(self._database, Notifier(), now)
        self._presence = Presence(self._database, dt.timedelta(minutes=settings.desk_away_minutes))
        self._with_case: list[str] = []
        self.expert = self._do(self._account())

    def close(self) -> None:
        """Leave no case open and nobody at work: the next test begins at an empty desk."""
        for conversation_id in self._with_case:
            self.withdraw(conversation_id)
        self.present(False)
        self._do(self._leave())
        self._do(self._database.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def present(self, present: bool) -> None:
        """The expert says to be there, or not."""
        self._do(self._presence.say(self.expert.id, present, now()))

    def begin(self, conversation_id: str, **told: Any) -> int:
        """A case as at the end of a form, with the line that says so; its id."""
        self._with_case.append(conversation_id)
        return self._do(self._begin(conversation_id, told))

    def case_of(self, conversation_id: str) -> int:
        """The open case that the newcomer has begun."""
        self._with_case.append(conversation_id)
        return self._do(self._case_of(conversation_id))

    def claim(self, case_id: int) -> None:
        self._do(self._cases.claim(case_id, self.expert))

    def release(self, case_id: int) -> None:
        self._do(self._cases.release(case_id, self.expert))

    def write(self, case_id: int, text: str, language: str = "fi") -> dict[str, Any]:
        """Words of the expert, as the API will give them."""
        return self._do(self._cases.write(case_id, self.expert, text, language)).model_dump(mode="json")

    def resolve(self, case_id: int) -> None:
        self._do(self._cases.resolve(case_id, self.expert, "answered", None, None))

    def withdraw(self, conversation_id: str) -> bool:
        """Whether there was an open case."""
        return self._do(self._cases.withdraw(conversation_id))

    def expire(self, conversation_id: str) -> bool:
        return self._do(self._cases.expire(conversation_id))

    def state(self, case_id: int) -> str:
        return self._do(self._state(case_id))

    def book(self, case_id: int, starts_at: dt.datetime, medium: str, link: str | None) -> None:
        """An appointment, with the line that says so."""
        self._do(self._book(case_id, starts_at, medium, link))

    def say(self, conversation_id: str, message: Message) -> dict[str, Any]:
        """Any message."""
        return self._do(self._say(conversation_id, message)).model_dump(mode="json")

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _account(self) -> Account:
        row = AccountRow(login=f"expert-{now().timestamp()}", title=EXPERT, role="expert", language="en", created_at=now())
        async with self._database.write() as session:
            session.add(row)
            await session.flush()
            return account_of(row)

    async def _leave(self) -> None:
        async with self._database.write() as session:
            await session.execute(update(AccountRow).where(AccountRow.id == self.expert.id).values(disabled=True))

    async def _case_of(self, conversation_id: str) -> int:
        async with self._database.session() as session:
            its_own = CaseRow.conversation_id == conversation_id, CaseRow.state == "queued"
            return (await session.scalars(select(CaseRow.id).where(*its_own))).one()

    async def _begin(self, conversation_id: str, told: dict[str, Any]) -> int:
        draft = Draft.model_validate({"consent": True, "way": "chat", "matter": "Miksi lupa viipyy?", "language": "fi", **told})
        async with self._database.write() as session:
            row = await session.get_one(ConversationRow, conversation_id)
            case = new_case(draft, row, EXPERT_DESK, {"topic": None}, now())
            case.told_to_wait_at = now()  # what the service says by itself meanwhile is not what these tests look at
            begin(session, case)
            await session.flush()
            await add_message(session, conversation_id, system_line(now(), draft.language, "state_queued"))
            return case.id

    async def _state(self, case_id: int) -> str:
        async with self._database.session() as session:
            return (await session.get_one(CaseRow, case_id)).state

    async def _book(self, case_id: int, starts_at: dt.datetime, medium: str, link: str | None) -> None:
        async with self._database.write() as session:
            case = await session.get_one(CaseRow, case_id)
            ends_at = starts_at + dt.timedelta(minutes=30)
            about = {"case_id": case_id, "desk": case.desk, "state": "booked", "uid": f"{case_id}@example.fi"}
            session.add(AppointmentRow(starts_at=starts_at, ends_at=ends_at, medium=medium, link=link, **about))
            await add_message(session, case.conversation_id, system_line(now(), case.language, "by_phone"))

    async def _say(self, conversation_id: str, message: Message) -> Message:
        async with self._database.write() as session:
            return await add_message(session, conversation_id, message)
