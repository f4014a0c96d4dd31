"""What the content covers: topic by language, municipality and importance; what is reviewed, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.gaps import PERMIT_EXPERT, has_details, is_of_municipality
from knowledge.load import Content
from knowledge.model import EASY_FINNISH, LANGUAGES, Answer, Importance, Localised, Status

SHOWN_FIRST = ("fi", "en", EASY_FINNISH)
"""The languages in which answers are written, before those in which there are versions or examples."""


@dataclass(frozen=True)
class InLanguage:
    """Of some answers: how many can be read in a language, how many have examples in it, and how many examples those are."""

    readable: int
    with_examples: int
    examples: int


@dataclass(frozen=True)
class InMunicipality:
    """Of some answers: how many have a local variant, and how many lead to a local contact that can be reached."""

    variants: int
    with_contact: int


@dataclass(frozen=True)
class Tally:
    """Some answers, counted. ``overdue`` are those whose review is, ``ended`` those past their ``valid_until``."""

    answers: int
    drafts: int
    reviewed: int
    overdue: int
    ended: int
    languages: dict[str, InLanguage]
    municipalities: dict[str, InMunicipality]


@dataclass(frozen=True)
class Missing:
    """What a topic lacks.

    ``of`` are answers (``easy``: required ones that are not in easy Finnish), languages (``examples``: no answer has any
    in them), municipalities (``contact``: no answer leads to a local contact there), or nothing (``answer``: there is none).
    """

    kind: str
    of: list[str]


@dataclass(frozen=True)
class TopicCoverage:
    """One topic: all its answers counted, the same by importance, and what is missing."""

    topic: str
    group: str
    name: Localised
    total: Tally
    importance: dict[str, Tally]
    missing: list[Missing]


@dataclass(frozen=True)
class Coverage:
    """Every topic in the order of the menus, every group, and everything. Languages and municipalities in their order."""

    today: dt.date
    languages: list[str]
    municipalities: list[str]
    topics: list[TopicCoverage]
    groups: dict[str, Tally]
    total: Tally
    importance: dict[str, Tally]

    def as_data(self) -> dict[str, Any]:
        """Plain data, for JSON and templates."""
        names = {each.topic: each.name.model_dump() for each in self.topics}
        topics = [asdict(each) | {"name": names[each.topic]} for each in self.topics]
        return asdict(self) | {"topics": topics}


def coverage(content: Content, today: dt.date) -> Coverage:
    """What ``content`` covers as of ``today``. Answers of a topic that is not in the list are in the total only."""
    rows = [_row(content, answer) for answer in content.answers.values()]
    used = {code for row in rows for code in (*row.readable, *row.examples)}
    languages = [*SHOWN_FIRST, *(code for code in LANGUAGES if code in used and code not in SHOWN_FIRST)]

    def tally(some: list[_Row]) -> Tally:
        return _tally(some, languages, list(content.municipalities), today)

    topics = []
    for topic in content.topics.values():
        own = [row for row in rows if row.answer.topic == topic.id]
        total = tally(own)
        missing = list(_missing(own, total))
        topics.append(TopicCoverage(topic.id, topic.group, topic.name, total, _by_importance(own, tally), missing))
    group_of = {topic.id: topic.group for topic in content.topics.values()}
    groups = {
        group: tally([row for row in rows if group_of.get(row.answer.topic) == group])
        for group in dict.fromkeys(group_of.values())
    }
    return Coverage(today, languages, list(content.municipalities), topics, groups, tally(rows), _by_importance(rows, tally))


def leads_to_local_contact(content: Content, answer: Answer, municipality: str) -> bool:
    """Whether people of ``municipality`` who get the answer are shown a local contact with a phone, an e-mail or an address.

    The permit expert is local everywhere. Where an answer names the office of another municipality, people are shown their
    own in its place. An authority's local office is known by its id (``kela_joensuu``).
    """
    local = []
    for name in answer.contacts:
        if is_of_municipality(content, name):
            at_home = content.contacts[name].municipality == municipality
            local.append(name if at_home else content.municipalities[municipality].contact)
        elif name == PERMIT_EXPERT or name.rpartition("_")[2] == municipality:
            local.append(name)
    return any(name in content.contacts and has_details(content.contacts[name]) for name in local)


@dataclass(frozen=True)
class _Row:
    """One answer with what is counted of it: where it can be read, its examples, and where it leads to a local contact."""

    answer: Answer
    readable: frozenset[str]
    examples: dict[str, int]
    reached: frozenset[str]


def _row(content: Content, answer: Answer) -> _Row:
    return _Row(
        answer,
        frozenset(answer.readable()),
        {code: len(examples) for code, examples in answer.examples().items()},
        frozenset(name for name in content.municipalities if leads_to_local_contact(content, answer, name)),
    )


def _by_importance(rows: list[_Row], tally: Callable[[list[_Row]], Tally]) -> dict[str, Tally]:
    return {each.value: tally([row for row in rows if row.answer.importance is each]) for each in Importance}


def _tally(rows: list[_Row], languages: list[str], municipalities: list[str], today: dt.date) -> Tally:
    answers = [row.answer for row in rows]
    reviewed = sum(answer.status is Status.reviewed for answer in answers)
    return Tally(
        answers=len(answers),
        drafts=len(answers) - reviewed,
        reviewed=reviewed,
        overdue=sum(answer.review_by < today for answer in answers),
        ended=sum(answer.valid_until is not None and answer.valid_until < today for answer in answers),
        languages={
            code: InLanguage(
                readable=sum(code in row.readable for row in rows),
                with_examples=sum(row.examples.get(code, 0) > 0 for row in rows),
                examples=sum(row.examples.get(code, 0) for row in rows),
            )
            for code in languages
        },
        municipalities={
            name: InMunicipality(
                variants=sum(name in answer.municipalities for answer in answers),
                with_contact=sum(name in row.reached for row in rows),
            )
            for name in municipalities
        },
    )


def _missing(rows: list[_Row], total: Tally) -> Iterator[Missing]:
    if not rows:
        yield Missing("answer", [])
        return
    required = [row for row in rows if row.answer.importance is Importance.required]
    hard = [row.answer.id for row in required if EASY_FINNISH not in row.readable]
    silent = [code for code, each in total.languages.items() if code != EASY_FINNISH and not each.with_examples]
    unreachable = [name for name, each in total.municipalities.items() if not each.with_contact]
    for kind, of in (("easy", hard), ("examples", silent), ("contact", unreachable)):
        if of:
            yield Missing(kind, of)
