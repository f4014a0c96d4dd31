"""Gaps in the content: what only counsellors know, and what will soon need their hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.load import Content
from knowledge.model import FIGURE_QUOTE, Answer, Contact, Status

SOON = dt.timedelta(days=60)
"""How far ahead reviews and ends are told."""

PERMIT_EXPERT = "permit_expert"
"""Serves the whole region, so topics of the expert need no other local contact."""


Row = dict[str, Any]
"""One gap as plain data: what it is about, and what is known of it."""


@dataclass(frozen=True)
class Gaps:
    """The gaps of one kind, the worst first."""

    kind: str
    rows: list[Row]


def find_gaps(content: Content, today: dt.date) -> list[Gaps]:
    """Every kind of gap as of ``today``, also the kinds of which there is none."""
    kinds = {
        "unknown_details": _unknown_details(content),
        "to_check": _to_check(content),
        "municipalities": _municipalities_without_details(content),
        "topics": _topics_without_details(content),
        "reviews": reviews(content, today),
        "answers": ending_answers(content, today),
        "figures": ending_figures(content, today),
        "drafts": ({"answer": answer.id} for answer in content.answers.values() if answer.status is Status.draft),
    }
    return [Gaps(kind, list(rows)) for kind, rows in kinds.items()]


def leads_to(content: Content, name: str) -> int:
    """How many answers lead to a contact.

    Those that name it. For the contact of a municipality also those that name another local office: people who have told
    their municipality are shown their own in its place.
    """
    own_of = {municipality.contact for municipality in content.municipalities.values()}
    return sum(
        name in answer.contacts or (name in own_of and any(is_of_municipality(content, other) for other in answer.contacts))
        for answer in content.answers.values()
    )


def _unknown_details(content: Content) -> Iterator[Row]:
    rows = [(leads_to(content, name), contact, name) for name, contact in content.contacts.items() if contact.unknown]
    for count, contact, name in sorted(rows, key=lambda row: (-row[0], -len(row[1].unknown), row[2])):
        yield {"contact": name, "name": contact.name.model_dump(), "unknown": contact.unknown, "answers": count}


def _to_check(content: Content) -> Iterator[Row]:
    rows = [
        (leads_to(content, name), contact, name) for name, contact in content.contacts.items() if contact.certainty == "check"
    ]
    for count, contact, name in sorted(rows, key=lambda row: (-row[0], row[2])):
        source = contact.source.model_dump() if contact.source else None
        yield {"contact": name, "name": contact.name.model_dump(), "source": source, "answers": count}


def _municipalities_without_details(content: Content) -> Iterator[Row]:
    for name, municipality in content.municipalities.items():
        contact = content.contacts.get(municipality.contact)
        if contact is None or not has_details(contact):
            website = contact.website if contact is not None else None
            yield {"municipality": name, "name": municipality.name, "contact": municipality.contact, "website": website}


def _topics_without_details(content: Content) -> Iterator[Row]:
    for topic in content.topics.values():
        named = dict.fromkeys(name for answer in content.answers.values() if answer.topic == topic.id for name in answer.contacts)
        local = [name for name in named if _is_local(content, name) or (topic.expert and name == PERMIT_EXPERT)]
        if not any(has_details(content.contacts[name]) for name in local):
            yield {"topic": topic.id, "name": topic.name.model_dump(), "contacts": local}


def reviews(content: Content, today: dt.date) -> Iterator[Row]:
    """Answers whose review is overdue or due soon, the oldest day first."""
    due = [answer for answer in content.answers.values() if answer.review_by <= today + SOON]
    for answer in sorted(due, key=lambda each: (each.review_by, each.id)):
        yield {"answer": answer.id, "review_by": answer.review_by, "overdue": answer.review_by < today}


def ending_answers(content: Content, today: dt.date) -> Iterator[Row]:
    """Answers past their last day, or soon, the earliest first."""
    rows = [(answer.valid_until, answer.id) for answer in content.answers.values() if answer.valid_until is not None]
    for end, name in sorted(row for row in rows if row[0] <= today + SOON):
        yield {"answer": name, "end": end, "ended": end < today}


def ending_figures(content: Content, today: dt.date) -> Iterator[Row]:
    """Figures whose last row has ended or soon will, the earliest first.

    One that ended and is quoted no more belongs to the past, and is left out.
    """
    rows = [(max(figure.rows, key=lambda row: row.valid_from).valid_until, name) for name, figure in content.figures.items()]
    for end, name in sorted((end, name) for end, name in rows if end is not None and end <= today + SOON):
        quoting = sorted(answer.id for answer in content.answers.values() if name in _quoted(answer))
        if quoting or end >= today:
            yield {"figure": name, "end": end, "ended": end < today, "quoted_in": quoting}


def _quoted(answer: Answer) -> set[str]:
    texts = [text for version in answer.readable().values() for text in (version.title, version.answer)]
    texts += [text for local in answer.municipalities.values() for text in (local.fi, local.en)]
    return {name for text in texts for name in FIGURE_QUOTE.findall(text)}


def is_of_municipality(content: Content, name: str) -> bool:
    """Whether a contact is an office of one municipality."""
    return name in content.contacts and content.contacts[name].municipality is not None


def _is_local(content: Content, name: str) -> bool:
    """Whether a contact is an office of one municipality, or a local office of an authority, by its id (``kela_joensuu``)."""
    return is_of_municipality(content, name) or (name in content.contacts and name.rpartition("_")[2] in content.municipalities)


def has_details(contact: Contact) -> bool:
    """Whether a contact can be reached: by phone, by e-mail, or at an address."""
    return bool(contact.phones or contact.email or contact.address)
