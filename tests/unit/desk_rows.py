"""Rows of a conversation with everything that can belong to one, for tests of erasing, retention and export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from bot.channels.telegram.tables import TelegramChatRow
from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import FeedbackRow, MessageRow
from bot.desk.tables import AccountRow
from bot.handoff.tables import AppointmentRow, CaseEventRow, CaseFiguresRow, CaseRow, ConversationKeyRow, OutboxRow
from bot.messages import Message

PER_CONVERSATION = (
    MessageRow,
    FeedbackRow,
    CaseRow,
    CaseEventRow,
    AppointmentRow,
    OutboxRow,
    ConversationKeyRow,
    TelegramChatRow,
)

NEWCOMER_MAIL, DESK_MAIL = "newcomer@example.com", "desk@example.fi"


def message(at: dt.datetime, text: str = "Where is my permit?") -> Message:
    return Message(at=at, sender="newcomer", kind="text", text=text, html=text, language="en", dir="ltr", client_id=text)


async def add_conversation(database: Database, name: str, at: dt.datetime) -> str:
    """A conversation with one message and feedback, once held in a chat of Telegram; its token."""
    conversation = Conversation(id=name, channel="web", language="en", created_at=at, last_at=at)
    store = ConversationStore(database)
    token, _ = await store.create(conversation, [])
    await store.receive(name, message(at))
    async with database.write() as session:
        session.add(TelegramChatRow(conversation_id=name, chat_id=5_000_000_001, current=False))
    await store.keep_feedback(name, "permit_late", False, None, "still late", at)
    return token


async def add_account(database: Database, at: dt.datetime) -> int:
    row = AccountRow(
        login="expert@example.fi", title="Residence permit expert", role="expert", language="fi", created_at=at, failures=0
    )
    async with database.write() as session:
        session.add(row)
        await session.flush()
        return row.id


async def add_case(database: Database, conversation: str, at: dt.datetime, account: int | None = None, **told: Any) -> int:
    """A case with an event, an appointment, a mail to each side, a key, and figures."""
    usual: dict[str, Any] = {
        "conversation_id": conversation,
        "channel": "web",
        "state": "queued",
        "way": "appointment",
        "desk": "expert",
        "matter": "My permit is late",
        "language": "en",
        "email": NEWCOMER_MAIL,
        "summary": {"answers": ["permit_late"]},
        "consented_at": at,
        "created_at": at,
        "account_id": account,
        "figures_id": f"figures-{conversation}-{at:%Y%m%d}",
    }
    row = CaseRow(**{**usual, **told})
    async with database.write() as session:
        session.add(row)
        await session.flush()
        mail = {"case_id": row.id, "subject": "Appointment", "created_at": at, "next_at": at}
        session.add_all(
            [
                CaseFiguresRow(
                    id=row.figures_id, at=at, channel="web", way=row.way, desk="expert", language="en", state=row.state
                ),
                CaseEventRow(case_id=row.id, at=at, account_id=account, kind="note", text="Ask for the receipt"),
                AppointmentRow(
                    case_id=row.id,
                    desk="expert",
                    starts_at=at,
                    ends_at=at + dt.timedelta(minutes=30),
                    medium="teams",
                    state="booked",
                    uid=f"{row.id}@guide",
                ),
                OutboxRow(**mail, key=f"{row.id}/newcomer", to=NEWCOMER_MAIL, body="See you", calendar="ÄÄ".encode(), sent_at=at),
                OutboxRow(**mail, key=f"{row.id}/desk", to=DESK_MAIL, body="A new case"),
                ConversationKeyRow(token_hash=row.figures_id.ljust(64, "0"), conversation_id=conversation, made_at=at),
            ]
        )
        return row.id


async def rows_of(database: Database, *tables: Any) -> dict[str, int]:
    """How many rows each table has."""
    async with database.session() as session:
        return {
            table.__tablename__: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables or PER_CONVERSATION
        }
