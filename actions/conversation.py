"""What concerns the conversation itself: feedback, repeating, erasing, starting over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnContext, tell
from bot.guide import Guide
from bot.outcome import Outcome
from bot.status import ExpertReason, Status
from knowledge.model import ExpertRole

REASONS = ("not_my_question", "unclear", "wrong", "too_general")


class RecordFeedbackAction(Action):  # type: ignore[misc]
    """``action_record_feedback``: whether the last answer helped, and the reason when it did not."""

    def name(self) -> str:
        return "action_record_feedback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        about = turn.entity("answer") or turn.state.feedback_on or turn.state.answer_id
        if about is None:
            return tell(dispatcher, Outcome(action="feedback", status=Status.control), "feedback_on_nothing")
        helped = turn.intent == "feedback_helped"
        reason = turn.entity("reason")
        explained = turn.state.offered == "reason" and turn.entity("answer") is None
        feedback = {
            "answer_id": about,
            "helped": helped,
            "reason": reason if reason in REASONS else None,
            "words": None if helped else turn.text or None,
            "explains": explained and not helped,
        }
        wanted = turn.intent == "feedback_not_helped" and not explained
        outcome = Outcome(action="feedback", status=Status.control, feedback=feedback)
        return tell(dispatcher, outcome, "feedback_reason_wanted" if wanted else "feedback_kept")


class RepeatAction(Action):  # type: ignore[misc]
    """``action_repeat``: what was said last once more, an answer or answers to choose from."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        state, answers = TurnContext(tracker).state, self._guide.content.answers
        offered = [name for name in state.alternatives if name in answers] if state.offered == "answers" else []
        if offered:
            return tell(dispatcher, Outcome(action="repeat", status=Status.clarify, alternatives=offered), "clarify")
        last = answers.get(state.answer_id or "")
        if last is None:
            return tell(dispatcher, Outcome(action="repeat", status=Status.control), "nothing_to_repeat")
        expert = ExpertReason.expert_topic if last.expert is ExpertRole.always else None
        outcome = Outcome(action="repeat", status=Status.answered, answer_id=last.id, topic=last.topic, expert=expert)
        return tell(dispatcher, outcome, "answered")


class EraseAction(Action):  # type: ignore[misc]
    """``action_erase``: the newcomer has confirmed; the service erases once the turn is over."""

    def name(self) -> str:
        return "action_erase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return tell(dispatcher, Outcome(action="erase", status=Status.control), "erased")


class StartOverAction(Action):  # type: ignore[misc]
    """``action_start_over``: what was asked and offered before is forgotten; the messages stay."""

    def name(self) -> str:
        return "action_start_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return tell(dispatcher, Outcome(action="start_over", status=Status.control), "started_over")
