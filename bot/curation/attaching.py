"""Attaches a missed question to an answer: measures what the example would spoil, and writes it into the answer's file."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import structlog
import yaml
from pydantic import ValidationError

from bot.desk.accounts import Role
from bot.desk.answer_folder import AnswerFolder
from bot.guide import Guide
from bot.redaction import MARKS, redact
from knowledge.add_example import NotAnExample, add_example
from knowledge.check import plain_words
from knowledge.editing import CannotEdit
from knowledge.encoder import Vectors
from knowledge.example_harm import Harm, harm_of
from knowledge.recent import RecentVectors

log = structlog.get_logger(__name__)

Problem = Literal["empty_example", "personal_example", "no_answer", "file_broken"]
PROBLEMS: tuple[Problem, ...] = ("empty_example", "personal_example", "no_answer", "file_broken")

Written = Callable[[Path, Role], Awaitable[None]]
"""What is done after a file of the content was written: takes the file and the role of who wrote it."""


class CannotAttach(Exception):
    """The example cannot be written. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Example:
    """Words to be written as an example, and their language."""

    text: str
    language: str


@dataclass(frozen=True)
class Weighed:
    """An example, with what it would spoil."""

    example: Example
    harms: list[Harm]


class Attaching:
    """Writes examples into the folder of the content. What is live changes when the content is published."""

    def __init__(self, guide: Guide, folder: AnswerFolder) -> None:
        self._guide, self._folder = guide, folder
        self._vectors = RecentVectors(self._vector_of)
        self._writing = asyncio.Lock()
        self.written: list[Written] = []
        """Called after each file that was written, outside of every transaction: there it is committed."""

    async def weigh(self, answer_id: str, examples: Sequence[Example]) -> list[Weighed]:
        """What each example would spoil, by the live snapshot and the twin tests of the content."""
        return await asyncio.to_thread(self._weigh, answer_id, examples)

    async def write(self, answer_id: str, examples: Sequence[Example], role: Role) -> int:
        """Write the examples into the answer's file; how many are new there. Raises ``CannotAttach``, and writes none then."""
        for example in examples:
            if not plain_words(example.text):
                raise CannotAttach("empty_example")
            if redact(example.text) != example.text or any(mark in example.text for mark in MARKS):
                raise CannotAttach("personal_example")
        async with self._writing:
            try:
                files = await asyncio.to_thread(self._folder.files, answer_id)
                if files is None:
                    raise CannotAttach("no_answer")
                added = await asyncio.to_thread(self._add_all, files.answer, examples)
            except NotAnExample as error:
                raise CannotAttach("empty_example") from error
            except (ValidationError, yaml.YAMLError, CannotEdit, ValueError, OSError) as error:
                log.error("example.not_written", answer=answer_id, problem=type(error).__name__)
                raise CannotAttach("file_broken") from error
            if added:
                for hook in self.written:
                    await hook(files.answer, role)
        return added

    def _add_all(self, path: Path, examples: Sequence[Example]) -> int:
        with self._folder.held():
            return _add_all(path, examples)

    def _weigh(self, answer_id: str, examples: Sequence[Example]) -> list[Weighed]:
        twins = self._folder.content_with({}).twins
        retrieval = self._guide.snapshot.retrieval
        return [Weighed(each, harm_of(retrieval, each.text, answer_id, twins, self._vectors.of)) for each in examples]

    def _vector_of(self, text: str) -> Vectors:
        return np.asarray(self._guide.encoder.encode([text])[0], dtype=np.float32)


def without_marks(text: str) -> str:
    """The words of a question, with the marks of what was masked taken out: they belong into no example."""
    for mark in MARKS:
        text = text.replace(mark, " ")
    return " ".join(text.split())


def fingerprint(weighed: Sequence[Weighed]) -> str:
    """Names what was shown, so that "attach anyway" holds for that harm and no other. Empty when there is none."""
    told = [(each.example.text, harm) for each in weighed for harm in each.harms]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""


def _add_all(path: Path, examples: Sequence[Example]) -> int:
    before = path.read_bytes()
    try:
        return sum(add_example(path, example.language, example.text) for example in examples)
    except Exception:
        path.write_bytes(before)
        raise
