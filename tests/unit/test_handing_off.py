"""What a turn says of a hand-off, without a dialogue."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.dialogue import _understood
from bot.handoff.draft import Possible
from bot.handoff.titles import titles_of
from bot.status import Status
from bot.texts import LANGUAGES
from bot.turns.handing_off import is_a_detail, offer_text
from knowledge.load import load_content

OPENS = dt.datetime(2026, 11, 30, 7, 0, tzinfo=dt.UTC)
ANSWERED = {"custom": {"action": "answer", "status": "answered", "answer_id": "library_card"}}
FORM = {
    "custom": {
        "action": "form",
        "status": "handoff",
        "problem": "phone_unknown",
        "matter": "my card",
        "set": {"municipality": "kitee"},
    }
}
ASKS = {"text": "Which number?", "utter_action": "utter_ask_handoff_form_phone", "metadata": {"status": "handoff"}}
GREETS = {"text": "Hello!", "utter_action": "utter_greet", "metadata": {"status": "smalltalk"}}


def test_a_question_of_the_form() -> None:
    reply = _understood([FORM, ASKS])
    assert reply.asked is not None
    assert (reply.asked.step, reply.asked.problem, reply.asked.matter) == ("phone", "phone_unknown", "my card")
    assert reply.outcome is not None
    assert (reply.status, reply.text, reply.outcome.set) == (Status.handoff, "", {"municipality": "kitee"})


@pytest.mark.parametrize(
    ("said", "status", "action", "text"), [(ANSWERED, Status.answered, "answer", ""), (GREETS, Status.smalltalk, None, "Hello!")]
)
def test_a_side_question_is_what_the_turn_is_about(
    said: dict[str, object], status: Status, action: str | None, text: str
) -> None:
    reply = _understood([said, FORM, ASKS])
    assert reply.asked is not None
    assert (reply.status, reply.outcome.action if reply.outcome else None, reply.text) == (status, action, text)


def test_the_offer_says_who_and_when() -> None:
    places = load_content().municipalities
    present = offer_text(Possible(desk="expert", ways=["chat"], present=True), "en", places)
    assert "residence permit expert" in present
    assert "right now" in present
    assert "Waiting" not in present
    closed = offer_text(Possible(desk="lieksa", ways=["question"], queue=3, opens_next=OPENS), "fi", places)
    assert "neuvojalle (Lieksa)" in closed
    assert "maanantaina 30.11. klo 9.00" in closed
    assert "ennestään: 3" in closed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offer_is_said_in_every_language(language: str) -> None:
    places = load_content().municipalities
    for possible in (
        Possible(desk="expert", ways=["chat"], present=True, queue=1),
        Possible(desk="kitee", ways=["question"]),
        Possible(desk="kitee", ways=["question"], opens_next=OPENS),
    ):
        said = offer_text(possible, language, places)
        assert "{" not in said
        assert language == "en" or said != offer_text(possible, "en", places)


def test_the_choices_of_a_step() -> None:
    possible = Possible(desk="expert", ways=["callback", "question"], slots=[OPENS])
    places = load_content().municipalities
    assert titles_of("way", possible, places, "en") == {"callback": "Call me back", "question": "Leave a question"}
    assert titles_of("appointment", possible, places, "fi") == {"20261130t0700": "maanantaina 30.11. klo 9.00"}
    assert titles_of("place", possible, places, "fi")["kitee"] == "Kitee"
    assert titles_of("phone", possible, places, "fi") == {}


@pytest.mark.parametrize(
    ("text", "detail"),
    [("Kitee", True), ("maria@example.com", True), ("040 123 4567", True), ("how much does it cost", False), ("", True)],
)
def test_details_tell_no_language(text: str, detail: bool) -> None:
    assert is_a_detail(text) is detail
