"""Query likelihood over the words of each label's examples."""

import numpy as np
import pytest
from scipy import sparse

from knowledge.word_model import SMOOTHING, WordModel

ROWS = sparse.csr_matrix(np.array([[2, 1, 0, 0], [1, 0, 0, 0], [0, 1, 3, 0]], dtype=np.float32))
LABELS = np.array([0, 0, 1])


def row(*words: float) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array([words], dtype=np.float32))


def test_it_is_the_formula_of_the_source() -> None:
    """log p(q|l) = sum of q(w) log((c(w,l) + mu p(w)) / (n(l) + mu)), up to what all labels share."""
    counts = np.array([[3, 1, 0], [0, 1, 3]])
    common = np.array([3, 2, 3]) / 8
    question = np.array([1.0, 0.5, 0.25])
    smoothed = (counts + SMOOTHING * common) / (counts.sum(axis=1, keepdims=True) + SMOOTHING)
    likelihood = np.log(smoothed) @ question
    wanted = likelihood - np.log(np.exp(likelihood).sum())
    found = WordModel.of(ROWS, LABELS, 2).log_probabilities(row(1.0, 0.5, 0.25, 0.0))
    assert found == pytest.approx(wanted, abs=1e-5)


def test_a_question_without_known_words_favours_no_label() -> None:
    found = WordModel.of(ROWS, LABELS, 2).log_probabilities(row(0, 0, 0, 0))
    assert found == pytest.approx([np.log(0.5)] * 2)


def test_a_label_without_examples_has_no_word() -> None:
    found = WordModel.of(ROWS, LABELS, 3).log_probabilities(row(1, 0, 0, 0))
    assert found.argmax() == 0
    assert np.exp(found).sum() == pytest.approx(1)
