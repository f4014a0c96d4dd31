"""A database with conversations, accounts and cases, without Rasa."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore, new_conversation_id
from bot.conversations.tables import ConversationRow, MessageRow, TurnRow
from bot.desk.accounts import Account, account_of
from bot.desk.tables import AccountRow
from bot.guide import Guide
from bot.handoff.beginning import begin, new_case
from bot.handoff.cases import Cases
from bot.handoff.draft import Draft
from bot.handoff.tables import CaseRow
from bot.messages import Message
from bot.notify import Notifier
from bot.settings import Settings
from bot.status import Status
from knowledge.encoder import make_encoder
from tests.desk_people import NOON, Clock


@dataclass
class Desk:
    """What the tests of the hand-off work with."""

    database: Database
    clock: Clock
    notifier: Notifier = field(default_factory=Notifier)

    def __post_init__(self) -> None:
        self.store = ConversationStore(self.database)
        self.cases = Cases(self.database, self.notifier, self.clock)

    async def account(self, login: str, role: str, municipality: str | None = None) -> Account:
        row = AccountRow(login=login, title=login.title(), role=role, municipality=municipality, language="en", created_at=NOON)
        async with self.database.write() as session:
            session.add(row)
            await session.flush()
            return account_of(row)

    async def conversation(self, language: str = "en") -> Conversation:
        conversation = Conversation(
            id=new_conversation_id(), channel="web", language=language, created_at=self.clock(), last_at=self.clock()
        )
        self.token, _ = await self.store.create(conversation, [])
        return conversation

    async def case(self, desk: str = "expert", way: str = "chat", **told: Any) -> CaseRow:
        conversation = await self.conversation(told.get("language", "en"))
        draft = Draft.model_validate({"consent": True, "way": way, "matter": "Why is it late?", "language": "en", **told})
        async with self.database.write() as session:
            row = await session.get_one(ConversationRow, conversation.id)
            case = new_case(draft, row, desk, {"topic": None}, self.clock())
            begin(session, case)
            await session.flush()
            return case

    async def read(self, case: CaseRow) -> tuple[CaseRow, ConversationRow]:
        async with self.database.session() as session:
            found = await session.get_one(CaseRow, case.id)
            return found, await session.get_one(ConversationRow, case.conversation_id)

    async def messages(self, case: CaseRow) -> list[tuple[str, str]]:
        """Sender and text, oldest first."""
        async with self.database.session() as session:
            rows = await session.scalars(
                select(MessageRow).where(MessageRow.conversation_id == case.conversation_id).order_by(MessageRow.id)
            )
            return [(row.sender, row.body["text"]) for row in rows]

    async def begin_turn(self, conversation: Conversation, client_id: str) -> Message:
        """The newcomer's words are stored; the turn has not ended."""
        received, _ = await self.store.receive(
            conversation.id, words("newcomer", f"question {client_id}", self.clock(), client_id)
        )
        return received

    async def end_turn(self, conversation: Conversation, received: Message, *, kind: str = "text") -> list[Message]:
        """The bot's reply comes, if it may."""
        reply = words("bot", f"reply to {received.text}", self.clock()).model_copy(update={"kind": kind})
        turn = TurnRow(at=self.clock(), channel="web", status=Status.answered, took_ms=1.0)
        return await self.store.end_turn(conversation, received, [reply], turn)


def words(sender: str, text: str, at: dt.datetime, client_id: str | None = None) -> Message:
    return Message.model_validate(
        {
            "at": at,
            "sender": sender,
            "kind": "text",
            "text": text,
            "html": text,
            "language": "en",
            "dir": "ltr",
            "client_id": client_id,
        }
    )


@cache
def published_guide() -> Guide:
    """The published content."""
    settings = Settings()
    return Guide(make_encoder(settings.encoder), settings.snapshot_dir)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    await database.migrate()
    yield Desk(database, Clock())
    await database.close()
