"""Accounts, conversations and cases made through the stores, for tests of the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete

from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore, add_message, new_conversation_id
from bot.conversations.tables import ConversationRow
from bot.desk.accounts import Account, AccountStore
from bot.handoff.beginning import begin, new_case
from bot.handoff.cases import Cases
from bot.handoff.draft import Draft
from bot.handoff.tables import AppointmentRow, CaseEventRow
from bot.language import direction
from bot.messages import Message
from bot.notify import Notifier
from knowledge.markdown import as_html_text
from tests.desk_people import Clock

CODE = "131052-308T"
"""A made-up identity code from the examples of the authority that gives them out."""


class MadeCases:
    """Makes what the tests need in one database."""

    def __init__(self, database: Database, clock: Clock, notifier: Notifier | None = None) -> None:
        self.database = database
        self.clock = clock
        self.notifier = notifier or Notifier()
        self.cases = Cases(database, self.notifier, clock)
        self.store = ConversationStore(database)

    async def account(self, login: str, role: Any = "expert", municipality: str | None = None, **more: Any) -> Account:
        """An account whose title is its login in capitals."""
        store = AccountStore(self.database)
        return await store.add(login, login.upper(), role, self.clock(), municipality=municipality, **more)

    async def case(self, matter: str = "My permit is late", desk: str = "expert", said: str | None = None, **told: Any) -> int:
        """A case that waits, in a new conversation in which the newcomer has said the matter."""
        conversation = Conversation(
            id=new_conversation_id(),
            channel="web",
            language=told.get("language", "en"),
            municipality=told.get("municipality"),
            created_at=self.clock(),
            last_at=self.clock(),
        )
        topic = told.pop("topic", None)
        summary = told.pop("summary", {"topic": topic, "asked": [], "answers": [], "messages": 1})
        urgent = told.pop("urgent", False)
        self.token, _ = await self.store.create(conversation, [newcomer_says(said or matter, self.clock())])
        draft = Draft(**{"consent": True, "way": "chat", "matter": matter, "language": "en", "phone": "+358401234567", **told})
        async with self.database.write() as session:
            row = await session.get(ConversationRow, conversation.id)
            assert row is not None
            case = new_case(draft, row, desk, summary, self.clock())
            case.urgent = urgent
            begin(session, case)
            await session.flush()
            session.add(CaseEventRow(case_id=case.id, at=self.clock(), kind="created"))
            return case.id

    async def forget(self) -> None:
        """Delete every conversation with its case."""
        async with self.database.write() as session:
            await session.execute(delete(ConversationRow))

    async def message(self, conversation_id: str, message: Message) -> Message:
        """Store a message; whoever listens is woken, as a turn does."""
        async with self.database.write() as session:
            stored = await add_message(session, conversation_id, message)
        self.notifier.tell(conversation_id)
        self.notifier.tell("desk")
        return stored

    async def appointment(self, case_id: int, desk: str, starts_at: dt.datetime) -> None:
        """A booked time, as it stands in the table."""
        async with self.database.write() as session:
            session.add(
                AppointmentRow(
                    case_id=case_id,
                    desk=desk,
                    starts_at=starts_at,
                    ends_at=starts_at + dt.timedelta(minutes=30),
                    medium="phone",
                    state="booked",
                    uid=f"case-{case_id}@desk",
                    sequence=0,
                )
            )


def newcomer_says(text: str, at: dt.datetime, language: str = "en") -> Message:
    """A message of the newcomer."""
    return Message(
        at=at,
        sender="newcomer",
        kind="text",
        text=text,
        html=as_html_text(text),
        language=language,
        dir=direction(language),
    )
