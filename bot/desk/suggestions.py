"""Answers that may fit what a newcomer wrote last, for the eye of the human who replies. Nothing of it is sent by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.guide import Guide
from bot.language import direction
from bot.messages import ShownAnswer, ShownSource
from bot.own_script import in_own_script
from bot.showing import show_answer
from knowledge.search import Question

MOST = 3


@dataclass(frozen=True)
class Suggestion:
    """An answer to insert, edit and send."""

    id: str
    title: str
    first_sentence: str
    language: str
    dir: str
    source: ShownSource
    checked_on: dt.date
    reviewed: bool
    insert: str
    """What is put into the writing box: title, text and a link."""


async def suggest(
    guide: Guide, text: str, language: str, municipality: str | None, audience: str | None, now: dt.datetime
) -> list[Suggestion]:
    """The answers that search ranks first for ``text``, however sure that is, in the newcomer's language where there is one."""
    words = in_own_script(text, language)
    found = await guide.search(Question(text=words, vector=await guide.encode(words), audience=audience))
    answers = guide.content.answers
    best = [answers[each.id] for each in found.candidates if each.id in answers]
    today = now.date()
    valid = [answer for answer in best if answer.valid_until is None or answer.valid_until >= today]
    place = municipality if municipality in guide.content.municipalities else None
    return [_suggestion(show_answer(answer, guide.content, language, now, place)) for answer in valid[:MOST]]


def _suggestion(answer: ShownAnswer) -> Suggestion:
    link = answer.links[0].url if answer.links else answer.sources[0].url
    return Suggestion(
        id=answer.id,
        title=answer.title,
        first_sentence=answer.text.split("\n", 1)[0],
        language=answer.language,
        dir=direction(answer.language),
        source=answer.sources[0],
        checked_on=answer.checked_on,
        reviewed=answer.reviewed,
        insert="\n".join([answer.title, answer.text, *([link] if link else [])]),
    )
