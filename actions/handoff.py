"""The hand-off to a human: the form that gathers what the human needs, and what comes of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnContext, tell
from bot.asker import spoken_language
from bot.guide import Guide
from bot.handoff.draft import Possible
from bot.handoff.form import FORM, STEPS, begun, draft_of
from bot.handoff.reading import Again, Aside, Ended, Filled, Said, read
from bot.handoff.titles import titles_of
from bot.handoff.words import way_in
from bot.outcome import Outcome
from bot.status import ExpertReason, Status


class BeginHandoffAction(Action):  # type: ignore[misc]
    """``action_begin_handoff``: what the conversation has told already is filled in, the rest is left to the form.

    A way that is not possible now is not begun: what is possible is offered.
    """

    def name(self) -> str:
        return "action_begin_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = TurnContext(tracker)
        ways = turn.possible.ways if turn.possible else []
        wanted = turn.entity("way") or way_in(turn.text, ways)
        if not ways or (wanted is not None and wanted not in ways):
            outcome = Outcome(action="offer_human", status=Status.handoff, expert=ExpertReason.asked)
            return tell(dispatcher, outcome, "human_offered")
        way = next((each for each in ways if each == wanted), None)
        values = begun(way, turn.state.question, turn.municipality, turn.audience)
        return tell(dispatcher, Outcome(action="form", status=Status.handoff), "handoff_begun", handoff_ended=None, **values)


class ValidateHandoffForm(Action):  # type: ignore[misc]
    """``validate_handoff_form``: reads the answer to what was asked last. Without events, the message is not for the form."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def name(self) -> str:
        return "validate_handoff_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn, step = TurnContext(tracker), tracker.get_slot("requested_slot")
        gathered = gathered_in(tracker)
        if step is None or _is_spent(tracker):
            return _ask(dispatcher, gathered, {})
        possible = turn.possible or Possible(desk="", ways=[])
        titles = titles_of(step, possible, self._guide.content.municipalities, turn.reply_language)
        match read(step, self._said(turn), gathered, possible, titles):
            case Filled(values):
                told = {"municipality": values["place"]} if values.get("place") in self._guide.content.municipalities else {}
                return _ask(dispatcher, gathered, values, told=told)
            case Again(problem):
                return _ask(dispatcher, gathered, {step: None}, problem=problem)
            case Ended(how):
                return [SlotSet("handoff_ended", how), SlotSet("requested_slot", None)]
            case Aside():
                return []

    def _said(self, turn: TurnContext) -> Said:
        pressed = turn.entity("municipality")
        places = self._guide.municipalities_in(turn.text)
        return Said(
            text=turn.text,
            act=turn.intent,
            carried=turn.carried,
            places=(pressed,) if pressed in self._guide.content.municipalities else tuple(places),
            language=spoken_language(turn.text),
        )


class HandOffAction(Action):  # type: ignore[misc]
    """``action_hand_off``: after the form. The draft goes to the service, which begins the case; or the form was ended."""

    def name(self) -> str:
        return "action_hand_off"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        ended, gathered = tracker.get_slot("handoff_ended"), gathered_in(tracker)
        outcome = Outcome(action="end_form", status=Status.handoff)
        if ended == "started_over":
            outcome = Outcome(action="start_over", status=Status.control)
        if ended is None:
            draft = draft_of(gathered, TurnContext(tracker).language)
            outcome = Outcome(action="hand_off", status=Status.handoff, expert=ExpertReason.asked, hand_off=draft)
        forgotten: dict[str, str | None] = {**dict.fromkeys(STEPS), "handoff_ended": None}
        return tell(dispatcher, outcome, _end_of(ended, gathered["way"]), **forgotten)


class CaseStatusAction(Action):  # type: ignore[misc]
    """``action_case_status``: how the newcomer's case stands. The service knows the facts."""

    def name(self) -> str:
        return "action_case_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        outcome = Outcome(action="case_status", status=Status.handoff)
        return tell(dispatcher, outcome, "case_told" if TurnContext(tracker).state.has_case else "no_case")


class AskWithdrawAction(Action):  # type: ignore[misc]
    """``action_ask_withdraw``: a case is withdrawn only after a yes."""

    def name(self) -> str:
        return "action_ask_withdraw"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        outcome = Outcome(action="ask_withdraw", status=Status.handoff)
        return tell(dispatcher, outcome, "withdrawal_asked" if TurnContext(tracker).state.has_case else "no_case")


class WithdrawCaseAction(Action):  # type: ignore[misc]
    """``action_withdraw_case``: the newcomer has confirmed; the service withdraws when the turn ends, and says so."""

    def name(self) -> str:
        return "action_withdraw_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return tell(dispatcher, Outcome(action="withdraw_case", status=Status.handoff), "withdrawn")


def gathered_in(tracker: Tracker) -> dict[str, str | None]:
    """What the form has gathered so far."""
    return {step: tracker.get_slot(step) for step in STEPS}


def _ask(
    dispatcher: CollectingDispatcher,
    gathered: dict[str, str | None],
    values: dict[str, str | None],
    *,
    problem: str | None = None,
    told: dict[str, str | None] | None = None,
) -> list[EventType]:
    """The slots that are set, and what the service needs to know to put the next question."""
    known = {**gathered, **values}
    outcome = Outcome(action="form", status=Status.handoff, problem=problem, matter=known["matter"], set=told or {})
    dispatcher.utter_message(json_message=outcome.model_dump(mode="json", exclude_none=True))
    return [SlotSet("handoff_ended", None), *(SlotSet(name, value) for name, value in values.items())]


def _is_spent(tracker: Tracker) -> bool:
    """Whether another action has replied to the message already: the form was just begun, or comes back from a side question."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] not in (FORM, "action_listen", "action_extract_slots"):
            return True
    return True


def _end_of(ended: str | None, way: str | None) -> str:
    """The outcome after which the rules go on."""
    match ended or way:
        case "refused":
            return "consent_refused"
        case "started_over":
            return "started_over"
        case "erasure_asked":
            return "erasure_asked"
        case "chat":
            return "handed_off_chat"
        case "callback":
            return "handed_off_callback"
        case "appointment":
            return "handed_off_appointment"
        case "question":
            return "handed_off_question"
    return "handoff_cancelled"
