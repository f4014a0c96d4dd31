"""Spreads vectors that crowd in one direction, so that cosines tell meanings apart.

Method: take out the mean and the strongest common directions (Mu and Viswanath, "All-but-the-Top", ICLR 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knowledge.encoder import Vectors

DIRECTIONS = 3

BLOCK = 512
"""So many vectors are spread at a time: what is computed in between stays near the processor."""


@dataclass(frozen=True)
class Isotropy:
    """``mean`` has shape (d,), ``directions`` (k, d) with orthonormal rows."""

    mean: Vectors
    directions: Vectors

    @classmethod
    def fit(cls, vectors: Vectors, directions: int = DIRECTIONS) -> Isotropy:
        """Learn from the vectors of the index, shape (n, d) with n > ``directions``."""
        mean = vectors.mean(axis=0)
        centred = (vectors - mean).astype(np.float32)
        _, columns = np.linalg.eigh((centred.T @ centred).astype(np.float64))  # of d by d: far less than decomposing all n rows
        return cls(mean.astype(np.float32), np.ascontiguousarray(columns[:, : -directions - 1 : -1].T, dtype=np.float32))

    def apply(self, vectors: Vectors) -> Vectors:
        """Unit vectors of the same shape, spread."""
        spread = np.empty(vectors.shape, dtype=np.float32)
        for start in range(0, len(vectors), BLOCK):
            part = spread[start : start + BLOCK]
            np.subtract(vectors[start : start + BLOCK], self.mean, out=part)
            part -= (part @ self.directions.T) @ self.directions
            part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12)
        return spread
