"""Recognises questions on the asker's own case: those whose answer depends on their own application, decision or papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge.encoder import Vectors
from knowledge.head import SCALE

WORDS_SCALE = 4.0
STRENGTH = 1.0


@dataclass(frozen=True)
class OwnCaseLine:
    """A logistic regression over a question's spread vector and its words.

    ``by_meaning`` has shape (d,), ``by_words`` one weight for each column of the lexical rows.
    """

    by_meaning: Vectors
    by_words: Vectors
    bias: float

    @classmethod
    def train(cls, vectors: Vectors, words: sparse.csr_matrix, own: Sequence[bool]) -> OwnCaseLine:
        """Fit on spread vectors (n, d), lexical rows (n, w), and whether each is an own case. Both classes weigh the same."""
        from sklearn.linear_model import LogisticRegression  # as in knowledge/head.py

        rows = sparse.hstack([sparse.csr_matrix(vectors * SCALE), words * WORDS_SCALE]).tocsr()
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300).fit(rows, np.array(own))
        weights = model.coef_[0].astype(np.float32)
        dimensions = vectors.shape[1]
        return cls(weights[:dimensions], weights[dimensions:], float(model.intercept_[0]))

    def probability(self, vector: Vectors, words: sparse.csr_matrix) -> float:
        """How likely it is an own case, for one spread vector (d,) and one lexical row (1, w)."""
        score = float(self.by_meaning @ (vector * SCALE)) + float((words @ self.by_words)[0]) * WORDS_SCALE + self.bias
        return float(1 / (1 + np.exp(-np.clip(score, -60, 60))))
