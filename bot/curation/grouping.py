"""Groups questions by meaning, across languages.

Two questions are alike by their vectors, and by the answers to which the trained head would lead them: the vectors alone hardly
bring together what is asked in different languages. How well it works, and with which figures: docs/decisions/0046.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.encoder import Vectors
from knowledge.retrieval import REFUSALS, Retrieval

BY_ANSWERS = 0.4
"""Share that the answers have in the likeness of two questions; the rest is that of their vectors."""

NEARNESS = 0.45
"""A question joins the group whose middle is nearest, if its cosine is so large. Both are measured on the development questions
(``python -m tests.eval.grouping``)."""


def likeness(retrieval: Retrieval, vectors: Vectors) -> Vectors:
    """Unit vectors of shape (n, d + answers) whose inner product says how alike two questions are.

    ``vectors`` are the encoder's, shape (n, d). The second part is the square root of the head's probabilities (their inner
    product is the Bhattacharyya coefficient). Refusals are left out: out of scope are many things that are not alike.
    """
    spread = retrieval.isotropy.apply(vectors)
    answers = np.array([label not in REFUSALS for label in retrieval.head.labels])
    chances = np.exp(np.stack([retrieval.head.log_probabilities(vector)[answers] for vector in spread]))
    chances /= chances.sum(axis=1, keepdims=True)
    parts = np.sqrt(1 - BY_ANSWERS) * spread, np.sqrt(BY_ANSWERS * chances)
    return np.hstack(parts).astype(np.float32)


def grouped(alike: Vectors, counts: Sequence[int], nearness: float = NEARNESS) -> list[list[int]]:
    """Groups of rows of ``alike``, shape (n, d), in one go through them, so best with the most frequent first.

    In each group the row nearest to its middle comes first; ``counts`` says how often each question was asked.
    """
    sums = np.zeros_like(alike)
    norms = np.ones(len(alike), dtype=np.float32)
    groups: list[list[int]] = []
    for row, vector in enumerate(alike):
        near = sums[: len(groups)] @ vector / norms[: len(groups)]
        place = int(near.argmax()) if groups else 0
        if not groups or near[place] < nearness:
            place = len(groups)
            groups.append([])
        groups[place].append(row)
        sums[place] += counts[row] * vector
        norms[place] = max(float(np.linalg.norm(sums[place])), 1e-9)
    return [sorted(rows, key=lambda row: -float(alike[row] @ middle)) for rows, middle in zip(groups, sums, strict=False)]
