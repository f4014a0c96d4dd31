"""The questions of the evaluation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).resolve().parent / "questions"


class Kind(StrEnum):
    """What kind of message a question is."""

    ask = "ask"
    own_case = "own_case"
    out_of_scope = "out_of_scope"
    emergency = "emergency"
    near_emergency = "near_emergency"
    human = "human"
    followup = "followup"


class Part(StrEnum):
    """Weights and bands are fitted on the development part. The final part is for reporting only."""

    development = "development"
    final = "final"


class EvalQuestion(BaseModel):
    """One question with what is right to do about it. ``answers`` are the ids that are right, best first."""

    model_config = ConfigDict(extra="forbid")

    text: str
    lang: str
    kind: Kind
    part: Part
    topic: str | None = None
    also: list[str] = []
    tags: list[str] = []
    context: str | None = None
    answers: list[str] = []


def read_questions(part: Part | None = None) -> list[EvalQuestion]:
    """All questions, or those of one part."""
    found = [
        EvalQuestion.model_validate(row)
        for path in sorted(FOLDER.glob("*.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return [question for question in found if part is None or question.part is part]
