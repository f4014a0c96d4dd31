"""Erasing a conversation with a case and an appointment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from bot.conversations.tables import ConversationRow
from bot.handoff.appointments import book
from bot.handoff.erasing import cancels_appointments, count_as_withdrawn
from bot.handoff.mailing import Mailing
from bot.handoff.tables import AppointmentRow, CaseFiguresRow, CaseRow, OutboxRow
from bot.settings import Settings
from tests.handoff.conftest import Desk, published_guide


async def test_the_desk_is_told_that_the_appointment_is_off_and_nothing_of_the_newcomer_stays(desk: Desk) -> None:
    settings = Settings(desk_email="desk@example.fi", mail_from="guide@example.fi", public_url="https://guide.example.fi")
    mailing = Mailing(settings, published_guide())
    case = await desk.case(way="appointment", email="newcomer@example.fi")
    starts_at = desk.clock() + dt.timedelta(days=2)
    async with desk.database.write() as session:
        stored = await session.get_one(CaseRow, case.id)
        parties = await mailing.parties(session, stored, desk.clock())
        await book(session, stored, starts_at, "phone", None, desk.clock(), parties)
    desk.store.before_erase += [cancels_appointments(mailing, desk.clock), count_as_withdrawn]
    assert await desk.store.erase(case.conversation_id)
    async with desk.database.session() as session:
        for table in (ConversationRow, CaseRow, AppointmentRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        (mail,) = (await session.scalars(select(OutboxRow))).all()
        figures = await session.get_one(CaseFiguresRow, case.figures_id)
    assert mail.to == "desk@example.fi"
    assert mail.calendar_method == "CANCEL"
    assert "newcomer@example.fi" not in mail.subject + mail.body + (mail.calendar or b"").decode()
    assert figures.state == "withdrawn"
