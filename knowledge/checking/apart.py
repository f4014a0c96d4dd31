"""What tells answers apart must differ: examples, titles, and the questions of their tests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from knowledge.content import Content
from knowledge.problems import Problem


def check_apart(content: Content) -> Iterator[Problem]:
    """Examples and titles that stand twice, each told at the second place."""
    yield from _check_examples(content)
    yield from _check_titles(content)


def plain_words(text: str) -> str:
    """``text`` folded for comparison: case, spacing and closing punctuation do not make a new example."""
    folded = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip("?!. ")


def _check_examples(content: Content) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for answer in content.answers.values():
        for language, examples in answer.examples().items():
            for number, example in enumerate(examples):
                first = seen.setdefault(plain_words(example), f"{answer.id} {language} {number}")
                other, *at = first.split(" ")
                if other == answer.id and at == [language, str(number)]:
                    continue
                place = content.place("answer", answer.id)
                if other == answer.id:
                    yield place.problem("example-twice-here", language, "examples", number, example=example)
                else:
                    yield place.problem("example-twice", language, "examples", number, example=example, other=other)


def _check_titles(content: Content) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for answer in content.answers.values():
        for language, version in answer.readable().items():
            other = seen.setdefault((language, plain_words(version.title)), answer.id)
            if other != answer.id:
                yield content.place("answer", answer.id).problem("title-twice", language, "title", other=other)
