"""What a newcomer's message means to the form of a hand-off, at the step that was asked last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.choice import picked
from bot.handoff.contact_details import Email, Phone, Problem, read_email, read_phone
from bot.handoff.draft import Possible, Way
from bot.handoff.form import FREE, MAY_BE_SKIPPED, OWN_LANGUAGE, SKIPPED, YES, Values, for_way, slot_key
from bot.handoff.words import asker_in, comes_back_here, consent_in, has_nothing_to_add, wants_interpreter, way_in
from knowledge.model import Audience
from knowledge.tokens import words

ENDS = {
    "cancel": "cancelled",
    "withdraw_case": "cancelled",
    "start_over": "started_over",
    "erase_data": "erasure_asked",
}
"""Acts that end the form, and how it has ended then."""

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "help", "change_language"})
SHORT = 6
"""So many words at most make an act of its own where any words are an answer: more are told to the human."""
A_QUESTION = 3
"""So many words at least make a question where an answer of a word or two is expected."""
LONGEST_WISH = 200
LONGEST_MATTER = 2000
ADDRESS = re.compile(r"\S+@\S+")
DIGITS = re.compile(r"\d.*\d.*\d", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A message as the dialogue has understood it. ``carried`` is what a pressed button carries; words are empty then."""

    text: str
    act: str
    carried: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    """Municipalities that are named."""
    language: str | None = None
    """The language that is named."""

    @property
    def length(self) -> int:
        return len(words(self.text))


@dataclass(frozen=True)
class Filled:
    """The message answers: the slots that it sets."""

    values: Values


@dataclass(frozen=True)
class Again:
    """The step is asked again; ``problem`` names the line that says why, where there is something to say."""

    problem: str | None = None


@dataclass(frozen=True)
class Ended:
    """The form is over: ``cancelled``, ``refused``, ``started_over`` or ``erasure_asked``."""

    how: str


class Aside:
    """The message is not for the form: the dialogue replies as ever, and the form goes on after that."""


Reading = Filled | Again | Ended | Aside


def read(step: str, said: Said, gathered: Mapping[str, str | None], possible: Possible, titles: Mapping[str, str]) -> Reading:
    """What ``said`` means at ``step``. ``titles`` are the choices that the buttons of the step show."""
    if said.act in ENDS and (step not in FREE or said.length <= SHORT):
        return Ended(ENDS[said.act])
    if not said.text:
        return _pressed(step, said, gathered, possible)
    if step in FREE:
        return _freely_told(step, said)
    return _told(step, said, gathered, titles) or _otherwise(step, said)


def _pressed(step: str, said: Said, gathered: Mapping[str, str | None], possible: Possible) -> Reading:
    """A button. One of a step that is over asks the present step again, and changes nothing."""
    carried, here = said.carried, said.carried.get("step") == step
    match said.act:
        case "affirm" if here and step == "consent":
            return Filled({step: YES})
        case "deny" if here and step == "consent":
            return Ended("refused")
        case "skip" if here and step in MAY_BE_SKIPPED:
            return Filled({step: SKIPPED})
        case "set_municipality" if step == "place":
            return _filled_or_again(step, said.places[0] if said.places else None)
        case "set_audience" if step == "asker":
            return _filled_or_again(step, next((each for each in Audience if each == carried.get("audience")), None))
        case "handoff":
            return _pressed_for_form(step, carried, gathered, possible)
        case "ask_human":
            return Again("on_the_way")
        case "affirm" | "deny" | "skip" | "repeat":
            return Again()
    return Aside()


def _filled_or_again(step: str, value: str | None) -> Filled | Again:
    return Again(f"{step}_needed") if value is None else Filled({step: value})


def _pressed_for_form(
    step: str, carried: Mapping[str, str], gathered: Mapping[str, str | None], possible: Possible
) -> Filled | Again:
    if "way" in carried:
        way = next((each for each in possible.ways if each == carried["way"]), None)
        return Again("way_gone") if way is None else Filled(for_way(way, gathered))
    if "at" in carried and step == "appointment":
        free = {slot_key(slot) for slot in possible.slots}
        return Filled({step: carried["at"]}) if carried["at"] in free else Again("time_gone")
    if step == "speak" and carried.get("speak") in ("fi", "en", OWN_LANGUAGE):
        return Filled({step: carried["speak"]})
    return Again()


def _freely_told(step: str, said: Said) -> Reading:
    tells_time = step == "wished_time" and said.act == "greet"  # "in the afternoon" is half a greeting, in Finnish above all
    if said.act in SMALL_TALK and said.length <= A_QUESTION and not tells_time:
        return Aside()
    if step in MAY_BE_SKIPPED and said.length <= SHORT and _passes_over(step, said):
        return Filled({step: SKIPPED})
    if step == "addition" and said.act == "affirm" and said.length <= A_QUESTION:
        return Again("write_it")
    if len(said.text) > (LONGEST_WISH if step == "wished_time" else LONGEST_MATTER):
        return Again("too_long")
    return Filled({step: said.text})


def _passes_over(step: str, said: Said) -> bool:
    return said.act in ("skip", "deny") or (step == "addition" and has_nothing_to_add(said.text))


def _told(step: str, said: Said, gathered: Mapping[str, str | None], titles: Mapping[str, str]) -> Reading | None:
    """The answer in words to the step, or None when they are none."""
    value: str | None = None
    match step:
        case "consent":
            return _consent(said)
        case "way":
            return _way(said, gathered, titles)
        case "place":
            value = said.places[0] if said.places else None
        case "asker":
            value = None if _asks(said) else asker_in(said.text)
        case "speak":
            value = OWN_LANGUAGE if wants_interpreter(said.text) else said.language
        case "appointment":
            value = None if _asks(said) else picked(said.text, titles, only_yes=said.act == "affirm")
        case "phone" | "contact" | "contact_or_here":
            return _contact(step, said)
    if value is None and step in MAY_BE_SKIPPED and said.act in ("skip", "deny"):
        value = SKIPPED
    return None if value is None else Filled({step: value})


def _consent(said: Said) -> Reading | None:
    agrees = {"affirm": True, "deny": False}.get(said.act)
    if agrees is None and not _asks(said):
        agrees = consent_in(said.text)
    if agrees is None:
        return None
    return Filled({"consent": YES}) if agrees else Ended("refused")


def _way(said: Said, gathered: Mapping[str, str | None], titles: Mapping[str, str]) -> Reading | None:
    ways: dict[str, Way] = {"chat": "chat", "callback": "callback", "appointment": "appointment", "question": "question"}
    named = way_in(said.text, titles) or (None if _asks(said) else picked(said.text, titles, only_yes=said.act == "affirm"))
    return None if named is None else Filled(for_way(ways[named], gathered))


def _contact(step: str, said: Said) -> Reading | None:
    if "@" in said.text and step != "phone":
        address = ADDRESS.search(said.text)
        return _used(step, read_email(address.group() if address else said.text))
    if DIGITS.search(said.text):
        return _used(step, read_phone(said.text))
    if step == "contact_or_here" and (said.act in ("skip", "deny", "affirm") or comes_back_here(said.text)):
        return Filled({step: SKIPPED})
    return Again(f"{step}_needed") if said.act in ("skip", "deny", "affirm") else None


def _used(step: str, found: Phone | Email | Problem) -> Reading:
    match found:
        case Phone(e164):
            return Filled({step: e164})
        case Email(address):
            return Filled({step: address})
        case Problem(reason):
            return Again(reason)


def _otherwise(step: str, said: Said) -> Reading:
    """Words that are no answer to the step: a side question, or something that was not understood."""
    if said.act == "ask_human":
        return Again("on_the_way")
    if said.act == "repeat":
        return Again()
    if said.act in ("affirm", "deny", "skip", "handoff", "choose", "set_municipality", "set_audience"):
        return Again(f"{step}_needed")
    if said.act in ("ask", "nlu_fallback") and not _asks(said):
        return Again(f"{step}_needed")
    return Aside()


def _asks(said: Said) -> bool:
    """Whether the words are rather a question than a short answer."""
    return "?" in said.text or (said.act in ("ask", "nlu_fallback") and said.length > A_QUESTION)
