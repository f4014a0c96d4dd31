"""Gaps in the content: what only counsellors know, and what will soon need their hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.load import Content
from knowledge.model import FIGURE_QUOTE, Answer, Contact, Status

SOON = dt.timedelta(days=60)
"""How far ahead reviews and ends are told."""

PERMIT_EXPERT = "permit_expert"
"""Serves the whole region, so topics of the expert need no other local contact."""


@dataclass(frozen=True)
class Gaps:
    """The gaps of one kind, one line each, the worst first."""

    heading: str
    count: int
    lines: list[str]


def find_gaps(content: Content, today: dt.date) -> list[Gaps]:
    """Every kind of gap as of ``today``, also the kinds of which there is none."""
    kinds = {
        "Contacts with details that are not known": _unknown_details(content),
        "Contacts to check against a current page": _to_check(content),
        "Municipalities whose contact has no phone, e-mail or address": _municipalities_without_details(content),
        "Topics whose answers name no local phone, e-mail or address": _topics_without_details(content),
        f"Answers whose review is overdue or due within {SOON.days} days": _reviews(content, today),
        f"Answers that have ended or end within {SOON.days} days": _ending_answers(content, today),
        f"Figures whose last row has ended or ends within {SOON.days} days": _ending_figures(content, today),
    }
    drafts = sum(answer.status is Status.draft for answer in content.answers.values())
    found = [Gaps(heading, len(lines), lines) for heading, lines in ((each, list(told)) for each, told in kinds.items())]
    return [*found, Gaps(f"Drafts among {len(content.answers)} answers", drafts, [])]


def as_text(gaps: list[Gaps]) -> str:
    """The gaps under their headings."""
    told = [[f"{each.heading}: {each.count or 'none'}", *(f"  {line}" for line in each.lines)] for each in gaps]
    return "\n\n".join("\n".join(lines) for lines in told)


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


def _unknown_details(content: Content) -> Iterator[str]:
    rows = [(leads_to(content, name), contact, name) for name, contact in content.contacts.items() if contact.unknown]
    for count, contact, name in sorted(rows, key=lambda row: (-row[0], -len(row[1].unknown), row[2])):
        yield f"{name}, {contact.name.en}: {_told(contact.unknown)} ({_answers(count)})"


def _to_check(content: Content) -> Iterator[str]:
    rows = [
        (leads_to(content, name), contact, name) for name, contact in content.contacts.items() if contact.certainty == "check"
    ]
    for count, contact, name in sorted(rows, key=lambda row: (-row[0], row[2])):
        yield f"{name}, {contact.name.en}: {_page(contact)} ({_answers(count)})"


def _municipalities_without_details(content: Content) -> Iterator[str]:
    for name, municipality in content.municipalities.items():
        contact = content.contacts.get(municipality.contact)
        if contact is None or not has_details(contact):
            rest = "only a website" if contact is not None and contact.website else "nothing"
            yield f"{municipality.name.get('en', name)}: {municipality.contact} has {rest}"


def _topics_without_details(content: Content) -> Iterator[str]:
    for topic in content.topics.values():
        named = dict.fromkeys(name for answer in content.answers.values() if answer.topic == topic.id for name in answer.contacts)
        local = [name for name in named if _is_local(content, name) or (topic.expert and name == PERMIT_EXPERT)]
        if not any(has_details(content.contacts[name]) for name in local):
            yield f"{topic.id}, {topic.name.en}" + (f": {', '.join(local)} without details" if local else "")


def _reviews(content: Content, today: dt.date) -> Iterator[str]:
    due = [answer for answer in content.answers.values() if answer.review_by <= today + SOON]
    for answer in sorted(due, key=lambda each: (each.review_by, each.id)):
        yield f"{answer.id}: {'overdue since' if answer.review_by < today else 'due on'} {answer.review_by}"


def _ending_answers(content: Content, today: dt.date) -> Iterator[str]:
    rows = [(answer.valid_until, answer.id) for answer in content.answers.values() if answer.valid_until is not None]
    for end, name in sorted(row for row in rows if row[0] <= today + SOON):
        yield f"{name}: {_ends(end, today)}"


def _ending_figures(content: Content, today: dt.date) -> Iterator[str]:
    """One that ended and is quoted no more belongs to the past, and is no gap."""
    rows = [(max(figure.rows, key=lambda row: row.valid_from).valid_until, name) for name, figure in content.figures.items()]
    for end, name in sorted((end, name) for end, name in rows if end is not None and end <= today + SOON):
        quoting = sorted(answer.id for answer in content.answers.values() if name in _quoted(answer))
        if quoting or end >= today:
            yield f"{name}: {_ends(end, today)}; quoted in {', '.join(quoting) or 'no answer'}"


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


def _page(contact: Contact) -> str:
    source = contact.source
    if source is None:
        return "no source"
    told = f"page date {source.page_date or 'unknown'}, read on {source.checked_on}"
    return f"{told}, {source.url}" if source.url else told


def _told(fields: list[str]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _ends(end: dt.date, today: dt.date) -> str:
    return f"ended on {end}" if end < today else f"ends on {end}"
