"""The trained head: a logistic regression over the encoder's vectors that knows every answer, and what is not to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.encoder import Vectors

SCALE = 8.0
"""Vectors are unit length after spreading; a linear classifier with unit regularisation needs larger numbers."""


@dataclass(frozen=True)
class Head:
    """``weights`` has shape (labels, d), ``bias`` (labels,); ``labels`` are ids of answers and boundaries."""

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors

    @classmethod
    def train(cls, vectors: Vectors, labels: Sequence[str], strength: float = 1.0) -> Head:
        """Fit on spread unit vectors of shape (n, d), each with its label; at least two different labels.

        Labels with few examples count as much as labels with many. ``strength`` is the inverse of regularisation.
        """
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=1e-3)
        model.fit(vectors * SCALE, list(labels))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two labels
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(tuple(map(str, model.classes_)), weights.astype(np.float32), bias.astype(np.float32))

    def log_probabilities(self, vector: Vectors) -> NDArray[np.float32]:
        """Log-probability of each label for one spread unit vector of shape (d,); shape (labels,)."""
        logits = self.weights @ (vector * SCALE) + self.bias
        shifted = logits - logits.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)
