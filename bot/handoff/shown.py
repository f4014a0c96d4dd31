"""A case as its newcomer sees it."""

from __future__ import annotations

import datetime as dt
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk.presence import Presence
from bot.desk.tables import AccountRow
from bot.handoff.draft import Way
from bot.handoff.lines import Municipalities, desk_name
from bot.handoff.tables import AppointmentRow, CaseRow
from bot.messages import Shape

CaseState = Literal["queued", "claimed", "resolved", "withdrawn", "expired"]


class ShownAppointment(Shape):
    """A booked time."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    medium: Literal["teams", "phone"]
    link: str | None = None


class ShownCase(Shape):
    """A case: how it stands, who has it, and how many are before it."""

    state: CaseState
    way: Way
    who: str
    """The role that has the case, or whose queue it is in."""
    present: bool
    """Whether somebody is at that desk now."""
    place: int | None = None
    """Place in the queue, from 1; None when it does not wait."""
    human_speaks: bool
    """Whether a human owns the conversation, so that the guide is silent."""
    appointment: ShownAppointment | None = None
    created_at: dt.datetime


async def show_case(
    session: AsyncSession,
    conversation_id: str,
    owner: str,
    language: str,
    municipalities: Municipalities,
    presence: Presence,
    now: dt.datetime,
) -> ShownCase | None:
    """The last case of a conversation, or None."""
    case = await session.scalar(
        select(CaseRow).where(CaseRow.conversation_id == conversation_id).order_by(CaseRow.id.desc()).limit(1)
    )
    if case is None:
        return None
    title = None
    if case.account_id is not None:
        title = await session.scalar(select(AccountRow.title).where(AccountRow.id == case.account_id))
    return ShownCase(
        state=cast(CaseState, case.state),
        way=cast(Way, case.way),
        who=title or desk_name(case.desk, language, municipalities),
        present=await presence.present_at(session, case.desk, now),
        place=await place_in_queue(session, case),
        human_speaks=owner == "human",
        appointment=await _appointment(session, case.id),
        created_at=case.created_at,
    )


async def place_in_queue(session: AsyncSession, case: CaseRow) -> int | None:
    """From 1: urgent cases first, then the oldest. None when the case does not wait."""
    if case.state != "queued":
        return None
    earlier = (CaseRow.created_at < case.created_at) | ((CaseRow.created_at == case.created_at) & (CaseRow.id < case.id))
    before = earlier & CaseRow.urgent if case.urgent else earlier | CaseRow.urgent
    count = await session.scalar(select(func.count()).where(CaseRow.desk == case.desk, CaseRow.state == "queued", before))
    return (count or 0) + 1


async def _appointment(session: AsyncSession, case_id: int) -> ShownAppointment | None:
    row = await session.scalar(
        select(AppointmentRow).where(AppointmentRow.case_id == case_id, AppointmentRow.state == "booked").limit(1)
    )
    if row is None:
        return None
    return ShownAppointment(
        starts_at=row.starts_at, ends_at=row.ends_at, medium="teams" if row.medium == "teams" else "phone", link=row.link
    )
