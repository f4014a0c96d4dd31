"""Which answers the list shows, and which wait for a review."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from bot.guide import Guide
from knowledge.check import plain_words
from knowledge.compiled import Compiled
from knowledge.gaps import SOON
from knowledge.load import Content
from knowledge.model import Answer, Importance, Status
from knowledge.search import Question

FOUND = 5
"""How many answers are shown of those that the guide finds for a question."""


@dataclass(frozen=True)
class Filters:
    """What was chosen above the list; an empty word chooses everything."""

    words: str = ""
    topic: str = ""
    importance: str = ""
    status: str = ""
    language: str = ""
    without: str = ""
    """A language in which the answer cannot be read."""
    overdue: bool = False

    def take(self, answer: Answer, today: dt.date) -> bool:
        """Whether the answer is of those that were chosen."""
        return (
            self.topic in ("", answer.topic)
            and self.importance in ("", answer.importance)
            and self.status in ("", answer.status)
            and (not self.language or self.language in answer.readable())
            and self.without not in (answer.readable() if self.without else ())
            and (not self.overdue or answer.review_by < today)
        )


@dataclass(frozen=True)
class ReviewQueue:
    """What waits for a review: what was due longest ago first, drafts by importance."""

    overdue: list[Answer]
    soon: list[Answer]
    drafts: list[Answer]


def find_answers(content: Content, filters: Filters, language: str, today: dt.date) -> list[Answer]:
    """The answers in which every word stands somewhere, those that have them in the title first; then by title."""
    words = plain_words(filters.words).split()
    found = [answer for answer in content.answers.values() if filters.take(answer, today) and _has(answer, words)]

    def order(answer: Answer) -> tuple[bool, str]:
        title = plain_words(title_in(answer, language))
        return not all(word in title for word in words), title

    return sorted(found, key=order)


async def guide_finds(guide: Guide, content: Content, question: str) -> list[Answer]:
    """What the live guide finds for a question, the likeliest first, as far as it is in the folder."""
    found = await guide.search(Question(text=question, vector=await guide.encode(question)))
    return [content.answers[each.id] for each in found.candidates if each.id in content.answers][:FOUND]


def title_in(answer: Answer, language: str) -> str:
    """The title in the language of the desk."""
    return answer.versions()[language].title


def standing(answer: Answer, live: Compiled) -> str:
    """Whether the answer is ``live`` as it stands in the folder, ``differs`` from what is, or is ``not_live``."""
    other = live.answers.get(answer.id)
    return "not_live" if other is None else "live" if other == answer else "differs"


def review_queue(content: Content, language: str, today: dt.date) -> ReviewQueue:
    """Everything that waits for a review as of ``today``; each answer once."""
    answers = sorted(content.answers.values(), key=lambda answer: (answer.review_by, title_in(answer, language)))
    importance = list(Importance)
    drafts = [answer for answer in answers if answer.status is Status.draft and answer.review_by > today + SOON]
    return ReviewQueue(
        overdue=[answer for answer in answers if answer.review_by < today],
        soon=[answer for answer in answers if today <= answer.review_by <= today + SOON],
        drafts=sorted(drafts, key=lambda answer: importance.index(answer.importance)),
    )


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _has(answer: Answer, words: list[str]) -> bool:
    if not words:
        return True
    texts = [answer.id, *(text for each in answer.readable().values() for text in (each.title, each.answer))]
    texts += [example for examples in answer.examples().values() for example in examples]
    whole = plain_words(" ".join(texts))
    return all(word in whole for word in words)
