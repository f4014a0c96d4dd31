"""Old names in titles and answers: ``terms.yml`` says which, why, and what to write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.checking.sentences import sentences
from knowledge.checking.texts import shown_texts
from knowledge.content import Place
from knowledge.model import Answer
from knowledge.problems import Problem

LIST = Path(__file__).with_name("terms.yml")
NOT_READ = re.compile(r"\]\([^)\s]*\)|https?://\S+")
"""Addresses, in which old names live on."""


@dataclass(frozen=True)
class Term:
    """An old name."""

    pattern: re.Pattern[str]
    since: dt.date
    use: dict[str, str]
    why: dict[str, str]


def check_terms(answer: Answer, place: Place) -> Iterator[Problem]:
    """Old names where people read them, unless the text says that the name is old."""
    for shown in shown_texts(answer):
        if "links" in shown.location or not _any_term().search(shown.text.lower()):
            continue  # the title of another's page is what that page calls itself
        text = NOT_READ.sub(lambda part: " " * len(part.group()), shown.text)
        explaining = answer.readable()[shown.language].answer if shown.location[-1] == "title" else text
        for term in _terms():
            for match in term.pattern.finditer(text):
                at = match.start() if explaining is text else None
                if not _explained(explaining, term, at):
                    values: dict[str, Any] = {f"use_{language}": word for language, word in term.use.items()}
                    values |= {f"why_{language}": reason for language, reason in term.why.items()}
                    yield place.problem_in(
                        shown.text, match.start(), "term-old", *shown.location, term=match.group(), since=term.since, **values
                    )


def _explained(text: str, term: Term, offset: int | None) -> bool:
    """Whether the sentence at ``offset``, or one beside it, says that the name is old. No offset: any with the name."""
    parts = sentences(text)
    for number, part in enumerate(parts):
        here = part.offset <= offset < part.offset + len(part.text) if offset is not None else term.pattern.search(part.text)
        if here and any(_explaining().search(beside.text) for beside in parts[max(0, number - 1) : number + 2]):
            return True
    return False


@cache
def _any_term() -> re.Pattern[str]:
    """The plain search that nearly every text ends with."""
    rows = yaml.safe_load(LIST.read_text(encoding="utf-8"))["terms"]
    return re.compile("|".join(re.escape(word) for row in rows for word in row["find"]))


@cache
def _terms() -> tuple[Term, ...]:
    rows = yaml.safe_load(LIST.read_text(encoding="utf-8"))["terms"]
    return tuple(Term(_beginnings(row["find"]), row["since"], row["use"], row["why"]) for row in rows)


@cache
def _explaining() -> re.Pattern[str]:
    words = yaml.safe_load(LIST.read_text(encoding="utf-8"))["explained"]
    return _beginnings([word for each in words.values() for word in each])


def _beginnings(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})[\w-]*", re.IGNORECASE)
