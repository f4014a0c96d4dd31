"""Calendar files: read back by a calendar library, and their time zone against the zone's own data."""

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

from bot.handoff.calendar import Method, calendar_file
from bot.handoff.tables import AppointmentRow
from bot.opening import FINLAND
from tests.unit.handoff_fixtures import NOW

NINE = dt.datetime(2026, 11, 25, 7, 0, tzinfo=dt.UTC)


def written(method: Method, starts_at: dt.datetime = NINE, summary: str = "Aika", sequence: int = 2) -> Component:
    appointment = AppointmentRow(
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=30),
        uid="u-1",
        sequence=sequence,
        link="https://teams.example.com/1?a=b&c=d",
        medium="teams",
    )
    file = calendar_file(
        appointment,
        method,
        NOW,
        organizer="elo@example.fi",
        organizer_name='Asiantuntija "ELO"; (hanke)',
        attendee="asker@example.com",
        summary=summary,
        description="eka rivi\ntoka, rivi",
        location="Teams",
    )
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    return Calendar.from_ical(file)


def event_of(calendar: Component) -> Component:
    (event,) = calendar.walk("VEVENT")
    return event


def test_an_entry_says_when_where_who_and_rings_half_an_hour_before() -> None:
    calendar = written("REQUEST")
    event = event_of(calendar)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("u-1", 2, "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert event["DTSTART"].to_ical() == b"20261125T090000"
    assert event["DTEND"].dt == NINE + dt.timedelta(minutes=30)
    assert event["DTSTAMP"].dt == NOW
    assert (event["LOCATION"], event["URL"]) == ("Teams", "https://teams.example.com/1?a=b&c=d")
    assert event["DESCRIPTION"] == "eka rivi\ntoka, rivi"
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:elo@example.fi", "mailto:asker@example.com")
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", dt.timedelta(minutes=-30))


def test_a_cancelled_entry_has_no_alarm() -> None:
    calendar = written("CANCEL")
    assert (calendar["METHOD"], event_of(calendar)["STATUS"]) == ("CANCEL", "CANCELLED")
    assert not calendar.walk("VALARM")


def test_a_text_cannot_add_a_line() -> None:
    event = event_of(written("REQUEST", summary="x\r\nATTENDEE:mailto:other@example.com"))
    assert event["ATTENDEE"] == "mailto:asker@example.com"


@pytest.mark.parametrize("year", [2026, 2027, 2031, 2040])
def test_the_zone_changes_when_finnish_clocks_do(year: int) -> None:
    (zone,) = written("REQUEST").walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Helsinki"
    for part in zone.subcomponents:
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        (change,) = rule.between(dt.datetime(year, 1, 1), dt.datetime(year, 12, 31))  # noqa: DTZ001
        moment = (change - part["TZOFFSETFROM"].td).replace(tzinfo=dt.UTC)
        before, after = (moment - dt.timedelta(seconds=1)).astimezone(FINLAND), moment.astimezone(FINLAND)
        assert (before.utcoffset(), after.utcoffset()) == (part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        assert after.tzname() == part["TZNAME"]
