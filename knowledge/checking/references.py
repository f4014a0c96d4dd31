"""What the parts name must be there: topics, contacts, municipalities, figures; and the days must hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import get_close_matches

from knowledge.checking.texts import shown_texts
from knowledge.content import Content, Place
from knowledge.model import FIGURE_QUOTE, Answer, ExpertRole
from knowledge.problems import Problem, Severity, shown_path

BOUNDARIES = ("out_of_scope", "abuse", "instructions", "own_case", "general_case")
"""The lines that the guide must see: each has its file of examples."""


def check_references(content: Content, today: dt.date) -> Iterator[Problem]:
    """Every part of the content as of ``today``."""
    for answer in content.answers.values():
        place = content.place("answer", answer.id)
        yield from _check_topic(content, answer, place)
        yield from _check_named(content, answer, place)
        yield from _check_days(answer, place, today)
        yield from _check_figures(content, answer, place, today)
    yield from _check_contacts(content, today)
    yield from _check_municipalities(content)
    yield from _check_boundaries(content)


def _check_topic(content: Content, answer: Answer, place: Place) -> Iterator[Problem]:
    topic = content.topics.get(answer.topic)
    if topic is None and not content.lacks("topic", answer.topic):
        return
    if topic is None:
        users = sorted(each.id for each in content.answers.values() if each.topic == answer.topic)
        yield place.problem("topic-unknown", "topic", topic=answer.topic, answers=", ".join(users))
        return
    if f"/{topic.group}/" not in f"/{place.path}":
        yield place.problem("topic-of-other-group", "topic", group=topic.group)
    if topic.expert and answer.expert is ExpertRole.never:
        yield place.problem("expert-never-offered", "expert")


def _check_named(content: Content, answer: Answer, place: Place) -> Iterator[Problem]:
    for number, contact in enumerate(answer.contacts):
        if content.lacks("contact", contact):
            yield _unknown(place, "contact", contact, list(content.contacts), "contacts", number)
    for name in answer.municipalities:
        if content.lacks("municipality", name):
            yield _unknown(place, "municipality", name, list(content.municipalities), "municipalities", name)


def _unknown(place: Place, kind: str, name: str, known: list[str], *location: int | str) -> Problem:
    guess = get_close_matches(name, known, n=1, cutoff=0.8)
    if guess:
        return place.problem(f"{kind}-misspelt", *location, name=name, guess=guess[0])
    return place.problem(f"{kind}-unknown", *location, name=name)


def _check_days(answer: Answer, place: Place, today: dt.date) -> Iterator[Problem]:
    for number, source in enumerate(answer.sources):
        if source.checked_on > today:
            yield place.problem("checked-in-future", "sources", number, "checked_on", day=source.checked_on)
    if answer.reviewed_on is not None and answer.reviewed_on > today:
        yield place.problem("reviewed-in-future", "reviewed_on", day=answer.reviewed_on)
    if answer.valid_until is not None and answer.valid_until < today:
        yield place.problem("answer-ended", "valid_until", severity=Severity.expired, day=answer.valid_until)
    if answer.review_by < today:
        yield place.problem("review-overdue", "review_by", severity=Severity.expired, day=answer.review_by)


def _check_figures(content: Content, answer: Answer, place: Place, today: dt.date) -> Iterator[Problem]:
    for shown in shown_texts(answer):
        for quote in FIGURE_QUOTE.finditer(shown.text):
            name, at = quote.group(1), quote.start()
            figure = content.figures.get(name)
            if figure is None and not content.lacks("figure", name):
                continue
            if figure is None:
                guess = get_close_matches(name, list(content.figures), n=1, cutoff=0.8)
                rule = "figure-misspelt" if guess else "figure-unknown"
                yield place.problem_in(shown.text, at, rule, *shown.location, name=name, guess="".join(guess))
            elif figure.row_on(today) is None:
                yield place.problem_in(
                    shown.text, at, "figure-expired", *shown.location, severity=Severity.expired, name=name, day=today
                )


def _check_contacts(content: Content, today: dt.date) -> Iterator[Problem]:
    for name, contact in content.contacts.items():
        place = content.place("contact", name)
        if contact.municipality is not None and content.lacks("municipality", contact.municipality):
            yield _unknown(place, "municipality", contact.municipality, list(content.municipalities), "municipality")
        if contact.source is not None and contact.source.checked_on > today:
            yield place.problem("checked-in-future", "source", "checked_on", day=contact.source.checked_on)


def _check_municipalities(content: Content) -> Iterator[Problem]:
    for name, municipality in content.municipalities.items():
        if content.lacks("contact", municipality.contact):
            yield _unknown(
                content.place("municipality", name), "contact", municipality.contact, list(content.contacts), "contact"
            )


def _check_boundaries(content: Content) -> Iterator[Problem]:
    folder = shown_path(content.root / "boundaries", content.root.parent)
    for name in BOUNDARIES:
        if content.lacks("boundary", name):
            yield Problem(f"{folder}/{name}.yml", 1, 1, "boundary-missing", (("name", name),))
    for name in content.answers.keys() & content.boundaries.keys():
        yield content.place("answer", name).problem("id-of-boundary", "id", id=name)
