"""How the desk says times and languages, and which moments a form can mean."""

import datetime as dt

import pytest

from bot.desk.appointment_actions import finnish_time
from bot.desk.showing import language_name, mail_text, show_line, waited, when
from bot.handoff.hold import NotPossible
from tests.desk_people import NOON
from tests.made_cases import CODE, newcomer_says


@pytest.mark.parametrize(
    ("at", "fi", "en"),
    [
        (NOON, "12.00", "12:00"),
        (dt.datetime(2026, 11, 23, 22, 5, tzinfo=dt.UTC), "0.05", "00:05"),
        (dt.datetime(2026, 11, 23, 7, 5, tzinfo=dt.UTC), "23.11. klo 9.05", "23 Nov, 09:05"),
        (dt.datetime(2027, 6, 1, 7, 5, tzinfo=dt.UTC), "1.6.2027 klo 10.05", "1 Jun 2027, 10:05"),
    ],
)
def test_a_moment_is_told_in_finnish_time_with_as_much_date_as_it_needs(at: dt.datetime, fi: str, en: str) -> None:
    assert (when("fi", NOON, at), when("en", NOON, at)) == (fi, en)


@pytest.mark.parametrize(
    ("seconds", "fi", "en"),
    [
        (0, "1 minuutti", "1 minute"),
        (3599, "60 minuuttia", "60 minutes"),
        (10_800, "3 tuntia", "3 hours"),
        (172_800, "2 päivää", "2 days"),
    ],
)
def test_waiting_is_told_in_its_largest_unit(seconds: int, fi: str, en: str) -> None:
    span = dt.timedelta(seconds=seconds)
    assert (waited("fi", span), waited("en", span)) == (fi, en)


def test_a_language_has_its_name_or_else_its_code() -> None:
    assert (language_name("fi", "ru"), language_name("en", "so"), language_name("en", "qqq")) == ("venäjä", "Somali", "qqq")


def test_a_mail_is_shown_without_what_lets_others_write_as_the_newcomer() -> None:
    body = f"Your link: https://guide.example.fi/chat#back=a1b2.c3-D4_e5 for {CODE}"
    assert mail_text(body) == "Your link: https://guide.example.fi/chat#back=… for [identity code]"


def test_only_what_was_curated_is_html() -> None:
    said = newcomer_says("Hello <b>", NOON).model_copy(update={"html": "<p>Hello</p>"})
    assert show_line(said).html is None
    assert show_line(said.model_copy(update={"sender": "expert"})).html is None
    assert show_line(said.model_copy(update={"sender": "bot"})).html == "<p>Hello</p>"
    echo = said.model_copy(update={"sender": "bot", "text": f"You wrote {CODE}", "html": f"<p>You wrote {CODE}</p>"})
    line = show_line(echo)
    assert (line.html, line.text, line.masked) == (None, "You wrote [identity code]", True)
    assert show_line(echo, unmasked=True).text == echo.text


def test_a_form_means_finnish_time_in_winter_and_summer() -> None:
    assert finnish_time("2026-12-01", "09:30", NOON) == dt.datetime(2026, 12, 1, 7, 30, tzinfo=dt.UTC)
    assert finnish_time("2027-06-01", "09:30", NOON) == dt.datetime(2027, 6, 1, 6, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "time", "problem"),
    [
        ("", "09:30", "time_missing"),
        ("2026-12-01", "", "time_missing"),
        ("1.12.2026", "09:30", "time_missing"),
        ("2027-03-28", "03:30", "time_unclear"),
        ("2027-11-26", "09:30", "time_unclear"),
        ("0001-01-01", "00:00", "time_unclear"),
        ("9999-12-31", "23:59", "time_unclear"),
    ],
)
def test_a_time_that_cannot_be_has_a_reason(day: str, time: str, problem: str) -> None:
    with pytest.raises(NotPossible, match=problem):
        finnish_time(day, time, NOON)
