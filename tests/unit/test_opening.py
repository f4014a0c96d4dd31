"""The openings of the days to come, as a contact tells them."""

import datetime as dt

import pytest
from pydantic import ValidationError

from bot.opening import FINLAND, coming_spans, exceptions_text, is_open, next_opening
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


CHRISTMAS = {"first": "2026-12-21", "last": "2027-01-05", "reason": {"fi": "joululoma", "en": "Christmas holiday"}}
EPIPHANY = {"first": "2027-01-06", "last": "2027-01-06", "spans": [{"open": "10:00", "close": "12:00"}]}


def test_an_exception_closes_its_days_to_the_last_one() -> None:
    closed = office(hours=SPLIT, exceptions=[CHRISTMAS])
    assert is_open(closed, at("2026-12-18", "10:00")) is True
    assert is_open(closed, at("2026-12-21", "10:00")) is False
    assert is_open(closed, at("2027-01-05", "10:00")) is False
    assert is_open(closed, at("2027-01-07", "10:00")) is True
    assert next_opening(closed, at("2026-12-21", "10:00")) == at("2027-01-07", "09:00")


def test_an_exception_with_spans_opens_a_public_holiday_and_is_told_first() -> None:
    open_then = office(hours=SPLIT, exceptions=[EPIPHANY, CHRISTMAS])
    assert next_opening(open_then, at("2026-12-30", "10:00")) == at("2027-01-06", "10:00")
    assert coming_spans(open_then, at("2027-01-06", "08:00"))[:2] == [
        (at("2027-01-06", "10:00"), at("2027-01-06", "12:00")),
        (at("2027-01-07", "09:00"), at("2027-01-07", "11:30")),
    ]


def test_opens_again_looks_past_three_weeks_of_being_closed() -> None:
    july = {"first": "2027-07-01", "last": "2027-07-31"}
    assert next_opening(office(hours=SPLIT, exceptions=[july]), at("2027-07-01", "08:00")) == at("2027-08-02", "09:00")


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("fi", ["21.12.–5.1. suljettu (joululoma)", "6.1. 10.00–12.00"]),
        ("en", ["21 December–5 January closed (Christmas holiday)", "6 January 10:00–12:00"]),
        ("sv", ["21 december–5 januari stängt (Christmas holiday)", "6 januari 10:00–12:00"]),
    ],
)
def test_exceptions_are_told_two_weeks_ahead_with_their_reason(language: str, lines: list[str]) -> None:
    contact = office(hours=SPLIT, exceptions=[EPIPHANY, CHRISTMAS])
    assert exceptions_text(contact, at("2026-12-30", "10:00"), language) == lines
    assert exceptions_text(contact, at("2026-12-06", "10:00"), language) == []
    assert exceptions_text(contact, at("2026-12-07", "23:59"), language) == []
    assert exceptions_text(contact, at("2026-12-08", "00:00"), language) == lines[:1]
    assert exceptions_text(contact, at("2027-01-06", "23:00"), language) == lines[1:]
    assert exceptions_text(contact, at("2027-01-07", "00:00"), language) == []


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"exceptions": [CHRISTMAS]}, "exceptions-without-hours"),
        ({"exceptions": [CHRISTMAS], "hours": SPLIT, "always_open": True}, "exceptions-without-hours"),
        ({"exceptions": [CHRISTMAS, {"first": "2027-01-05", "last": "2027-01-05"}], "hours": SPLIT}, "overlap"),
        ({"exceptions": [{"first": "2027-01-05", "last": "2027-01-04"}], "hours": SPLIT}, "exception-runs-backward"),
        (
            {"exceptions": [{**EPIPHANY, "spans": [*EPIPHANY["spans"], {"open": "11:00", "close": "13:00"}]}], "hours": SPLIT},
            "overlap",
        ),
        (
            {"exceptions": [{**EPIPHANY, "spans": [{"open": "12:00", "close": "10:00"}]}], "hours": SPLIT},
            "closes-before",
        ),
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(details: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        office(**details)
