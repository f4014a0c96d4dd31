"""Free appointments: within the hours, beside what is booked, in time."""

import datetime as dt
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff.slots import free_slots
from bot.opening import FINLAND, spans_on
from knowledge.model import WEEKDAYS, Contact
from tests.unit.test_opening import SPLIT, at, office

CLOCKS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
"""Two years: clock changes and holidays are among them."""


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    def span() -> dict[str, object]:
        first, second = sorted(draw(st.lists(CLOCKS, min_size=2, max_size=2, unique=True)))
        return {"open": first, "close": second}

    days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True)
    hours = [{**span(), "days": draw(days)} for _ in range(draw(st.integers(1, 3)))]
    first = draw(DAYS)
    exception = {
        "first": first,
        "last": first + dt.timedelta(draw(st.integers(0, 9))),
        "spans": [span()][: draw(st.integers(0, 1))],
    }
    return office(hours=hours, exceptions=[exception])


@settings(deadline=None)
@given(
    contact=contacts(),
    day=DAYS,
    clock=st.times(),
    taken=st.lists(st.integers(0, 14 * 24 * 12), max_size=12),
    minutes=st.sampled_from([15, 20, 30, 45, 60]),
    notice=st.integers(0, 48),
)
def test_slots_lie_within_hours_beside_what_is_booked_in_order_and_in_time(
    contact: Contact, day: dt.date, clock: dt.time, taken: list[int], minutes: int, notice: int
) -> None:
    now = dt.datetime.combine(day, clock, dt.UTC)
    length = dt.timedelta(minutes=minutes)
    booked = [now + dt.timedelta(minutes=5 * steps) for steps in taken]
    slots = [
        slot.astimezone(dt.UTC) for slot in free_slots(contact, booked, now, minutes=minutes, notice_hours=notice, most=10_000)
    ]
    assert all(earlier < later for earlier, later in pairwise(slots))
    for slot in slots:
        assert slot >= now + dt.timedelta(hours=notice)
        assert all(slot + length <= other or other + length <= slot for other in booked)
        spans = spans_on(contact, slot.astimezone(FINLAND).date())
        assert any(opens.astimezone(dt.UTC) <= slot and slot + length <= closes.astimezone(dt.UTC) for opens, closes in spans)


@settings(deadline=None)
@given(contact=contacts(), day=DAYS)
def test_whatever_is_taken_is_the_only_thing_that_goes(contact: Contact, day: dt.date) -> None:
    now = dt.datetime.combine(day, dt.time(), dt.UTC)
    free = free_slots(contact, [], now)
    apart = [slot for slot in free if slot not in free[:1] and (slot - free[0]) >= dt.timedelta(minutes=30)]
    assert free_slots(contact, free[:1], now, most=10_000)[: len(apart)] == apart[:100]


def test_a_lunch_break_a_holiday_and_an_exception_are_left_out() -> None:
    exception = {"first": "2026-12-07", "last": "2026-12-07", "spans": [{"open": "13:00", "close": "14:15"}]}
    slots = free_slots(
        office(hours=SPLIT, exceptions=[exception]), [at("2026-12-04", "10:00")], at("2026-12-04", "07:15"), days=4
    )
    on_friday = ["09:30", "10:30", "11:00", "12:30", "13:00", "13:30", "14:00", "14:30", "15:00", "15:30"]
    assert slots == [at("2026-12-04", clock) for clock in on_friday] + [at("2026-12-07", clock) for clock in ("13:00", "13:30")]
    assert {slot.tzinfo for slot in slots} == {FINLAND}


def test_a_night_with_a_clock_change_has_as_many_slots_as_it_has_time() -> None:
    night = office(hours=[{"days": ["sun"], "open": "02:00", "close": "05:00"}])
    assert len(free_slots(night, [], at("2026-10-24", "12:00"), days=2)) == 8
    assert len(free_slots(night, [], at("2026-03-28", "12:00"), days=2)) == 4
    assert len(free_slots(night, [], at("2026-11-07", "12:00"), days=2)) == 6


def test_no_more_than_asked_for_and_none_without_hours() -> None:
    assert len(free_slots(office(hours=SPLIT), [], at("2026-11-24", "08:00"), most=3)) == 3
    assert free_slots(office(), [], at("2026-11-24", "08:00")) == []
    assert free_slots(office(hours=SPLIT, always_open=True), [], at("2026-11-24", "08:00")) == []
