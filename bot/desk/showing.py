"""How the desk's pages say times, languages, topics and desks, and how they show what was written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from markupsafe import Markup

from bot.handoff.lines import desk_name
from bot.language import direction
from bot.messages import Message
from bot.opening import FINLAND, moment_text
from bot.redaction import mask_identity_codes
from knowledge.compiled import Compiled

LOCALES = {"fi": "fi_FI", "en": "en_GB"}
PRIVATE_LINK = re.compile(r"#back=[\w.-]+")
CURATED = ("bot", "system")
"""Whose messages have HTML that was made from curated text."""


@dataclass(frozen=True)
class Line:
    """A message of the transcript as the desk shows it."""

    message: Message
    text: str
    html: Markup | None
    """Of curated messages; everybody else's words are shown as text."""
    answer_html: Markup | None
    masked: bool
    """Whether an identity code is hidden."""


def show_line(message: Message, unmasked: bool = False) -> Line:
    """The message with identity codes masked, unless somebody has asked for this one."""
    text = message.text if unmasked else mask_identity_codes(message.text)
    masked = text != message.text
    curated = message.sender in CURATED and not masked and not unmasked
    return Line(
        message=message,
        text=text,
        html=Markup(message.html) if curated else None,  # noqa: S704  cleaned when it was made (knowledge/markdown.py)
        answer_html=Markup(message.answer.html) if message.answer else None,  # noqa: S704
        masked=masked,
    )


def wording(language: str, content: Compiled, now: dt.datetime) -> dict[str, Any]:
    """What the templates of cases say things with, beside ``t``."""
    return {
        "when": partial(when, language, now),
        "day": partial(day, language),
        "moment": lambda at: moment_text(at.astimezone(FINLAND), language),
        "waited": lambda since: waited(language, now - since),
        "language_name": partial(language_name, language),
        "topic_name": partial(topic_name, language, content),
        "desk_name": lambda desk: desk_name(desk, language, content.municipalities),
        "dir_of": direction,
        "mask": mask_identity_codes,
        "mail_text": mail_text,
        "iso": dt.datetime.fromisoformat,
    }


def mail_text(body: str) -> str:
    """A mail as the desk may read it: with the newcomer's private link, anybody could write as the newcomer."""
    return PRIVATE_LINK.sub("#back=…", mask_identity_codes(body))


def when(language: str, now: dt.datetime, at: dt.datetime) -> str:
    """The time of day; on another day than ``now`` with its date. In Finnish time."""
    local, today = at.astimezone(FINLAND), now.astimezone(FINLAND).date()
    clock = "H.mm" if language == "fi" else "HH:mm"
    if local.date() == today:
        return format_datetime(local, clock, locale=LOCALES[language])
    year = "" if local.year == today.year else "y" if language == "fi" else " y"
    pattern = f"d.M.{year} 'klo' {clock}" if language == "fi" else f"d MMM{year}, {clock}"
    return format_datetime(local, pattern, locale=LOCALES[language])


def day(language: str, date: dt.date) -> str:
    """A day with its year."""
    return format_date(date, "d.M.y" if language == "fi" else "d MMM y", locale=LOCALES[language])


def waited(language: str, span: dt.timedelta) -> str:
    """A length of time in its largest unit: ``3 tuntia``. Nothing is shorter than a minute."""
    return format_timedelta(max(span, dt.timedelta(minutes=1)), granularity="minute", threshold=1, locale=LOCALES[language])


def language_name(language: str, code: str) -> str:
    """The name of a language, or its code when nobody knows it."""
    return str(Locale(language).languages.get(code, code))


def topic_name(language: str, content: Compiled, topic: str | None) -> str:
    """The name of a topic; its id when the content does not have it any more."""
    known = content.topics.get(topic or "")
    return known.name.in_language(language) if known else topic or ""
