"""Appointments on a real SQLite file: booked once, changed and cancelled as one calendar entry, mails in the same transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bot.conversations.database import Database
from bot.handoff.appointment_mails import Parties
from bot.handoff.appointments import NotBooked, SlotTaken, book, booked_at, cancel, change, of_case
from bot.handoff.tables import AppointmentRow, CaseRow, OutboxRow
from knowledge.model import Localised
from tests.unit.handoff_fixtures import NOW, store_case

PARTIES = Parties(
    desk=Localised(fi="Oleskelulupa-asiantuntija", en="Residence permit expert"),
    organizer="elo@example.fi",
    desk_email="desk@example.fi",
    shown_email="desk@example.fi",
    desk_phone="050 535 7280",
    private_link="https://guide.example.fi/back#x",
)
LINK = "https://teams.example.com/meet/1"
NINE = dt.datetime(2026, 11, 25, 7, 0, tzinfo=dt.UTC)
HALF_HOUR = dt.timedelta(minutes=30)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'elo.db'}")
    await database.migrate()
    yield database
    await database.close()


async def mails(database: Database) -> Sequence[OutboxRow]:
    async with database.session() as session:
        return (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()


def event(mail: OutboxRow) -> dict[str, object]:
    assert mail.calendar
    calendar = Calendar.from_ical(mail.calendar)
    (found,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(found["UID"]),
        "sequence": int(found["SEQUENCE"]),
        "starts": found["DTSTART"].dt.astimezone(dt.UTC),
        "ends": found["DTEND"].dt.astimezone(dt.UTC),
        "status": str(found["STATUS"]),
    }


async def test_booked_changed_and_cancelled_are_one_entry_in_the_calendars_of_both(database: Database) -> None:
    async with database.write() as session:
        appointment = await book(session, await store_case(session), NINE, "teams", LINK, NOW, PARTIES)
        assert (appointment.starts_at, appointment.ends_at, appointment.state) == (NINE, NINE + HALF_HOUR, "booked")
    async with database.write() as session:
        stored = await session.get_one(AppointmentRow, appointment.id)
        assert await change(session, stored, NINE + HALF_HOUR, "teams", LINK, NOW, PARTIES)
        assert not await change(session, stored, NINE + HALF_HOUR, "teams", LINK, NOW, PARTIES)
        assert (stored.starts_at, stored.ends_at, stored.sequence) == (NINE + HALF_HOUR, NINE + 2 * HALF_HOUR, 1)
    async with database.write() as session:
        stored = await session.get_one(AppointmentRow, appointment.id)
        assert await cancel(session, stored, NOW, PARTIES)
        assert not await cancel(session, stored, NOW, PARTIES)
        with pytest.raises(NotBooked):
            await change(session, stored, NINE, "teams", LINK, NOW, PARTIES)
    written = await mails(database)
    number = appointment.id
    assert [(mail.key, mail.to) for mail in written] == [
        (f"appointment/{number}/{sequence}/{whom}", to)
        for sequence in range(3)
        for whom, to in (("newcomer", "asker@example.com"), ("desk", "desk@example.fi"))
    ]
    events = [event(mail) for mail in written]
    assert {each["uid"] for each in events} == {appointment.uid}
    assert [each["sequence"] for each in events] == [0, 0, 1, 1, 2, 2]
    assert [each["method"] for each in events] == [mail.calendar_method for mail in written]
    assert [(each["method"], each["status"]) for each in events[::2]] == [
        ("REQUEST", "CONFIRMED"),
        ("REQUEST", "CONFIRMED"),
        ("CANCEL", "CANCELLED"),
    ]
    assert [each["starts"] for each in events[::2]] == [NINE, NINE + HALF_HOUR, NINE + HALF_HOUR]
    assert {each["ends"] - each["starts"] for each in events} == {HALF_HOUR}  # type: ignore[operator]


async def test_mails_tell_time_place_and_ways_and_nothing_of_the_case(database: Database) -> None:
    async with database.write() as session:
        await book(session, await store_case(session, language="fi"), NINE, "teams", LINK, NOW, PARTIES)
        await book(session, await store_case(session, "c2", language="ru"), NINE + HALF_HOUR, "phone", LINK, NOW, PARTIES)
    finnish, to_desk, english, _ = await mails(database)
    assert finnish.subject == "Aika varattu: keskiviikkona 25.11. klo 9.00"
    for told in ("30 minuuttia", LINK, "Oleskelulupa-asiantuntija", "050 535 7280", "desk@example.fi", PARTIES.private_link):
        assert str(told) in finnish.body
    assert english.subject == "Your appointment: Wednesday 25 November 09:30"
    assert "You will be called" in english.body
    assert LINK not in english.body
    assert "asia" in to_desk.subject
    for mail in (finnish, to_desk, english):
        everything = mail.subject + mail.body + Calendar.from_ical(mail.calendar or b"").to_ical().decode().replace("\r\n ", "")
        for hidden in ("secret reason", "+358401234567", "case-1"):
            assert hidden not in everything
    assert "asker@example.com" not in to_desk.body + str(to_desk.calendar)


async def test_without_addresses_there_is_no_mail(database: Database) -> None:
    parties = Parties(desk=PARTIES.desk, organizer="elo@example.fi")
    async with database.write() as session:
        await book(session, await store_case(session, email=None), NINE, "phone", None, NOW, parties)
    assert await mails(database) == []


@pytest.mark.parametrize("minutes", [0, 10, -10])
async def test_a_time_that_overlaps_is_taken_and_the_transaction_lives_on(database: Database, minutes: int) -> None:
    async with database.write() as session:
        first = await book(session, await store_case(session), NINE, "teams", None, NOW, PARTIES)
    async with database.write() as session:
        case = await store_case(session, "c2")
        with pytest.raises(SlotTaken):
            await book(session, case, NINE + dt.timedelta(minutes=minutes), "phone", None, NOW, PARTIES)
        second = await book(session, case, NINE + HALF_HOUR, "phone", None, NOW, PARTIES)
        with pytest.raises(SlotTaken):
            await change(session, second, NINE + dt.timedelta(minutes=minutes), "phone", None, NOW, PARTIES)
    async with database.session() as session:
        kept = await session.get_one(AppointmentRow, second.id)
        assert (kept.starts_at, kept.sequence) == (NINE + HALF_HOUR, 0)
        assert await booked_at(session, "expert", NINE, NINE + dt.timedelta(days=1)) == [NINE, NINE + HALF_HOUR]
        assert await booked_at(session, "expert", NINE + HALF_HOUR, NINE + dt.timedelta(days=1)) == [NINE + HALF_HOUR]
        assert [row.id for row in await of_case(session, second.case_id)] == [second.id]
    assert {mail.key.split("/")[1] for mail in await mails(database)} == {str(first.id), str(second.id)}


async def test_another_desk_and_a_cancelled_time_take_nothing(database: Database) -> None:
    async with database.write() as session:
        first = await book(session, await store_case(session), NINE, "teams", None, NOW, PARTIES)
        await book(session, await store_case(session, "c2", desk="liperi"), NINE, "teams", None, NOW, PARTIES)
        await cancel(session, first, NOW, PARTIES)
        await book(session, await store_case(session, "c3"), NINE, "teams", None, NOW, PARTIES)


async def test_a_transaction_that_fails_afterwards_leaves_neither_appointment_nor_mail(database: Database) -> None:
    async def fails() -> None:
        async with database.write() as session:
            await book(session, await store_case(session), NINE, "teams", None, NOW, PARTIES)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with database.session() as session:
        assert (await session.scalars(select(CaseRow))).all() == []
        assert (await session.scalars(select(AppointmentRow))).all() == []
    assert await mails(database) == []


async def test_of_many_who_want_the_same_time_one_gets_it(database: Database) -> None:
    async with database.write() as session:
        cases = [await store_case(session, f"c{number}") for number in range(8)]

    async def try_to_book(case: CaseRow) -> bool:
        try:
            async with database.write() as session:
                await book(session, case, NINE, "teams", None, NOW, PARTIES)
        except SlotTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(try_to_book(case) for case in cases))) == 1
    assert len(await mails(database)) == 2


@pytest.mark.parametrize(
    "link", ["http://teams.example.com", "https://a b", "javascript:alert(1)", "https://x\r\nATTENDEE:y", "x" * 600]
)
async def test_a_link_that_is_none_is_refused(database: Database, link: str) -> None:
    async with database.write() as session:
        with pytest.raises(ValueError, match="https://"):
            await book(session, await store_case(session), NINE, "teams", link, NOW, PARTIES)
