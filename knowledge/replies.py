"""What a snapshot makes of many questions at once: the twin tests, the gate and the comparison of two snapshots ask here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from enum import IntEnum
from pathlib import Path

from pydantic import BaseModel

from knowledge.encoder import Encoder
from knowledge.published import UNREADABLE, NothingPublished
from knowledge.search import Decision, Searcher
from knowledge.snapshot import Snapshot, load_snapshot, read_replies
from knowledge.training import Texts
from knowledge.tuning import Tuning


class Reach(IntEnum):
    """How far a question gets to an answer that is right for it."""

    missed = 0
    among_choices = 1
    given = 2


class Reply(BaseModel):
    """What a question gets: one answer, a choice, a refusal, or "I don't know"."""

    decision: Decision
    answers: list[str] = []
    """Ids of what the newcomer sees: one answer, or the choices."""

    def reach(self, right: Collection[str]) -> Reach:
        """How far the question gets to one of the ``right`` answers."""
        if not any(each in right for each in self.answers):
            return Reach.missed
        return Reach.given if self.decision is Decision.answered else Reach.among_choices


class Replies(BaseModel):
    """Replies to questions, and the tuning by which they were decided."""

    tuning: str
    to: dict[str, Reply]


def ask(snapshot: Snapshot, encoder: Encoder, texts: Texts, tuning: Tuning, questions: Collection[str]) -> Replies:
    """Ask each question alone, as the first of a conversation."""
    asked = list(dict.fromkeys(questions))
    found = Searcher(snapshot, encoder, tuning).search_all(asked, texts.vectors.encode(asked), texts.words.count)
    shown = {Decision.answered: 1, Decision.clarify: 3}
    replies = [Reply(decision=each.decision, answers=each.choices[: shown.get(each.decision, 0)]) for each in found]
    return Replies(tuning=tuning_key(tuning), to=dict(zip(asked, replies, strict=True)))


def replies_of(
    folder: Path, identifier: str, encoder: Encoder, texts: Texts, tuning: Tuning, questions: Sequence[str]
) -> Replies:
    """What a snapshot on disk makes of the questions: as it was written down with it, the rest asked now.

    Raises ``NothingPublished`` when it cannot be asked.
    """
    kept = _kept(folder, identifier, tuning)
    if missing := [question for question in questions if question not in kept]:
        kept |= ask(load_snapshot(folder, encoder.name, identifier), encoder, texts, tuning, missing).to
    return Replies(tuning=tuning_key(tuning), to={question: kept[question] for question in questions})


def tuning_key(tuning: Tuning) -> str:
    """By what the weights and bands are known."""
    return hashlib.sha256(tuning.model_dump_json().encode()).hexdigest()[:16]


def _kept(folder: Path, identifier: str, tuning: Tuning) -> dict[str, Reply]:
    try:
        kept = Replies.model_validate_json(read_replies(folder, identifier))
    except UNREADABLE as error:
        raise NothingPublished(f"The snapshot {identifier} cannot be read: {error}.") from error
    return kept.to if kept.tuning == tuning_key(tuning) else {}
