"""The offer of a human."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnContext, tell
from bot.guide import Guide
from bot.outcome import Outcome
from bot.status import ExpertReason, Status


class OfferHumanAction(Action):  # type: ignore[misc]
    """``action_offer_human``: the service shows who can be reached now, and how.

    Who names one of the ways just offered ("call me") has chosen it.
    """

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "action_offer_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        if turn.names_way:
            return tell(dispatcher, Outcome(action="form", status=Status.handoff), "way_named")
        named = self._guide.municipalities_in(turn.text)
        outcome = Outcome(
            action="offer_human",
            status=Status.handoff,
            expert=ExpertReason.asked,
            municipality_asked=named[0] if named else None,
        )
        return tell(dispatcher, outcome, "human_offered")
