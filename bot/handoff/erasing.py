"""What becomes of a case and its appointment when the newcomer erases the conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.appointments import cancel
from bot.handoff.mailing import Mailing
from bot.handoff.tables import OPEN_STATES, AppointmentRow, CaseFiguresRow, CaseRow, OutboxRow


async def count_as_withdrawn(session: AsyncSession, conversation_id: str) -> None:
    """The open case of a conversation that is erased counts as withdrawn; else its figures would show it as open for ever."""
    open_case = select(CaseRow.figures_id).where(CaseRow.conversation_id == conversation_id, CaseRow.state.in_(OPEN_STATES))
    await session.execute(update(CaseFiguresRow).where(CaseFiguresRow.id.in_(open_case)).values(state="withdrawn"))


def cancels_appointments(mailing: Mailing, now: Callable[[], dt.datetime]) -> Callable[[AsyncSession, str], Awaitable[None]]:
    """Something to do before a conversation is erased: the desk is told that coming appointments are off."""

    async def cancel_appointments(session: AsyncSession, conversation_id: str) -> None:
        moment = now()
        coming = await session.execute(
            select(AppointmentRow, CaseRow)
            .join(CaseRow, CaseRow.id == AppointmentRow.case_id)
            .where(
                CaseRow.conversation_id == conversation_id,
                AppointmentRow.state == "booked",
                AppointmentRow.starts_at > moment,
            )
        )
        for appointment, case in coming.all():
            parties = await mailing.parties(session, case, moment)
            await cancel(session, appointment, moment, replace(parties, private_link=None))
            # The desk's mail outlives the case; it tells a number and a time, nothing of the newcomer.
            to_desk = OutboxRow.key == f"appointment/{appointment.id}/{appointment.sequence}/desk"
            await session.execute(update(OutboxRow).where(to_desk).values(case_id=None))

    return cancel_appointments
