"""Runs the twin tests: the questions that must find an answer, and the near misses that must not be answered with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel

from knowledge.model import Twin
from knowledge.replies import Reach, Reply


class FailedTwin(BaseModel):
    """A question of a twin that got something else than it should."""

    answer: str
    kind: Literal["finds", "near_misses"]
    language: str
    question: str
    got: Reply


def questions_of(twins: Iterable[Twin]) -> list[str]:
    """Every question of the twins."""
    return [text for twin in twins for side in (twin.finds, twin.near_misses) for texts in side.values() for text in texts]


def failed_twins(twins: Iterable[Twin], replies: Mapping[str, Reply]) -> list[FailedTwin]:
    """A question finds an answer when it is given, or among the choices; a near miss may have it among the choices."""
    failed = []
    for twin in twins:
        for language, texts in twin.finds.items():
            failed += [
                FailedTwin(answer=twin.id, kind="finds", language=language, question=text, got=replies[text])
                for text in texts
                if replies[text].reach([twin.id]) is Reach.missed
            ]
        for language, texts in twin.near_misses.items():
            failed += [
                FailedTwin(answer=twin.id, kind="near_misses", language=language, question=text, got=replies[text])
                for text in texts
                if replies[text].reach([twin.id]) is Reach.given
            ]
    return failed
