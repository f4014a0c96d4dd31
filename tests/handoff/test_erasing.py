"""What becomes of an appointment when its conversation is erased or its case withdrawn."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from bot.conversations.tables import ConversationRow
from bot.handoff.appointments import book
from bot.handoff.arranging import Arranging
from bot.handoff.erasing import cancels_appointments, count_as_withdrawn
from bot.handoff.mailing import Mailing
from bot.handoff.tables import AppointmentRow, CaseFiguresRow, CaseRow, OutboxRow
from bot.settings import Settings
from tests.handoff.conftest import Desk, published_guide

SETTINGS = Settings(desk_email="desk@example.fi", mail_from="guide@example.fi", public_url="https://guide.example.fi")


async def test_the_desk_is_told_that_the_appointment_is_off_and_nothing_of_the_newcomer_stays(desk: Desk) -> None:
    case, mailing = await with_appointment(desk)
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


async def test_a_withdrawn_case_gives_its_time_back_and_tells_both(desk: Desk) -> None:
    case, mailing = await with_appointment(desk)
    desk.cases.when_ended.append(Arranging(desk.cases, mailing, SETTINGS, desk.clock).cancel_coming)
    assert await desk.cases.withdraw(case.conversation_id)
    async with desk.database.session() as session:
        assert await session.scalar(select(AppointmentRow.state)) == "cancelled"
        cancelled = (await session.scalars(select(OutboxRow.to).where(OutboxRow.calendar_method == "CANCEL"))).all()
    assert sorted(cancelled) == ["desk@example.fi", "newcomer@example.fi"]
    assert any("was cancelled" in text for _, text in await desk.messages(case))


async def with_appointment(desk: Desk) -> tuple[CaseRow, Mailing]:
    """A case with a time in two days."""
    mailing = Mailing(SETTINGS, published_guide())
    case = await desk.case(way="appointment", email="newcomer@example.fi")
    starts_at = desk.clock() + dt.timedelta(days=2)
    async with desk.database.write() as session:
        stored = await session.get_one(CaseRow, case.id)
        parties = await mailing.parties(session, stored, desk.clock())
        await book(session, stored, starts_at, "phone", None, desk.clock(), parties)
    return case, mailing
