"""The content checker: every rule over all content. Collects before it stops."""

from __future__ import annotations

import datetime as dt
from functools import partial

import orjson

from knowledge.checking.apart import check_apart, examples_by_words, plain_words
from knowledge.checking.languages import check_languages
from knowledge.checking.persons import check_contact, check_persons
from knowledge.checking.plain import check_plain
from knowledge.checking.reachable import check_reachable
from knowledge.checking.references import check_references
from knowledge.checking.rivals import KnownVectors, check_rivals
from knowledge.checking.terms import check_terms
from knowledge.checking.texts import check_texts
from knowledge.checking.twins import check_twins
from knowledge.content import Content, Place
from knowledge.model import Answer
from knowledge.problems import Problem

__all__ = ["check_content", "plain_words"]

OWN_RULES = (check_texts, check_languages, check_plain, check_terms, check_persons)
"""What one answer tells about itself, whatever the day and whatever else there is: found once for each state of its file."""


def check_content(content: Content, today: dt.date, vectors: KnownVectors | None = None) -> list[Problem]:
    """Every problem of ``content`` as of ``today``: those of form found while loading, of each answer, and between the parts.

    With ``vectors`` also advice on examples that pull towards another answer.
    """
    problems = list(content.problems)
    for answer in content.answers.values():
        problems += _own_problems(content, answer, content.place("answer", answer.id))
    for name, contact in content.contacts.items():
        problems += check_reachable(contact, content.place("contact", name))
        problems += check_contact(contact, content.place("contact", name))
    problems += check_references(content, today)
    examples = examples_by_words(content)
    problems += check_apart(content, examples)
    problems += check_twins(content, examples)
    if vectors is not None:
        problems += check_rivals(content, vectors)
    content.cache.save()
    return sorted(set(problems))


def _own_problems(content: Content, answer: Answer, place: Place) -> list[Problem]:
    key = f"{place.key}:own"
    found = content.cache.find(key, _from_text) if place.key else None
    if found is None:
        found = [problem for rule in OWN_RULES for problem in rule(answer, place)]
        if place.key:
            content.cache.keep(key, found, partial(_as_text, found))
    return found


def _as_text(problems: list[Problem]) -> str:
    return orjson.dumps([problem.as_row() for problem in problems]).decode()


def _from_text(text: str) -> list[Problem]:
    return [Problem.from_row(row) for row in orjson.loads(text)]
