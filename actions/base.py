"""What the actions have in common: what the service told with the turn, and how an outcome goes back."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation import State
from bot.handoff.draft import Possible
from bot.handoff.words import way_in
from bot.outcome import Outcome
from knowledge.encoder import Vectors
from knowledge.tokens import words

FEW = 5
"""So many words at most choose one of the ways that were offered; more of them are a question of their own."""


class TurnContext:
    """The metadata that the service sends with each turn."""

    def __init__(self, tracker: Tracker) -> None:
        self.message: dict[str, Any] = tracker.latest_message or {}
        self.metadata: dict[str, Any] = self.message.get("metadata") or {}

    @property
    def text(self) -> str:
        """The newcomer's words; empty when a button was pressed."""
        return str(self.metadata.get("question") or "")

    @property
    def search_text(self) -> str:
        """The newcomer's words in the script of their language."""
        return str(self.metadata.get("search_text") or "")

    @property
    def state(self) -> State:
        return State.model_validate(self.metadata.get("state") or {})

    @property
    def language(self) -> str:
        return str(self.metadata.get("language") or "en")

    @property
    def reply_language(self) -> str:
        return str(self.metadata.get("reply_language") or "en")

    @property
    def reads(self) -> str:
        """The language in which answers are read."""
        return str(self.metadata.get("reads") or "en")

    @property
    def municipality(self) -> str | None:
        return self.metadata.get("municipality")

    @property
    def audience(self) -> str | None:
        return self.metadata.get("audience")

    @property
    def possible(self) -> Possible | None:
        """What of a hand-off is possible now, in the turns that may need it."""
        possible = self.metadata.get("possible")
        return None if possible is None else Possible.model_validate(possible)

    @property
    def names_way(self) -> bool:
        """Whether a few words name one of the ways to a human that were just offered: "call me", "book an appointment"."""
        ways = self.possible.ways if self.possible and self.state.offered == "handoff" else []
        return "?" not in self.text and len(words(self.text)) <= FEW and way_in(self.text, ways) is not None

    @property
    def explain(self) -> bool:
        return bool(self.metadata.get("explain"))

    @property
    def intent(self) -> str:
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def vector(self) -> Vectors | None:
        """The question's vector as the service sent it, or None."""
        encoded = self.metadata.get("vector")
        return None if not encoded else np.frombuffer(base64.b64decode(encoded), dtype=np.float16).astype(np.float32)

    @property
    def carried(self) -> dict[str, str]:
        """Everything that a pressed button carries."""
        return {each["entity"]: str(each["value"]) for each in self.message.get("entities") or []}

    def entity(self, name: str) -> str | None:
        """The value that a pressed button carries."""
        for entity in self.message.get("entities") or []:
            if entity.get("entity") == name:
                return str(entity["value"])
        return None


def tell(dispatcher: CollectingDispatcher, outcome: Outcome, result: str, **slots: str | None) -> list[EventType]:
    """Send ``outcome`` to the service and set the slot that the rules go on from."""
    dispatcher.utter_message(json_message=outcome.model_dump(mode="json", exclude_none=True))
    return [SlotSet("outcome", result), *(SlotSet(name, value) for name, value in slots.items())]
