"""The arms of retrieval and their fusion: how well each answer fits a question, with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.encoder import Vectors
from knowledge.retrieval import Retrieval
from knowledge.vector_index import nearest, nearest_all

PARTS = ("dense_nearest", "dense_few", "head", "lexical_nearest", "lexical_few", "word_model")
"""What is measured for each label: cosine of the nearest example and mean of the three nearest, by the encoder's vectors;
log-probability by the trained head; the same two by words; and log-probability by all the words of its examples."""

NEIGHBOURS = 300
"""Examples that FAISS returns. A label without one among them gets the cosine of the last."""

WORD_NEIGHBOURS = 2000
"""Examples that count in the lexical arm; for the rest the words in common are the common ones."""

FEW = 3


@dataclass(frozen=True)
class Scores:
    """``parts`` has shape (labels, len(PARTS)); ``total`` (labels,) is their weighted sum."""

    parts: NDArray[np.float32]
    total: NDArray[np.float32]


def measure(retrieval: Retrieval, question: str, spread: Vectors) -> NDArray[np.float32]:
    """Every part for every label, for a question and its spread vector of shape (d,); shape (labels, len(PARTS))."""
    rows, cosines = nearest(retrieval.index, spread, NEIGHBOURS)
    return _parts(retrieval, rows, cosines, retrieval.lexical.row(question), spread)


def measure_all(retrieval: Retrieval, words: sparse.csr_matrix, spread: Vectors) -> Iterator[NDArray[np.float32]]:
    """The same for many questions, given as lexical rows and spread vectors of shape (n, d): the index is gone through once."""
    near = nearest_all(retrieval.index, spread, NEIGHBOURS)
    for number, (rows, cosines) in enumerate(near):
        yield _parts(retrieval, rows, cosines, words[number], spread[number])


def _parts(
    retrieval: Retrieval,
    rows: NDArray[np.int64],
    cosines: NDArray[np.float32],
    asked: sparse.csr_matrix,
    spread: Vectors,
) -> NDArray[np.float32]:
    words = retrieval.lexical.scores_of(asked)
    floor = float(cosines[-1]) if len(cosines) else 0.0
    dense = _nearest_and_few(retrieval, retrieval.label_of_row[rows], cosines, floor)
    shared = np.argpartition(-words, WORD_NEIGHBOURS)[:WORD_NEIGHBOURS] if len(words) > WORD_NEIGHBOURS else np.arange(len(words))
    lexical = _nearest_and_few(retrieval, retrieval.label_of_row[shared], words[shared], 0.0)
    head = retrieval.head.log_probabilities(spread)
    word_model = retrieval.word_model.log_probabilities(asked)
    return np.stack([dense[0], dense[1], head, lexical[0], lexical[1], word_model], axis=1).astype(np.float32)


def fuse(parts: NDArray[np.float32], weights: NDArray[np.float32]) -> Scores:
    """The weighted sum of the parts. The weights are fitted by ``script/eval`` on the development questions."""
    return Scores(parts, np.asarray(parts @ weights, dtype=np.float32))


def probabilities(total: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax over the labels; the fusion is a conditional logit, so these are its probabilities."""
    shifted = np.exp(total - total.max())
    return np.asarray(shifted / shifted.sum(), dtype=np.float32)


def _nearest_and_few(
    retrieval: Retrieval, labels: NDArray[np.int64], scores: NDArray[np.float32], floor: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each label the best score and the mean of the ``FEW`` best, with ``floor`` for what is missing."""
    order = np.lexsort((-scores, labels))
    labels, scores = labels[order], scores[order]
    starts = np.searchsorted(labels, labels, side="left")
    rank = np.arange(len(labels)) - starts
    count = len(retrieval.labels)
    table = np.full((count, FEW), floor, dtype=np.float32)
    kept = rank < FEW
    table[labels[kept], rank[kept]] = scores[kept]
    return table[:, 0], table.mean(axis=1)
