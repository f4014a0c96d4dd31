"""What stands on the buttons of a step of the form: ways, municipalities, times."""

from __future__ import annotations

from collections.abc import Mapping

from bot.handoff.draft import Possible
from bot.handoff.form import slot_key
from bot.opening import FINLAND, moment_text
from bot.texts import say_in_form
from knowledge.model import Municipality

PAYLOADS = {
    "way": '/handoff{{"way":"{}"}}',
    "place": '/set_municipality{{"municipality":"{}"}}',
    "appointment": '/handoff{{"at":"{}"}}',
}
"""What is sent when a button of the step is pressed."""


def titles_of(step: str, possible: Possible, municipalities: Mapping[str, Municipality], language: str) -> dict[str, str]:
    """The choices of a step that depend on the moment: what each stands for, and its title. Other steps have none."""
    match step:
        case "way":
            return {way: say_in_form(f"way_{way}", language) for way in possible.ways}
        case "place":
            return {name: each.name.get(language, each.name["fi"]) for name, each in municipalities.items()}
        case "appointment":
            return {slot_key(slot): moment_text(slot.astimezone(FINLAND), language) for slot in possible.slots}
    return {}
