"""The evaluation gate: no question to a required answer gets worse by publishing without a word of confirmation.

Its questions are in ``gate/`` of the content folder, so that it works wherever the content is. In this repository they are the
development questions of the evaluation (``python -m tests.eval.gate_questions`` writes them); the final part never gets here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.model import Answer, Importance
from knowledge.replies import Reach, Reply


class GateQuestion(BaseModel):
    """A question and the answers that are right for it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    lang: str
    answers: list[str]


class Worse(BaseModel):
    """A question that got nearer to a right answer before than it would after."""

    question: str
    language: str
    answers: list[str]
    """The right ones."""
    before: Reply
    after: Reply


class GateUnreadable(Exception):
    """The questions of the gate cannot be read. The message names the file."""


def read_gate(root: Path) -> list[GateQuestion]:
    """The questions of ``root/gate/*.yml``; none when there is no such folder. Raises ``GateUnreadable``."""
    found: list[GateQuestion] = []
    for path in sorted((root / "gate").glob("*.yml")):
        try:
            found += TypeAdapter(list[GateQuestion]).validate_python(_read(path))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise GateUnreadable(f"{path}: {error}") from error
    return found


def _read(path: Path) -> object:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []


def questions_for_required(gate: Iterable[GateQuestion], *contents: Mapping[str, Answer]) -> list[GateQuestion]:
    """Those for which an answer is right that is required in one of the states of the content."""
    required = {each.id for answers in contents for each in answers.values() if each.importance is Importance.required}
    return [question for question in gate if required.intersection(question.answers)]


def worse_ones(gate: Iterable[GateQuestion], before: Mapping[str, Reply], after: Mapping[str, Reply]) -> list[Worse]:
    """Right before and not after, or among the choices before and missed after."""
    return [
        Worse(question=each.text, language=each.lang, answers=each.answers, before=before[each.text], after=after[each.text])
        for each in gate
        if _reach(after, each) < _reach(before, each)
    ]


def _reach(replies: Mapping[str, Reply], question: GateQuestion) -> Reach:
    return replies[question.text].reach(question.answers)
