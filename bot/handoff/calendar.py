"""Calendar files (RFC 5545, 5546) of appointments: booked, changed and cancelled as one entry that calendars follow."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur

from bot.handoff.tables import AppointmentRow
from bot.opening import FINLAND

Method = Literal["REQUEST", "CANCEL"]

ALARM_AHEAD = dt.timedelta(minutes=30)


def calendar_file(
    appointment: AppointmentRow,
    method: Method,
    now: dt.datetime,
    *,
    organizer: str,
    organizer_name: str,
    attendee: str,
    summary: str,
    description: str,
    location: str,
) -> bytes:
    """The file for one reader. ``organizer`` and ``attendee`` are mail addresses.

    The UID stays through every change, and SEQUENCE counts them: by these two a calendar puts the new entry in the place of the
    old one, whatever the order in which mails arrive.
    """
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", appointment.starts_at.astimezone(FINLAND))
    event.add("dtend", appointment.ends_at.astimezone(FINLAND))
    event.add("summary", summary)
    event.add("description", description)
    event.add("location", location)
    if appointment.link:
        event.add("url", appointment.link)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("organizer", vCalAddress(f"mailto:{organizer}", params={"CN": organizer_name}))
    event.add("attendee", vCalAddress(f"mailto:{attendee}", params={"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}))
    if method == "REQUEST":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -ALARM_AHEAD)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//ELO Guide//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_finnish_time())
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _finnish_time() -> Timezone:
    """Europe/Helsinki by its rule since 1996. The library's own list of dates puts each change an hour late."""
    zone = Timezone()
    zone.add("tzid", FINLAND.key)
    for part, name, starts, month, before, after in (
        (TimezoneDaylight(), "EEST", dt.datetime(1996, 3, 31, 3), 3, 2, 3),  # noqa: DTZ001
        (TimezoneStandard(), "EET", dt.datetime(1996, 10, 27, 4), 10, 3, 2),  # noqa: DTZ001
    ):
        part.add("dtstart", starts)
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1su"}))
        part.add("tzname", name)
        part.add("tzoffsetfrom", dt.timedelta(hours=before))
        part.add("tzoffsetto", dt.timedelta(hours=after))
        zone.add_component(part)
    return zone
