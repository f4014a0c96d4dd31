"""Which answer's examples are likely to hold a question's words: query likelihood with Dirichlet smoothing.

Zhai and Lafferty, "A study of smoothing methods for language models applied to information retrieval", ACM Transactions on
Information Systems 22 (2004). Beside the nearest examples, which look at one example at a time, it looks at all the words that
people use about an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

SMOOTHING = 100.0
"""The weight of how common a word is in all examples, in words. Chosen among 30, 100 and 300 on the development questions."""


@dataclass(frozen=True)
class WordModel:
    """``gain`` has shape (labels, words): what a word adds where a label's examples hold it. ``length`` (labels,): log of the
    words of each label's examples, smoothing included."""

    gain: sparse.csc_matrix
    length: NDArray[np.float32]

    @classmethod
    def of(cls, rows: sparse.csr_matrix, label_of_row: NDArray[np.int64], labels: int) -> WordModel:
        """The model of weighted words ``rows`` (texts, words), each row standing for its label."""
        shape = (labels, len(label_of_row))
        members = sparse.csr_matrix((np.ones(len(label_of_row), np.float32), (label_of_row, np.arange(len(label_of_row)))), shape)
        counts = (members @ rows).tocoo()
        common = np.asarray(rows.sum(axis=0), dtype=np.float64).ravel()
        common = common / max(common.sum(), 1e-9)
        gain = np.log1p(counts.data / (SMOOTHING * common[counts.col])).astype(np.float32)
        total = np.bincount(counts.row, weights=counts.data, minlength=labels)
        matrix = sparse.csc_matrix((gain, (counts.row, counts.col)), shape=counts.shape)
        return cls(matrix, np.log(total + SMOOTHING).astype(np.float32))

    def log_probabilities(self, question: sparse.csr_matrix) -> NDArray[np.float32]:
        """Log-probability of each label for a question's row of shape (1, words), all labels alike beforehand; shape (labels,).

        A question without a known word says nothing: every label gets the same.
        """
        held = self.gain[:, question.indices] @ question.data
        likelihood = held - float(question.data.sum()) * self.length
        shifted = likelihood - likelihood.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)
