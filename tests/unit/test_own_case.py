"""The line between a question on the asker's own case and a general one."""

import numpy as np
import pytest
from scipy import sparse

from knowledge.lexical import LexicalIndex
from knowledge.own_case import OwnCaseLine
from tests.unit.content_fixtures import FakeEncoder

OWN = ["miksi minun hakemus viipyy", "missä minun päätös on", "why is my decision late", "my application was refused"]
GENERAL = [
    "mistä saan lipun",
    "kauanko lupa kestää",
    "how long does a permit take",
    "where is the office",
    "paljonko lupa maksaa",
]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex.build([*OWN, *GENERAL])


@pytest.fixture(scope="module")
def line(lexical: LexicalIndex) -> OwnCaseLine:
    return OwnCaseLine.train(FakeEncoder().encode([*OWN, *GENERAL]), lexical.rows, [True] * len(OWN) + [False] * len(GENERAL))


def probability(line: OwnCaseLine, lexical: LexicalIndex, text: str) -> float:
    return line.probability(FakeEncoder().encode([text])[0], lexical.row(text))


def test_examples_of_both_sides_are_told_apart(line: OwnCaseLine, lexical: LexicalIndex) -> None:
    assert min(probability(line, lexical, text) for text in OWN) > 0.5
    assert max(probability(line, lexical, text) for text in GENERAL) < 0.5


def test_a_like_question_falls_on_the_same_side(line: OwnCaseLine, lexical: LexicalIndex) -> None:
    assert probability(line, lexical, "missä minun hakemus on") > probability(line, lexical, "missä lupa maksaa")


def test_it_is_the_logistic_of_both_weighted_sums() -> None:
    line = OwnCaseLine(np.array([1, 0], dtype=np.float32), np.array([0, 2, 0], dtype=np.float32), bias=-16.0)
    chance = line.probability(np.array([1, 0], dtype=np.float32), sparse.csr_matrix(np.array([[0, 1, 0]], dtype=np.float32)))
    assert chance == pytest.approx(0.5)  # 8 · 1 + 4 · 2 - 16 = 0


@pytest.mark.parametrize(("bias", "expected"), [(1e9, 1.0), (-1e9, 0.0)])
def test_extreme_scores_overflow_nothing(bias: float, expected: float) -> None:
    line = OwnCaseLine(np.zeros(2, dtype=np.float32), np.zeros(3, dtype=np.float32), bias)
    assert line.probability(np.zeros(2, dtype=np.float32), sparse.csr_matrix((1, 3), dtype=np.float32)) == pytest.approx(expected)
