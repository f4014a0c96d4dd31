"""What newcomers would see differently: the texts of answers, and the replies to the questions of twins and gate."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

from knowledge.changes import changes_between
from knowledge.compiled import Compiled
from knowledge.gate import read_gate
from knowledge.model import Answer
from knowledge.published import Changes
from knowledge.replies import Replies, Reply
from knowledge.twin_tests import questions_of


class ChangedText(BaseModel):
    """A changed answer in one language: lines with ``+`` are new, lines with ``-`` are gone. ``language`` may be ``fi-easy``."""

    answer: str
    language: str
    lines: list[str]
    more_examples: int = 0
    fewer_examples: int = 0


class ChangedReply(BaseModel):
    """A question that would get something else."""

    question: str
    before: Reply
    after: Reply


class Differences(BaseModel):
    """Everything in which ``after`` differs from ``before`` for newcomers."""

    before: str
    after: str
    changes: Changes
    texts: list[ChangedText]
    questions: int
    """How many were asked of both."""
    replies: list[ChangedReply]


def questions_for(root: Path, *contents: Compiled) -> list[str]:
    """What is asked of both: the questions of the gate, and those of the twins of either. Raises ``GateUnreadable``."""
    asked = [each.text for each in read_gate(root)]
    for content in contents:
        asked += questions_of(content.twins.values())
    return list(dict.fromkeys(asked))


def differences(names: tuple[str, str], contents: tuple[Compiled, Compiled], replies: tuple[Replies, Replies]) -> Differences:
    """Compare two states of the content, given as before and after."""
    (before, after), (old, new) = contents, replies
    changes = changes_between(before, after)
    return Differences(
        before=names[0],
        after=names[1],
        changes=changes,
        texts=[text for name in changes.changed for text in _changed_texts(before.answers[name], after.answers[name])],
        questions=len(old.to),
        replies=[
            ChangedReply(question=question, before=reply, after=new.to[question])
            for question, reply in old.to.items()
            if reply != new.to[question]
        ],
    )


def _changed_texts(before: Answer, after: Answer) -> Iterator[ChangedText]:
    readable = before.readable().keys() | after.readable().keys()
    asked = before.examples().keys() | after.examples().keys()
    for language in sorted(readable | asked):
        old, new = set(before.examples().get(language, [])), set(after.examples().get(language, []))
        lines = list(_difference(_read(before, language), _read(after, language)))
        if lines or old != new:
            yield ChangedText(
                answer=after.id, language=language, lines=lines, more_examples=len(new - old), fewer_examples=len(old - new)
            )


def _read(answer: Answer, language: str) -> list[str]:
    """What is read of an answer, as lines."""
    version = answer.readable().get(language)
    if version is None:
        return []
    local = [f"{name}: {text.in_language(language)}" for name, text in answer.municipalities.items()]
    links = [f"{link.title}: {link.url}" for link in version.links]
    sources = [f"{source.title}: {source.url or ''} ({source.checked_on})" for source in answer.sources]
    return [version.title, *version.answer.splitlines(), *local, *links, *sources]


def _difference(old: list[str], new: list[str]) -> Iterable[str]:
    return (line for line in difflib.ndiff(old, new) if line[0] in "+-" and line[2:].strip())
