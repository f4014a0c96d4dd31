"""Choosing one of the answers that were offered."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnContext, tell
from bot.choice import picked
from bot.guide import Guide
from bot.outcome import Outcome
from bot.showing import shown_version
from bot.status import ExpertReason, Status
from knowledge.model import ExpertRole
from knowledge.search import Question


class ChooseAction(Action):  # type: ignore[misc]
    """``action_choose``: the answer picked by a button, its number, or words of its title; a mere yes to several asks again."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "action_choose"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        answers = self._guide.content.answers
        chosen = turn.entity("answer")
        if chosen is None:
            offered = [answers[name] for name in turn.state.alternatives if name in answers]
            titles = {answer.id: shown_version(answer, turn.reads)[1].title for answer in offered}
            chosen = picked(turn.text, titles, only_yes=turn.intent == "affirm")
            if chosen is None and titles and turn.intent == "affirm":
                outcome = Outcome(action="choose", status=Status.clarify, alternatives=list(titles))
                return tell(dispatcher, outcome, "clarify")
            if chosen is None and titles:
                chosen = await self._nearest(turn, titles)
        if chosen not in answers:
            return tell(dispatcher, Outcome(action="choose", status=Status.clarify), "not_chosen")
        answer = answers[chosen]
        expert = ExpertReason.expert_topic if answer.expert is ExpertRole.always else None
        outcome = Outcome(action="choose", status=Status.answered, answer_id=chosen, topic=answer.topic, expert=expert)
        return tell(dispatcher, outcome, "answered")

    async def _nearest(self, turn: TurnContext, offered: Container[str]) -> str | None:
        """The offered answer that search finds first, if any: "the income one" shares no word with the title that is meant."""
        found = await self._guide.search(Question(text=turn.search_text, vector=turn.vector))
        return next((candidate.id for candidate in found.candidates if candidate.id in offered), None)
