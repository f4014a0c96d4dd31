"""Which words a turn leaves among the statistics: those of questions that were missed, until a choice has answered them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation import Conversation, State
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import TurnRow
from bot.dialogue import DialogueReply
from bot.outcome import Outcome
from bot.status import Status
from bot.turns import compose
from bot.turns.steps import missed_question
from bot.turns.turn import Turn
from tests.desk_people import NOON
from tests.unit.desk_rows import message
from tests.unit.missed_rows import missed

ASKED = "where is my card, call 040 123 4567"


def turn_of(outcome: Outcome | None, text: str = "", **state: Any) -> Turn:
    conversation = Conversation(id="one", channel="web", created_at=NOON, last_at=NOON, state=State(**state))
    turn = Turn(conversation, message(NOON), text)
    turn.outcome, turn.redacted = outcome, text
    return turn


def judged(helped: bool, answer_id: str = "kela_card", explains: bool = False) -> Outcome:
    feedback = {"answer_id": answer_id, "helped": helped, "explains": explains}
    return Outcome(action="feedback", status=Status.control, feedback=feedback)


@pytest.mark.parametrize(
    ("outcome", "status", "kept"),
    [
        (Outcome(action="answer", status=Status.unknown), Status.unknown, "hello"),
        (Outcome(action="answer", status=Status.clarify), Status.clarify, "hello"),
        (Outcome(action="answer", status=Status.answered), Status.answered, None),
        (Outcome(action="repeat", status=Status.clarify), Status.clarify, None),
        (Outcome(action="choose", status=Status.clarify), Status.clarify, None),
        (None, Status.unknown, None),
        (None, Status.human, None),
    ],
)
def test_words_of_questions_only(outcome: Outcome | None, status: Status, kept: str | None) -> None:
    assert missed_question(turn_of(outcome, "hello"), status) == kept


@pytest.mark.parametrize(
    ("outcome", "kept"),
    [
        (judged(False), "where is my card, call [phone]"),
        (judged(True), None),
        (judged(False, explains=True), None),
        (judged(False, "an_older_answer"), None),
        (judged(False, "case"), None),
    ],
)
def test_the_question_whose_answer_did_not_help_masked(outcome: Outcome, kept: str | None) -> None:
    turn = turn_of(outcome, "it did not help", question=ASKED, answer_id="kela_card")
    assert missed_question(turn, Status.control) == kept


def test_without_a_question_there_are_no_words() -> None:
    assert missed_question(turn_of(judged(False), "no", answer_id="kela_card"), Status.control) is None


@pytest.mark.parametrize(
    ("outcome", "settles", "left"),
    [
        (Outcome(action="choose", status=Status.answered, answer_id="kela_card", topic="kela"), 7, None),
        (Outcome(action="choose", status=Status.clarify), None, 7),
        (Outcome(action="language", status=Status.control), None, 7),
        (Outcome(action="answer", status=Status.answered, answer_id="kela_card", question="x"), None, None),
        (Outcome(action="answer", status=Status.unknown, question="x"), None, None),
        (Outcome(action="start_over", status=Status.control), None, None),
    ],
)
def test_a_choice_settles_the_question_to_which_it_was_offered(outcome: Outcome, settles: int | None, left: int | None) -> None:
    turn = turn_of(outcome, open_choice=7)
    compose.remember(turn, DialogueReply(outcome=outcome, status=outcome.status))
    assert (turn.settles, turn.conversation.state.open_choice) == (settles, left)


async def test_the_words_go_when_something_is_chosen(database: Database) -> None:
    store = ConversationStore(database)
    conversation = Conversation(id="one", channel="web", created_at=NOON, last_at=NOON)
    await store.create(conversation, [])

    async def turn(words: str, row: TurnRow, settles: int | None = None) -> None:
        received, _ = await store.receive("one", message(NOON + dt.timedelta(seconds=len(words)), words))
        await store.end_turn(conversation, received, [], row, settles=settles)

    await turn("first", missed("first", status="clarify"))
    await turn("second", missed("second", status="clarify"))
    open_choice = (await store.find("one")).state.open_choice
    assert open_choice == conversation.state.open_choice
    await turn("chosen", missed("", missed_question=None, status="answered"), settles=open_choice)
    await turn("third", missed("third"))
    async with database.session() as session:
        words = list(await session.scalars(select(TurnRow.missed_question).order_by(TurnRow.id)))
    assert words == ["first", None, None, "third"]
