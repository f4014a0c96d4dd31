"""One case in full, for whoever may see it: transcript, timeline, appointments, and the mails written about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.store import message_of
from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import Account
from bot.desk.tables import AccountRow
from bot.handoff.hold import UnknownCase, may_see
from bot.handoff.tables import AppointmentRow, CaseEventRow, CaseRow, OutboxRow
from bot.messages import Message

MESSAGES_ON_A_PAGE = 200
EVENTS_SHOWN = 200
MAILS_SHOWN = 50

LARGEST_ID = 2**63 - 1
"""The databases count with 64 bits."""


@dataclass(frozen=True)
class Event:
    """Something that happened to the case, or a private word about it."""

    id: int
    at: dt.datetime
    kind: str
    who: str | None
    """A role; None when the newcomer or the service did it."""
    text: str | None


@dataclass(frozen=True)
class FullCase:
    """A case with all that the desk knows of it."""

    case: CaseRow
    owner: str
    """Who may speak in the conversation: ``bot`` or ``human``."""
    holder: str | None
    """The role of whoever has claimed it."""
    messages: list[Message]
    more_before: bool
    """Whether the conversation has messages before the first of these."""
    events: list[Event]
    appointments: list[AppointmentRow]
    mails: list[OutboxRow]

    @property
    def booked(self) -> AppointmentRow | None:
        """The appointment that stands."""
        return next((each for each in self.appointments if each.state == "booked"), None)


async def visible_case(session: AsyncSession, case_id: int, account: Account) -> CaseRow:
    """The case. Raises ``UnknownCase`` when there is none, or when it is none of the account's business."""
    case = await session.get(CaseRow, case_id) if 0 < case_id <= LARGEST_ID else None
    if case is None or account.desk is None or not may_see(account, case):
        raise UnknownCase(case_id)
    return case


async def read_case(session: AsyncSession, case_id: int, account: Account, before: int = LARGEST_ID) -> FullCase:
    """The case with the last messages before the id ``before``. Raises ``UnknownCase``."""
    case = await visible_case(session, case_id, account)
    owner = await session.scalar(select(ConversationRow.owner).where(ConversationRow.id == case.conversation_id))
    holder = None
    if case.account_id is not None:
        holder = await session.scalar(select(AccountRow.title).where(AccountRow.id == case.account_id))
    messages = await _messages_before(session, case.conversation_id, before)
    booked_first = (AppointmentRow.state, AppointmentRow.starts_at.desc())
    appointments = select(AppointmentRow).where(AppointmentRow.case_id == case.id).order_by(*booked_first)
    mails = select(OutboxRow).where(OutboxRow.case_id == case.id).order_by(OutboxRow.id.desc())
    return FullCase(
        case=case,
        owner=owner or "bot",
        holder=holder,
        messages=messages[-MESSAGES_ON_A_PAGE:],
        more_before=len(messages) > MESSAGES_ON_A_PAGE,
        events=await read_events(session, case.id),
        appointments=list(await session.scalars(appointments.limit(EVENTS_SHOWN))),
        mails=list(await session.scalars(mails.limit(MAILS_SHOWN))),
    )


async def read_events(session: AsyncSession, case_id: int) -> list[Event]:
    """The timeline, oldest first; of a very long one the last part."""
    newest = (
        select(CaseEventRow, AccountRow.title)
        .outerjoin(AccountRow, AccountRow.id == CaseEventRow.account_id)
        .where(CaseEventRow.case_id == case_id)
        .order_by(CaseEventRow.id.desc())
        .limit(EVENTS_SHOWN)
    )
    rows = (await session.execute(newest)).all()
    return [Event(id=row.id, at=row.at, kind=row.kind, who=title, text=row.text) for row, title in reversed(rows)]


async def messages_after(session: AsyncSession, case: CaseRow, after: int) -> list[Message]:
    """The messages of the case's conversation with an id above ``after``, oldest first."""
    query = select(MessageRow).where(MessageRow.conversation_id == case.conversation_id, MessageRow.id > after)
    return _messages(list(await session.scalars(query.order_by(MessageRow.id).limit(MESSAGES_ON_A_PAGE))))


async def one_message(session: AsyncSession, case: CaseRow, message_id: int) -> Message:
    """A message of the case's conversation. Raises ``UnknownCase`` when it is not one."""
    row = await session.get(MessageRow, message_id) if 0 < message_id <= LARGEST_ID else None
    if row is None or row.conversation_id != case.conversation_id:
        raise UnknownCase(case.id)
    return message_of(row)


async def last_words(session: AsyncSession, case: CaseRow) -> Message | None:
    """What the newcomer last wrote in words of their own; a button that was pressed is none."""
    query = select(MessageRow).where(MessageRow.conversation_id == case.conversation_id, MessageRow.sender == "newcomer")
    newest = _messages(list(await session.scalars(query.order_by(MessageRow.id.desc()).limit(10))))
    return next((message for message in newest if not message.text.startswith("/")), None)


async def _messages_before(session: AsyncSession, conversation_id: str, before: int) -> list[Message]:
    """One more than a page, so that the reader knows whether there are more."""
    query = select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.id < before)
    rows = await session.scalars(query.order_by(MessageRow.id.desc()).limit(MESSAGES_ON_A_PAGE + 1))
    return _messages(list(reversed(rows.all())))


def _messages(rows: Sequence[MessageRow]) -> list[Message]:
    return [message_of(row) for row in rows]
