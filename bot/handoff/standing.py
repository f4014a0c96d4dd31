"""How a case stands, in words."""

from __future__ import annotations

from bot.handoff.lines import place_words
from bot.handoff.shown import ShownCase
from bot.opening import FINLAND, moment_text
from bot.texts import say_of_case


def standing_lines(case: ShownCase, language: str) -> list[str]:
    """The state, the place in the queue, and a booked time, one line each."""
    lines = [say_of_case(f"state_{case.state}", language, who=case.who)]
    if case.place is not None:
        lines.append(say_of_case("place_in_queue", language, place=case.place))
    if case.state == "queued" and case.way == "chat" and not case.present:
        lines.append(say_of_case("nobody_there", language))
    if case.appointment is not None:
        when = moment_text(case.appointment.starts_at.astimezone(FINLAND), language)
        lines.append(say_of_case("appointment_booked", language, when=when))
        lines.append(place_words(case.appointment.medium, case.appointment.link, language))
    return lines
