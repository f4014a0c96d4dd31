"""Answering a question: retrieval decides which answer, or that there is none."""

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
from knowledge.retrieval import REFUSALS
from knowledge.search import Decision, Found, Question

STATUS_OF = {
    Decision.answered: Status.answered,
    Decision.clarify: Status.clarify,
    Decision.unknown: Status.unknown,
    Decision.out_of_scope: Status.out_of_scope,
    Decision.abuse: Status.out_of_scope,
    Decision.instructions: Status.out_of_scope,
}


class AnswerAction(Action):  # type: ignore[misc]
    """``action_answer``: ranks the answers and says which band the best one falls into; or a way to a human was named."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        if turn.names_way:
            return tell(dispatcher, Outcome(action="form", status=Status.handoff), "way_named")
        found = await self._guide.search(
            Question(
                text=turn.search_text,
                vector=turn.vector,
                previous=turn.state.question,
                previous_topic=turn.state.topic,
                audience=turn.audience,
            )
        )
        # "the first one", with nothing offered, is no order to the guide
        if turn.intent == "choose" and found.decision in REFUSALS:
            found.decision = Decision.unknown
        outcome = outcome_of(found, self._guide, explain=turn.explain)
        return tell(dispatcher, outcome, _result(found, outcome))


def outcome_of(found: Found, guide: Guide, *, explain: bool) -> Outcome:
    """What the turn comes to, with the reason to turn to the permit expert."""
    outcome = Outcome(action="answer", status=STATUS_OF[found.decision], explain=found.explained() if explain else None)
    if found.decision is Decision.answered:
        outcome.answer_id = found.best
    if found.decision is Decision.clarify:
        outcome.alternatives = found.choices
    if found.decision in (Decision.answered, Decision.clarify, Decision.unknown):
        outcome.topic = found.topic
        outcome.question = found.standing_for
        outcome.expert = _expert_reason(found, guide)
        outcome.municipality_asked = found.municipalities[0] if found.municipalities else None
    return outcome


def _expert_reason(found: Found, guide: Guide) -> ExpertReason | None:
    if found.own_case:
        return ExpertReason.own_case
    if found.decision is Decision.unknown:
        return ExpertReason.unknown
    shown = [found.best] if found.decision is Decision.answered else found.choices
    answers = [guide.content.answers[name] for name in shown if name]
    return ExpertReason.expert_topic if any(answer.expert is ExpertRole.always for answer in answers) else None


def _result(found: Found, outcome: Outcome) -> str:
    if found.decision is Decision.answered:
        return "own_case" if outcome.expert is ExpertReason.own_case else "answered"
    if found.decision is Decision.unknown and outcome.expert is ExpertReason.own_case:
        return "own_case_unknown"
    return str(found.decision)
