"""One answer as newcomers see it: in a language, as of a moment, in a municipality."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.desk.answer_fields import languages_of, shown
from bot.desk.answer_saving import Proposal
from bot.language import direction
from bot.messages import ShownAnswer
from bot.opening import FINLAND
from bot.showing import show_answer
from bot.texts import language_tag
from knowledge.compiled import Compiled
from knowledge.load import Content
from knowledge.markdown import to_html
from knowledge.model import Answer

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)

HOUR = 12
"""Of another day, noon is shown: most offices are open then."""


@dataclass(frozen=True)
class SeenVersion:
    """What newcomers see in one language."""

    language: str
    """Easy Finnish has a code of its own, and is Finnish to browsers."""
    lang: str
    dir: str
    shown: ShownAnswer
    html: Markup


@dataclass(frozen=True)
class Draft:
    """What is being written in one language. ``seen`` is None while it cannot be shown as newcomers would see it."""

    language: str
    lang: str
    dir: str
    title: str
    html: Markup
    seen: SeenVersion | None


def see(answer: Answer, content: Content, language: str, moment: dt.datetime, municipality: str | None) -> SeenVersion:
    """The answer in one of the languages in which it can be read.

    Raises ``KeyError`` when it quotes a figure or names a contact that is not in the content.
    """
    made = show_answer(answer, Compiled.of(content), language, moment, municipality)
    html = Markup(made.html)  # noqa: S704  cleaned when it was made (knowledge/markdown.py)
    return SeenVersion(language, language_tag(language), direction(language), made, html)


def see_proposed(proposal: Proposal, now: dt.datetime, municipality: str | None) -> list[Draft]:
    """What is being written, in every language that has words: whole when the files hold together, else words alone."""
    answer = proposal.content.answers.get(proposal.files.answer.stem)
    drafts = []
    for language in languages_of(proposal.answer):
        try:
            seen = (
                see(answer, proposal.content, language, now, municipality) if answer and language in answer.readable() else None
            )
        except KeyError:
            seen = None
        version = proposal.answer.get(language)
        title, text = (shown(version.get(key)) if isinstance(version, dict) else "" for key in ("title", "answer"))
        if title or text:
            html = Markup(to_html(text))  # noqa: S704  cleaned there
            drafts.append(Draft(language, language_tag(language), direction(language), title, html, seen))
    return drafts


def moment_of(day: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The moment that is shown: of another day than today, noon in Finland."""
    if day is None or day == now.astimezone(FINLAND).date():
        return now
    return dt.datetime.combine(day, dt.time(HOUR), FINLAND)


def day_of(text: str) -> dt.date | None:
    """The day that a form sent; None for what is none, or not of this century."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def places_of(answer: Answer, content: Content) -> list[tuple[str, Any]]:
    """The municipalities to look from: those with a variant of their own first."""
    return sorted(content.municipalities.items(), key=lambda each: each[0] not in answer.municipalities)
