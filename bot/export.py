"""Everything that is stored about a conversation, for the newcomer whose it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.tables import TelegramChatRow
from bot.conversations.database import Database
from bot.conversations.store import UnknownConversation
from bot.conversations.tables import Base, ConversationRow, FeedbackRow, MessageRow
from bot.desk.tables import AccountRow
from bot.handoff.tables import AppointmentRow, CaseEventRow, CaseRow, ConversationKeyRow, OutboxRow

SECRET = {"token_hash"}
"""What opens the conversation, not what is known of the newcomer."""

OF_THE_HOUSE = {"account_id", "conversation_id", "case_id", "figures_id", "attempts", "next_at", "key", "problem"}
"""Numbers by which rows find each other, and the mail's own book-keeping."""


async def export(database: Database, conversation_id: str) -> dict[str, Any]:
    """The conversation with all that belongs to it, notes of the desk too; moments as ``datetime``.

    Mail goes along that was written to the newcomer; what the desk was mailed of the case says nothing more. Humans of the
    desk are named by their title. Raises ``UnknownConversation``.
    """
    async with database.session() as session:
        conversation = await session.get(ConversationRow, conversation_id)
        if conversation is None:
            raise UnknownConversation(conversation_id)
        messages = await session.scalars(_of(MessageRow, MessageRow.conversation_id == conversation_id))
        feedback = await session.scalars(_of(FeedbackRow, FeedbackRow.conversation_id == conversation_id))
        keys = await session.scalars(
            select(ConversationKeyRow.made_at)
            .where(ConversationKeyRow.conversation_id == conversation_id)
            .order_by(ConversationKeyRow.made_at)
        )
        chats = await session.scalars(select(TelegramChatRow.chat_id).where(TelegramChatRow.conversation_id == conversation_id))
        cases = await session.scalars(_of(CaseRow, CaseRow.conversation_id == conversation_id))
        return {
            "conversation": _told(conversation),
            "private_links_made_at": list(keys),
            "telegram_numbers": list(chats),
            "messages": [_told(row) for row in messages],
            "feedback": [_told(row) for row in feedback],
            "cases": [await _case(session, row) for row in cases],
        }


async def _case(session: AsyncSession, case: CaseRow) -> dict[str, Any]:
    titles = {
        row.id: row.title
        for row in await session.scalars(
            select(AccountRow).where(
                or_(
                    AccountRow.id == case.account_id,
                    AccountRow.id.in_(select(CaseEventRow.account_id).where(CaseEventRow.case_id == case.id)),
                )
            )
        )
    }
    events = await session.scalars(_of(CaseEventRow, CaseEventRow.case_id == case.id))
    appointments = await session.scalars(_of(AppointmentRow, AppointmentRow.case_id == case.id))
    mails = await session.scalars(_of(OutboxRow, OutboxRow.case_id == case.id).where(OutboxRow.to == case.email))
    return {
        **_told(case),
        "claimed_by": titles.get(case.account_id or 0),
        "events": [{**_told(row), "by": titles.get(row.account_id or 0)} for row in events],
        "appointments": [_told(row) for row in appointments],
        "mails": [_told(row) for row in mails],
    }


def _of(table: Any, condition: Any) -> Any:
    return select(table).where(condition).order_by(table.id)


def _told(row: Base) -> dict[str, Any]:
    """The columns of a row that tell something of the newcomer."""
    names = [column.key for column in row.__table__.columns if column.key not in SECRET | OF_THE_HOUSE]
    told = {name: getattr(row, name) for name in names}
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in told.items()}
