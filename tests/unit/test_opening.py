"""The openings of the days to come, as a contact tells them."""

import datetime as dt

from bot.opening import FINLAND, coming_spans
from knowledge.model import Contact

NAMES = {"name": {"fi": "a", "en": "a"}, "helps_with": {"fi": "b", "en": "b"}, "certainty": "ok"}
SOURCE = {"url": None, "title": "c", "checked_on": "2026-11-22"}
SPLIT = [
    {"days": ["mon", "tue", "wed", "thu", "fri"], "open": "12:30", "close": "16:00"},
    {"days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "11:30"},
]


def office(**details: object) -> Contact:
    return Contact.model_validate({**NAMES, "source": SOURCE, **details})


def at(day: str, clock: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(clock), FINLAND)


def test_the_span_of_now_comes_first_and_a_lunch_break_is_between_two() -> None:
    spans = coming_spans(office(hours=SPLIT), at("2026-11-27", "10:00"))
    assert spans[:3] == [
        (at("2026-11-27", "09:00"), at("2026-11-27", "11:30")),
        (at("2026-11-27", "12:30"), at("2026-11-27", "16:00")),
        (at("2026-11-30", "09:00"), at("2026-11-30", "11:30")),
    ]


def test_a_span_that_has_closed_is_not_told() -> None:
    assert coming_spans(office(hours=SPLIT), at("2026-11-27", "16:00"))[0][0] == at("2026-11-30", "09:00")


def test_public_holidays_are_closed_and_two_weeks_are_told() -> None:
    days = [opens.date() for opens, _ in coming_spans(office(hours=SPLIT), at("2026-12-24", "08:00"))]
    assert dt.date(2026, 12, 25) not in days
    assert dt.date(2026, 12, 28) in days
    assert max(days) <= dt.date(2027, 1, 6)


def test_without_hours_or_always_open_there_are_none() -> None:
    assert coming_spans(office(), at("2026-11-27", "10:00")) == []
    assert coming_spans(office(always_open=True), at("2026-11-27", "10:00")) == []
