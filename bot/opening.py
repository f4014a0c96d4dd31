"""Opening hours: open now, and when next, on Finnish time, with exceptions and Finnish public holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from babel.dates import format_date, format_time, get_day_names

from bot.texts import say
from knowledge.model import WEEKDAYS, ClockSpan, Contact, OpeningException, OpeningSpan

FINLAND = ZoneInfo("Europe/Helsinki")
DAYS_AHEAD = 62
"""How far ahead the next opening is looked for: a summer closing is longer than a month."""

DAYS_TOLD = 14
"""How many days of coming openings a contact tells, for a client that shows it later."""


def is_open(contact: Contact, moment: dt.datetime) -> bool | None:
    """Whether the contact point is open at ``moment``; None when its hours are unknown."""
    if contact.always_open:
        return True
    if not contact.hours:
        return None
    local = moment.astimezone(FINLAND)
    clock = f"{local:%H:%M}"
    return any(span.open <= clock < span.close for span in _spans_on(contact, local.date()))


def next_opening(contact: Contact, moment: dt.datetime) -> dt.datetime | None:
    """The next moment at which a closed contact point opens, in Finnish time; None when open or unknown."""
    if contact.always_open or not contact.hours or is_open(contact, moment):
        return None
    local = moment.astimezone(FINLAND)
    for ahead in range(DAYS_AHEAD):
        day = local.date() + dt.timedelta(days=ahead)
        for opening, _ in spans_on(contact, day):
            if opening > local:
                return opening
    return None


def coming_spans(contact: Contact, moment: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """The spans of the next two weeks in which the contact point is open, in Finnish time, the one of ``moment`` among them.

    Without hours, or when it is always open, there are none.
    """
    local = moment.astimezone(FINLAND)
    days = [] if contact.always_open else [local.date() + dt.timedelta(days=ahead) for ahead in range(DAYS_TOLD)]
    return [(opens, closes) for day in days for opens, closes in spans_on(contact, day) if closes > local]


def spans_on(contact: Contact, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """When the contact point opens and closes on ``day``, in Finnish time, earliest first."""
    return [(_at(day, span.open), _at(day, span.close)) for span in sorted(_spans_on(contact, day), key=lambda each: each.open)]


def hours_text(contact: Contact, language: str) -> list[str]:
    """The opening hours as lines to read: ``ma–pe 9.00–16.00``. Days with the same spans stand together."""
    names = get_day_names("abbreviated", locale=locale_of(language))
    lines: list[str] = []
    groups: list[tuple[list[int], list[OpeningSpan]]] = []
    for number, day in enumerate(WEEKDAYS):
        spans = sorted((span for span in contact.hours if day in span.days), key=lambda each: each.open)
        times = [(span.open, span.close) for span in spans]
        if groups and groups[-1][0][-1] == number - 1 and [(span.open, span.close) for span in groups[-1][1]] == times:
            groups[-1][0].append(number)
        else:
            groups.append(([number], spans))
    for days, spans in groups:
        if spans:
            first, last = names[days[0]], names[days[-1]]
            when = first if len(days) == 1 else f"{first}–{last}"
            lines.append(
                f"{when} " + ", ".join(f"{_clock(span.open, language)}–{_clock(span.close, language)}" for span in spans)
            )
    return lines


def exceptions_text(contact: Contact, moment: dt.datetime, language: str) -> list[str]:
    """The exceptions of the next two weeks as lines to read: ``24.12.–6.1. suljettu (joululoma)``."""
    today = moment.astimezone(FINLAND).date()
    told = today + dt.timedelta(days=DAYS_TOLD)
    coming = [each for each in contact.exceptions if each.last >= today and each.first < told]
    return [_exception_text(each, language) for each in sorted(coming, key=lambda each: each.first)]


def moment_text(moment: dt.datetime, language: str) -> str:
    """A coming moment in words: ``maanantai 23.11. klo 9.00``, ``Monday, 23 November at 09:00``."""
    locale = locale_of(language)
    day = format_date(moment.date(), "EEEE d.M." if language == "fi" else "EEEE d MMMM", locale=locale)
    return f"{day}{' klo ' if language == 'fi' else ' '}{_clock(f'{moment:%H:%M}', language)}"


def _exception_text(exception: OpeningException, language: str) -> str:
    pattern = "d.M." if language == "fi" else "d MMMM"
    ends = dict.fromkeys(format_date(day, pattern, locale=locale_of(language)) for day in (exception.first, exception.last))
    spans = sorted(exception.spans, key=lambda each: each.open)
    times = ", ".join(f"{_clock(span.open, language)}–{_clock(span.close, language)}" for span in spans)
    reason = f" ({exception.reason.in_language(language)})" if exception.reason else ""
    return f"{'–'.join(ends)} {times or say('closed', language)}{reason}"


def _spans_on(contact: Contact, day: dt.date) -> Sequence[ClockSpan]:
    exception = contact.exception_on(day)
    if exception is not None:
        return exception.spans
    if day in _public_holidays(day.year):
        return []
    return [span for span in contact.hours if WEEKDAYS[day.weekday()] in span.days]


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("FI", years=year))


def _at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), FINLAND)


def _clock(time: str, language: str) -> str:
    return format_time(dt.time.fromisoformat(time), "short", locale=locale_of(language))


def locale_of(language: str) -> str:
    """The locale by which dates and times are written in ``language``."""
    return {"fi": "fi_FI", "sv": "sv_FI", "ru": "ru_RU", "uk": "uk_UA", "ar": "ar"}.get(language, "en_GB")
