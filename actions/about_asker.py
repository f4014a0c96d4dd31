"""What the newcomer tells about themselves: language, municipality, audience."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnContext, tell
from bot.asker import language_not_understood, named_audience, named_language
from bot.guide import Guide
from bot.outcome import Outcome
from bot.status import Status
from bot.texts import line_language
from knowledge.model import EASY_FINNISH, LANGUAGES, Audience

KNOWN = frozenset({*LANGUAGES, EASY_FINNISH})
"""Languages that a button may choose."""


class ChangeLanguageAction(Action):  # type: ignore[misc]
    """``action_change_language``: the language named in words or by a button; else it is asked."""

    def name(self) -> str:
        return "action_change_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        pressed = turn.entity("language")
        language = (pressed if pressed in KNOWN else None) or named_language(turn.text) or _written_in(turn)
        if language is None:
            return tell(dispatcher, Outcome(action="language", status=Status.control), "language_unknown")
        outcome = Outcome(action="language", status=Status.control, set={"language": language})
        return tell(dispatcher, outcome, "language_changed", reply_language=line_language(language))


class SetMunicipalityAction(Action):  # type: ignore[misc]
    """``action_set_municipality``: the municipality named in words or by a button; else it is asked."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "action_set_municipality"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        pressed = turn.entity("municipality")
        named = [pressed] if pressed in self._guide.content.municipalities else self._guide.municipalities_in(turn.text)
        if not named:
            return tell(dispatcher, Outcome(action="municipality", status=Status.control), "municipality_unknown")
        names = self._guide.content.municipalities[named[0]].name
        outcome = Outcome(action="municipality", status=Status.control, set={"municipality": named[0]})
        shown = names.get(turn.reply_language, names["fi"])
        return tell(dispatcher, outcome, "municipality_set", municipality_name=shown)


class SetAudienceAction(Action):  # type: ignore[misc]
    """``action_set_audience``: whether a newcomer, an employer or a professional asks; else it is a question."""

    def name(self) -> str:
        return "action_set_audience"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        pressed = turn.entity("audience")
        audience = pressed if pressed in set(Audience) else named_audience(turn.text)
        if audience is None:
            return tell(dispatcher, Outcome(action="audience", status=Status.control), "audience_unknown")
        outcome = Outcome(action="audience", status=Status.control, set={"audience": audience})
        return tell(dispatcher, outcome, "audience_set")


def _written_in(turn: TurnContext) -> str | None:
    """Who asks for another language without naming it means the one they write in, when the guide has not used it so far
    or when they say that they do not understand some other."""
    written = turn.metadata.get("detected_language")
    if not written:
        return None
    denied = language_not_understood(turn.text)
    return str(written) if written != turn.language or denied not in (None, written) else None
