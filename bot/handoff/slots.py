"""Free appointments: beginnings within the opening hours of a contact that nobody has booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from bot.opening import FINLAND, spans_on
from knowledge.model import Contact


def free_slots(
    contact: Contact,
    booked: Collection[dt.datetime],
    now: dt.datetime,
    *,
    minutes: int = 30,
    notice_hours: int = 2,
    days: int = 14,
    most: int = 100,
) -> list[dt.datetime]:
    """Beginnings of free appointments of ``minutes``, in Finnish time, the earliest first, at most ``most``.

    They lie wholly within the hours of today and the following days, ``days`` in all, overlap none of the ``booked`` ones (of
    the same length), and begin ``notice_hours`` from ``now`` or later. A contact without hours has none, nor has one that is
    always open.
    """
    if contact.always_open:
        return []
    length = dt.timedelta(minutes=minutes)
    taken = [beginning.astimezone(dt.UTC) for beginning in booked]
    earliest = now.astimezone(dt.UTC) + dt.timedelta(hours=notice_hours)
    today = now.astimezone(FINLAND).date()
    free = sorted(
        {
            start
            for ahead in range(days)
            for start in _beginnings(contact, today + dt.timedelta(days=ahead), length)
            if start >= earliest and all(abs(start - other) >= length for other in taken)
        }
    )
    return [start.astimezone(FINLAND) for start in free[:most]]


def _beginnings(contact: Contact, day: dt.date, length: dt.timedelta) -> Iterator[dt.datetime]:
    """In UTC, where a step is as long on the night of a clock change as on any other."""
    for opens, closes in spans_on(contact, day):
        start = opens.astimezone(dt.UTC)
        while start + length <= closes.astimezone(dt.UTC):
            yield start
            start += length
