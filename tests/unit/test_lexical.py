"""The lexical arm equals a slow and obvious tf-idf cosine."""

import math
from collections import Counter

import numpy as np
import pytest

from knowledge.lexical import LexicalIndex
from knowledge.tokens import features

TEXTS = [
    "mistä saan bussilipun",
    "bussiliput Joensuussa",
    "mistä saan työluvan",
    "work permit",
    "permits for work",
    "автобусный билет",
    "تذكرة الحافلة",
]
QUESTIONS = ["bussilippu", "mistä mistä saan työluvan", "permit for working in Joensuu", "билеты", "تذكرة", "xqzw", ""]


def weights(text: str) -> dict[str, float]:
    """tf-idf of unit length: tf is 1 + ln(count), idf is ln((1 + n) / (1 + texts with it)) + 1."""
    known = [set(features(each)) for each in TEXTS]
    raw = {
        feature: (1 + math.log(count)) * (math.log((1 + len(TEXTS)) / (1 + sum(feature in each for each in known))) + 1)
        for feature, count in Counter(features(text)).items()
        if any(feature in each for each in known)
    }
    length = math.sqrt(sum(value**2 for value in raw.values()))
    return {feature: value / length for feature, value in raw.items()}


def slow_scores(question: str) -> list[float]:
    asked = weights(question)
    return [sum(asked.get(feature, 0.0) * value for feature, value in weights(text).items()) for text in TEXTS]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


@pytest.mark.parametrize("question", [*TEXTS, *QUESTIONS])
def test_scores_equal_the_slow_reference(index: LexicalIndex, question: str) -> None:
    np.testing.assert_allclose(index.scores_of(index.row(question)), slow_scores(question), atol=1e-5)


@pytest.mark.parametrize("row", range(len(TEXTS)))
def test_a_text_is_nearest_to_itself(index: LexicalIndex, row: int) -> None:
    scores = index.scores_of(index.row(TEXTS[row]))
    assert np.argmax(scores) == row
    assert scores[row] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("question", ["xqzw", "", "?!", "โยเอนซู"])
def test_a_question_without_a_known_word_scores_nothing(index: LexicalIndex, question: str) -> None:
    assert index.scores_of(index.row(question)).tolist() == [0] * len(TEXTS)


def test_a_row_has_unit_length(index: LexicalIndex) -> None:
    row = index.row("bussilippu Joensuu")
    assert row.shape == (1, index.rows.shape[1])
    assert float(row.multiply(row).sum()) == pytest.approx(1, abs=1e-5)


def test_many_rows_are_the_rows_one_by_one(index: LexicalIndex) -> None:
    together = index.rows_of([*QUESTIONS, *TEXTS]).toarray()
    np.testing.assert_allclose(together, np.vstack([index.row(text).toarray() for text in (*QUESTIONS, *TEXTS)]))
    np.testing.assert_allclose(index.rows_of(TEXTS).toarray(), index.rows.toarray(), atol=1e-6)


def test_features_have_their_column_or_none(index: LexicalIndex) -> None:
    beyond = np.array([index.columns[3], index.columns[-1] + 1], dtype=np.uint32)
    assert index.places_of(beyond).tolist() == [3, -1]
