"""The messages that the service itself writes into a conversation when something happens to its case."""

from __future__ import annotations

import datetime as dt
import html

from bot.handoff.draft import EXPERT_DESK
from bot.handoff.tables import AppointmentRow
from bot.language import direction
from bot.messages import Button, Message
from bot.opening import FINLAND, moment_text
from bot.status import Status
from bot.texts import line_language, say_of_case
from knowledge.markdown import as_html_text, to_html
from knowledge.model import Municipality

Municipalities = dict[str, Municipality]


def desk_name(desk: str, language: str, municipalities: Municipalities) -> str:
    """What newcomers call a desk: a role."""
    language = line_language(language)
    if desk == EXPERT_DESK or desk not in municipalities:
        return say_of_case("expert_desk", language)
    names = municipalities[desk].name
    return say_of_case("counsellor_desk", language, municipality=names.get(language) or names["fi"])


def system_line(at: dt.datetime, language: str | None, line: str, **values: object) -> Message:
    """One line about the case, from the system."""
    shown_in = line_language(language)
    text = say_of_case(line, shown_in, **values)
    return Message(
        at=at,
        sender="system",
        kind="notice",
        status=Status.handoff,
        text=text,
        html=to_html(text),
        language=shown_in,
        dir=direction(shown_in),
    )


def place_words(medium: str, link: str | None, language: str) -> str:
    """Where an appointment is."""
    if medium == "phone":
        return say_of_case("by_phone", language)
    return say_of_case("by_teams", language, link=link) if link else say_of_case("by_teams_later", language)


def appointment_line(at: dt.datetime, language: str | None, appointment: AppointmentRow, happening: str) -> Message:
    """When and where: an appointment was ``booked``, ``changed`` or ``cancelled``.

    A link was typed by somebody: nothing of it but its address becomes HTML.
    """
    shown_in = line_language(language)
    when = moment_text(appointment.starts_at.astimezone(FINLAND), shown_in)
    line = system_line(at, shown_in, f"appointment_{happening}", when=when)
    if happening == "cancelled":
        return line
    text = f"{line.text} {place_words(appointment.medium, appointment.link, shown_in)}"
    shown = as_html_text(text)
    if appointment.link:
        address = html.escape(appointment.link)
        shown = shown.replace(address, f'<a href="{address}" rel="noopener noreferrer">{address}</a>')
    return line.model_copy(update={"text": text, "html": shown})


def closing_line(at: dt.datetime, language: str | None) -> Message:
    """Said when a case is resolved: the guide takes over again, and asks how it went."""
    shown_in = line_language(language)
    message = system_line(at, language, "resolved")
    message.buttons = [
        Button(title=say_of_case("helped", shown_in), payload='/feedback_helped{"answer":"case"}'),
        Button(title=say_of_case("did_not_help", shown_in), payload='/feedback_not_helped{"answer":"case"}'),
    ]
    return message


def expert_words(at: dt.datetime, text: str, language: str, author: str) -> Message:
    """What a human writes from the desk. Shown as text: never as HTML or Markdown."""
    return Message(
        at=at,
        sender="expert",
        kind="text",
        status=Status.human,
        text=text,
        html=as_html_text(text),
        language=language,
        dir=direction(language),
        author=author,
    )
