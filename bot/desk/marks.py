"""Short marks of what a page shows, by which the event stream tells whether it has changed since."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import Account
from bot.desk.case_full import visible_case
from bot.desk.case_reading import ListedCase, Queue
from bot.handoff.hold import UnknownCase
from bot.handoff.tables import CaseEventRow

OUT_OF_SIGHT = "gone"
"""The mark of a case that the account may not see, or not any more."""


def mark_of_queue(queue: Queue) -> str:
    """Changes with everything that the lists show, but for the time that goes by."""
    lists = (queue.waiting, queue.elsewhere, queue.own, queue.asked, queue.colleagues)
    return _short(queue.waiting_count, *([_listed(case) for case in cases] for cases in lists))


def mark_of_waiting(ids: list[int]) -> str:
    """Changes with the cases that wait."""
    return _short(*ids)


async def mark_of_case(session: AsyncSession, account: Account, case_id: int) -> str:
    """Changes with every message and everything that happens to the case."""
    try:
        case = await visible_case(session, case_id, account)
    except UnknownCase:
        return OUT_OF_SIGHT
    owner = await session.scalar(select(ConversationRow.owner).where(ConversationRow.id == case.conversation_id))
    said = await session.scalar(select(func.max(MessageRow.id)).where(MessageRow.conversation_id == case.conversation_id))
    done = await session.scalar(select(func.max(CaseEventRow.id)).where(CaseEventRow.case_id == case_id))
    return _short(owner, said, done, case.state)


def _listed(case: ListedCase) -> tuple[object, ...]:
    return case.id, case.urgent, case.consulting, case.claimed_by, case.appointment, case.unanswered


def _short(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
