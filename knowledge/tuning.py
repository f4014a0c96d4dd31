"""What ``script/eval`` has fitted: weights of the arms, calibration, and the bands, each with its evidence."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from knowledge.scoring import PARTS

TUNING_FILE = Path(__file__).resolve().parent / "tuning.json"

SIGNS = ("log_odds", "lead", "lead_over_third", "nearest_cosine", "nearest_words", "head", "known_words", "refusal", "words")
"""What the calibration looks at: log-odds of the best answer, its lead over the second and the third, its nearest example by
meaning and by words, the head's log-probability, how well any example knows the question's words (little for a language without
examples), the probability of all refusals together, and the number of words (logarithm)."""


class Logistic(BaseModel):
    """A logistic regression over ``SIGNS``."""

    model_config = ConfigDict(extra="forbid")

    weights: dict[str, float]
    bias: float

    def probability(self, signs: NDArray[np.float64]) -> float:
        """Probability for the signs, given in the order of ``SIGNS``."""
        score = float(np.dot(signs, [self.weights[name] for name in SIGNS]) + self.bias)
        return float(1 / (1 + np.exp(-score)))


class Bands(BaseModel):
    """Probabilities from which on a question is answered, a choice is offered, a refusal given, a case called own."""

    model_config = ConfigDict(extra="forbid")

    answer: float
    clarify: float
    refuse: float
    own_case: float


class Tuning(BaseModel):
    """Everything that was fitted, and on what."""

    model_config = ConfigDict(extra="forbid")

    weights: dict[str, float]
    right_at_once: Logistic
    right_among_three: Logistic
    bands: Bands
    evidence: dict[str, Any]

    @property
    def weight_vector(self) -> NDArray[np.float32]:
        """The weights of the arms in the order of ``PARTS``."""
        return np.array([self.weights[name] for name in PARTS], dtype=np.float32)


@cache
def read_tuning(path: Path = TUNING_FILE) -> Tuning:
    """The fitted values. Raises ``OSError`` when there are none, ``ValueError`` when they do not fit this version."""
    return Tuning.model_validate_json(path.read_bytes())
