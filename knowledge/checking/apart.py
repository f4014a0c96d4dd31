"""What tells answers apart must differ: examples, titles, and the questions of their tests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.content import Content
from knowledge.problems import Problem


class Told(NamedTuple):
    """An example, and where it stands."""

    answer: str
    language: str
    number: int


def examples_by_words(content: Content) -> dict[str, list[Told]]:
    """Every example by its plain words: one, unless it stands in several places."""
    found: dict[str, list[Told]] = {}
    for answer in content.answers.values():
        for language, examples in answer.examples().items():
            for number, example in enumerate(examples):
                found.setdefault(plain_words(example), []).append(Told(answer.id, language, number))
    return found


def check_apart(content: Content, examples: dict[str, list[Told]]) -> Iterator[Problem]:
    """Examples and titles that stand twice, each told at the second place."""
    for first, *others in examples.values():
        for other in others:
            place = content.place("answer", other.answer)
            text = content.answers[other.answer].examples()[other.language][other.number]
            rule = "example-twice-here" if other.answer == first.answer else "example-twice"
            yield place.problem(rule, other.language, "examples", other.number, example=text, other=first.answer)
    yield from _check_titles(content)


def plain_words(text: str) -> str:
    """``text`` folded for comparison: case, spacing and closing punctuation do not make a new example."""
    folded = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip("?!. ")


def _check_titles(content: Content) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for answer in content.answers.values():
        for language, version in answer.readable().items():
            other = seen.setdefault((language, plain_words(version.title)), answer.id)
            if other != answer.id:
                yield content.place("answer", answer.id).problem("title-twice", language, "title", other=other)
