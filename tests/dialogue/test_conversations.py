"""Every conversation of ``conversations/*.yml``, held over the HTTP API with the guide that really runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from bot.messages import Alternative, Message
from bot.status import Status
from tests.dialogue.channel import WebChannel
from tests.dialogue.conversation import ConversationTest, TurnTest, read_conversations
from tests.dialogue.play import deviations, play

CONVERSATIONS = read_conversations()


def _case(test: ConversationTest) -> Any:
    marks = [pytest.mark.xfail(reason=test.known_failure, raises=AssertionError)] if test.known_failure else []
    return pytest.param(test, id=test.id, marks=marks)


@pytest.mark.parametrize("test", [_case(test) for test in CONVERSATIONS])
def test_conversation(test: ConversationTest, api: httpx.Client) -> None:
    play(test, WebChannel(api, test.about))


def test_ids_are_told_apart() -> None:
    ids = [test.id for test in CONVERSATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "turn",
    [
        {"says": "hi", "status": "smalltalk", "anser": "library_card"},
        {"says": "hi"},
        {"status": "smalltalk"},
        {"says": "hi", "presses": 1, "status": "smalltalk"},
        {"presses": "/restart", "status": "control"},
        {"says": "hi", "status": "great"},
        {"says": "hi", "status": "smalltalk", "text_matches": "("},
    ],
    ids=["unknown key", "nothing expected", "nothing said", "said and pressed", "no such button", "no such status", "no regex"],
)
def test_a_turn_that_does_not_fit_the_format_is_refused(turn: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ConversationTest.model_validate({"name": "a", "turns": [turn]})


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"status": "clarify"}, None),
        ({"status": ["answered", "clarify"], "finds": "library_card", "choices_include": "bus_waltti_card"}, None),
        ({"status": "answered"}, "status"),
        ({"status": "clarify", "answer": "library_card"}, "the answer must be"),
        ({"status": "clarify", "finds": "tax_card_change"}, "must be found"),
        ({"status": "clarify", "picks": 1}, "choice 1"),
        ({"status": "clarify", "repeats_turn": 1}, "turn 1"),
        ({"status": "clarify", "choices_include": "tax_card_change"}, "include"),
        ({"status": "clarify", "choices_leave_out": "library_card"}, "leave out"),
        ({"status": "clarify", "language": "fi"}, "language"),
        ({"status": "clarify", "dir": "rtl"}, "direction"),
        ({"status": "clarify", "expert_reason": "asked"}, "reason"),
        ({"status": "clarify", "contact": "ihj"}, "contacts"),
        ({"status": "clarify", "buttons_at_least": 1}, "buttons"),
        ({"status": "clarify", "reviewed": False}, "reviewed"),
        ({"status": "clarify", "text_matches": "x"}, "match"),
    ],
)
def test_a_reply_is_compared_with_what_is_expected(expected: dict[str, Any], told: str | None) -> None:
    reply = Message(
        at=dt.datetime.now(dt.UTC), sender="bot", kind="choice", status=Status.clarify, text="Which?", html="",
        language="en", dir="ltr",
        alternatives=[Alternative(id=name, topic="t", title=name) for name in ("library_card", "bus_waltti_card")],
    )  # fmt: skip
    before = [reply.model_copy(update={"alternatives": list(reversed(reply.alternatives))})]
    found = deviations(TurnTest.model_validate({"says": "card", **expected}), reply, before)
    assert len(found) == (told is not None), found
    assert told is None or told in found[0]
