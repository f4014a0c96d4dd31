"""Search: which answer fits a question, and how sure that is."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder, Vectors
from knowledge.follow_up import MARKED, joined, leaning, spread_together
from knowledge.model import Audience
from knowledge.places import find_municipalities
from knowledge.recent import RecentVectors
from knowledge.retrieval import REFUSALS
from knowledge.scoring import PARTS, fuse, measure, measure_all, probabilities
from knowledge.snapshot import Snapshot
from knowledge.tokens import words
from knowledge.tuning import SIGNS, Tuning
from knowledge.word_counts import Count

CHOICES = 3
SHOWN_CANDIDATES = 10

SURE_FOLLOW_UP = 0.92
"""A short message after another is answered at once only when so sure: what it leans on is a guess. A choice costs one press."""

LIKELY_FOLLOW_UP = 0.3
"""One that clearly leans on the message before is offered a choice from here on, below the band: its topic is known."""

OTHER_AUDIENCE = 2.0
"""Taken from the score of an answer that is not for the audience that the asker has named: e² to 1 against it."""

_DIGITS_ONLY = re.compile(r"^[\W\d_]*$")


class Decision(StrEnum):
    """The band into which a question falls."""

    answered = "answered"
    clarify = "clarify"
    unknown = "unknown"
    out_of_scope = "out_of_scope"
    abuse = "abuse"
    instructions = "instructions"


@dataclass(frozen=True)
class Question:
    """A question with what is known of the asker. ``vector`` is given when the text was encoded already."""

    text: str
    vector: Vectors | None = None
    previous: str | None = None
    previous_topic: str | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An answer, or a refusal, that was considered."""

    id: str
    topic: str | None
    parts: dict[str, float]
    penalty: float
    score: float
    probability: float
    kept: bool
    reason: str


@dataclass
class Found:
    """What search came to. ``best`` is the best answer whatever the decision; None when nothing was searched."""

    decision: Decision
    best: str | None = None
    topic: str | None = None
    choices: list[str] = field(default_factory=list)
    own_case: bool = False
    own_case_probability: float = 0.0
    right_at_once: float = 0.0
    right_among_three: float = 0.0
    follow_up: bool = False
    standing_for: str = ""
    """The question in full, for the next follow-up: with the one before it when this one clearly leans on that."""
    municipalities: list[str] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    steps_ms: dict[str, float] = field(default_factory=dict)

    def explained(self) -> dict[str, Any]:
        """The arithmetic, as ``explain`` shows it."""
        return {
            "decision": self.decision,
            "right_at_once": round(self.right_at_once, 4),
            "right_among_three": round(self.right_among_three, 4),
            "own_case": round(self.own_case_probability, 4),
            "follow_up": self.follow_up,
            "municipalities": self.municipalities,
            "candidates": [vars(candidate) for candidate in self.candidates],
            "steps_ms": self.steps_ms,
        }


class Searcher:
    """Searches one snapshot. Holds no state of conversations, and may be used by several threads."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, tuning: Tuning) -> None:
        self._snapshot = snapshot
        self._retrieval = snapshot.retrieval
        self._encoder = encoder
        self._tuning = tuning
        self._recent = RecentVectors(lambda text: self._spread(text, None))
        answers = snapshot.content.answers
        self._is_refusal = np.array([label in REFUSALS for label in self._retrieval.labels])
        self._topics = np.array([answers[label].topic if label in answers else "" for label in self._retrieval.labels])
        self._penalty = {str(audience): self._penalty_for(audience) for audience in Audience}

    def search(self, question: Question) -> Found:
        """Rank every answer for ``question`` and say which band the best falls into."""
        if _DIGITS_ONLY.match(question.text):
            return Found(Decision.unknown, standing_for=question.text)
        clock = _Clock()
        spread = self._spread(question.text, question.vector)
        self._recent.remember(question.text, spread)
        clock.note("encode")
        parts = measure(self._retrieval, question.text, spread)
        bonus = np.zeros(len(self._topics), dtype=np.float32)
        standing_for = question.text
        lean = leaning(question.text, question.previous)
        if lean is not None and question.previous is not None:
            text = joined(question.previous, question.text)
            both = spread_together(lean, question.previous, question.text, self._recent.of)
            together = measure(self._retrieval, text, both)
            parts = (1 - lean.joined) * parts + lean.joined * together
            bonus[self._topics == question.previous_topic] = lean.topic
            standing_for = text if lean is MARKED else question.text
        clock.note("arms")
        penalty = self._penalty.get(question.audience or "", np.zeros(len(self._retrieval.labels), dtype=np.float32))
        total = fuse(parts, self._tuning.weight_vector).total + bonus - penalty
        found = self._decide(total, parts, question.text)
        found.follow_up = lean is not None
        if found.follow_up and found.decision is Decision.answered and found.right_at_once < SURE_FOLLOW_UP:
            found.decision = Decision.clarify
        if lean is MARKED and found.decision is Decision.unknown and found.right_among_three >= LIKELY_FOLLOW_UP:
            found.decision = Decision.clarify
        found.standing_for = standing_for
        found.own_case_probability = self._retrieval.own_case_probability(question.text, spread)
        found.own_case = found.own_case_probability >= self._tuning.bands.own_case and found.decision not in REFUSALS
        clock.note("decide")
        found.municipalities = find_municipalities(question.text, self._snapshot.content.municipalities)
        clock.note("places")
        found.candidates = self._candidates(total, parts, penalty, found)
        found.steps_ms = clock.steps
        return found

    def search_all(self, questions: Sequence[str], vectors: Vectors, count: Count) -> list[Found]:
        """What is decided on each question alone, many at once and without the arithmetic. ``vectors`` has the shape (n, d)."""
        spread = self._retrieval.isotropy.apply(vectors)
        rows = self._retrieval.lexical.rows_of(questions, count)
        found = []
        for text, parts in zip(questions, measure_all(self._retrieval, rows, spread), strict=True):
            total = fuse(parts, self._tuning.weight_vector).total
            nothing = _DIGITS_ONLY.match(text)
            found.append(Found(Decision.unknown) if nothing else self._decide(total, parts, text))
        return found

    def _decide(self, total: NDArray[np.float32], parts: NDArray[np.float32], text: str) -> Found:
        chance = probabilities(total)
        refusal = float(chance[self._is_refusal].sum())
        answers_only = np.where(self._is_refusal, -np.inf, total)
        order = np.argsort(-answers_only)[:CHOICES]
        signs = signs_of(chance, answers_only, parts, order, refusal, text)
        at_once = self._tuning.right_at_once.probability(signs)
        among_three = self._tuning.right_among_three.probability(signs)
        best = int(order[0])
        found = Found(
            Decision.unknown,
            best=self._retrieval.labels[best],
            topic=str(self._topics[best]),
            choices=[self._retrieval.labels[row] for row in order],
            right_at_once=at_once,
            right_among_three=among_three,
        )
        if refusal >= self._tuning.bands.refuse:
            kind = int(np.argmax(np.where(self._is_refusal, total, -np.inf)))
            found.decision = Decision(self._retrieval.labels[kind])
        elif at_once >= self._tuning.bands.answer:
            found.decision = Decision.answered
        elif among_three >= self._tuning.bands.clarify:
            found.decision = Decision.clarify
        return found

    def _candidates(
        self, total: NDArray[np.float32], parts: NDArray[np.float32], penalty: NDArray[np.float32], found: Found
    ) -> list[Candidate]:
        chance = probabilities(total)
        if found.decision is Decision.answered:
            kept = {found.best}
        elif found.decision is Decision.clarify:
            kept = set(found.choices)
        else:
            kept = {str(found.decision)}
        return [
            Candidate(
                id=self._retrieval.labels[row],
                topic=str(self._topics[row]) or None,
                parts={name: round(float(value), 4) for name, value in zip(PARTS, parts[row], strict=True)},
                penalty=round(float(penalty[row]), 4),
                score=round(float(total[row]), 4),
                probability=round(float(chance[row]), 4),
                kept=self._retrieval.labels[row] in kept,
                reason=self._reason(self._retrieval.labels[row] in kept, found),
            )
            for row in np.argsort(-total)[:SHOWN_CANDIDATES].tolist()
        ]

    def _reason(self, kept: bool, found: Found) -> str:
        bands = self._tuning.bands
        if kept:
            return f"{found.decision}: in the band"
        if found.decision is Decision.answered:
            return "a better answer was found"
        if found.decision is Decision.clarify:
            return f"not among the best {CHOICES}"
        if found.decision is Decision.unknown:
            once, three = found.right_at_once, found.right_among_three
            return f"below the bands: {once:.2f} < {bands.answer:.2f} and {three:.2f} < {bands.clarify:.2f}"
        return "the question was refused"

    def _spread(self, text: str, vector: Vectors | None) -> Vectors:
        if vector is None:
            vector = np.asarray(self._encoder.encode([text])[0], dtype=np.float32)
        return np.asarray(self._retrieval.isotropy.apply(vector[np.newaxis, :])[0], dtype=np.float32)

    def _penalty_for(self, audience: Audience) -> NDArray[np.float32]:
        """A professional asks for others, so nothing is held against any answer."""
        answers = self._snapshot.content.answers
        wrong = [
            label in answers and audience is not Audience.professional and audience not in answers[label].audience
            for label in self._retrieval.labels
        ]
        return np.array([OTHER_AUDIENCE if each else 0.0 for each in wrong], dtype=np.float32)


def signs_of(
    chance: NDArray[np.float32],
    answers_only: NDArray[np.float32],
    parts: NDArray[np.float32],
    order: NDArray[np.int64],
    refusal: float,
    text: str,
) -> NDArray[np.float64]:
    """What the calibration looks at, in the order of ``SIGNS``."""
    best, second, third = (float(answers_only[row]) for row in order[:3])
    first = min(max(float(chance[order[0]]), 1e-6), 1 - 1e-6)
    values = {
        "log_odds": float(np.log(first / (1 - first))),
        "lead": min(best - second, 10.0),
        "lead_over_third": min(best - third, 10.0),
        "nearest_cosine": float(parts[order[0], 0]),
        "nearest_words": float(parts[order[0], 3]),
        "head": max(float(parts[order[0], 2]), -10.0),
        "known_words": float(parts[:, 3].max()),
        "refusal": refusal,
        "words": float(np.log1p(len(words(text)))),
    }
    return np.array([values[name] for name in SIGNS])


class _Clock:
    """Notes how long each step took, in milliseconds."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.steps: dict[str, float] = {}

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.steps[step] = round((now - self._last) * 1000, 3)
        self._last = now
