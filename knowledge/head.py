"""The trained head: a logistic regression over the encoder's vectors that knows every answer, and what is not to be answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.encoder import Vectors

SCALE = 8.0
"""Vectors are unit length after spreading; a linear classifier with unit regularisation needs larger numbers."""

STRENGTH = 1.0
"""The inverse of regularisation."""

ENOUGH = 0.24
"""Training ends when no part of the slope of the mean loss is larger than this shared among the labels, or than
``ENOUGH_OF_FEW``: each label is then fitted as far whatever their number. What is fitted further is surer, and not righter."""

ENOUGH_OF_FEW = 1e-3

FURTHER = 5
"""So many times smaller must slopes be when only some labels are fitted again: among all, most are far below the largest."""

STEPS = 20
"""Most steps of L-BFGS then."""

AT_A_TIME = 8192
"""Examples whose logits for every label are in memory together."""


@dataclass(frozen=True)
class Head:
    """``weights`` has shape (labels, d), ``bias`` (labels,); ``labels`` are ids of answers and boundaries."""

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors

    @classmethod
    def train(cls, vectors: Vectors, labels: Sequence[str], strength: float = STRENGTH) -> Head:
        """Fit on spread unit vectors of shape (n, d), each with its label; at least two different labels.

        Labels with few examples count as much as labels with many. ``strength`` is the inverse of regularisation.
        """
        from sklearn.linear_model import LogisticRegression  # a second to load, for whoever fits everything anew

        enough = _enough(len(set(labels)))
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=enough)
        model.fit(vectors * SCALE, list(labels))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two labels
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(tuple(map(str, model.classes_)), np.ascontiguousarray(weights, np.float32), bias.astype(np.float32))

    def refit(self, vectors: Vectors, labels: Sequence[str], again: Collection[str]) -> Head:
        """The head for changed examples: only the labels in ``again`` are fitted, the others stay as they are.

        It is one step of block coordinate descent on what ``train`` makes small (Bertsekas, "Nonlinear Programming", 2.7), begun
        from the old weights. Labels that no longer occur are dropped; new ones must be in ``again``.
        """
        names = tuple(sorted(set(labels)))
        old = {name: row for row, name in enumerate(self.labels)}
        place = {name: row for row, name in enumerate(names)}
        target = np.array([place[label] for label in labels])
        weights = np.stack([self.weights[old[name]] if name in old else np.zeros_like(self.weights[0]) for name in names])
        bias = np.array([self.bias[old[name]] if name in old else self.bias.mean() for name in names], dtype=np.float32)
        block = np.array(sorted(place[name] for name in again if name in place), dtype=np.int64)
        if not len(block):
            return Head(names, weights, bias)
        scaled = np.hstack([vectors * np.float32(SCALE), np.ones((len(vectors), 1), dtype=np.float32)])
        together = np.hstack([weights, bias[:, np.newaxis]])
        counts = np.bincount(target, minlength=len(names))
        cost = (1 / (len(names) * counts[target])).astype(np.float32)
        rest = _log_sum_of_others(scaled, together, block)
        position = np.full(len(names), -1)
        position[block] = np.arange(len(block))
        together[block] = _fit_block(scaled, position[target], cost, rest, together[block], _enough(len(names)) / FURTHER)
        return Head(names, np.ascontiguousarray(together[:, :-1]), np.ascontiguousarray(together[:, -1]))

    def log_probabilities(self, vector: Vectors) -> NDArray[np.float32]:
        """Log-probability of each label for one spread unit vector of shape (d,); shape (labels,)."""
        logits = self.weights @ (vector * SCALE) + self.bias
        shifted = logits - logits.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def _enough(labels: int) -> float:
    return min(ENOUGH_OF_FEW, ENOUGH / labels)


def _log_sum_of_others(scaled: Vectors, together: Vectors, block: NDArray[np.int64]) -> NDArray[np.float32]:
    """For each example the logarithm of the summed exponentials of the logits of every label that is not in ``block``."""
    found = np.empty(len(scaled), dtype=np.float32)
    others = np.delete(together, block, axis=0)
    if not len(others):
        return np.full(len(scaled), -np.inf, dtype=np.float32)
    for start in range(0, len(scaled), AT_A_TIME):
        logits = scaled[start : start + AT_A_TIME] @ others.T
        most = logits.max(axis=1)
        logits -= most[:, np.newaxis]
        found[start : start + AT_A_TIME] = most + np.log(np.exp(logits, out=logits).sum(axis=1))
    return found


def _fit_block(
    scaled: Vectors,
    target: NDArray[np.int64],
    cost: NDArray[np.float32],
    rest: NDArray[np.float32],
    begin: Vectors,
    enough: float,
) -> Vectors:
    """Weights of the block, shape (labels of it, d + 1), the bias last. ``target`` is the place in the block, or -1."""
    own = np.flatnonzero(target >= 0)
    ridge = 1 / (STRENGTH * len(scaled))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(begin.shape).astype(np.float32)
        logits = scaled @ weights.T
        most = np.maximum(rest, logits.max(axis=1))
        raised = np.exp(logits - most[:, np.newaxis])
        total = raised.sum(axis=1) + np.exp(rest - most)
        value = float(cost @ (most + np.log(total))) - float(cost[own] @ logits[own, target[own]])
        raised *= (cost / total)[:, np.newaxis]
        raised[own, target[own]] -= cost[own]
        slope = raised.T @ scaled
        slope[:, :-1] += weights[:, :-1] * ridge
        return value + 0.5 * ridge * float((weights[:, :-1] ** 2).sum()), slope.astype(np.float64).ravel()

    options = {"maxiter": STEPS, "gtol": enough, "ftol": 1e-12}
    found = minimize(loss, begin.astype(np.float64).ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x.reshape(begin.shape), dtype=np.float32)
