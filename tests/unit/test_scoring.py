"""The parts of a score equal a slow reference."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.encoder import Vectors
from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.own_case import OwnCaseLine
from knowledge.retrieval import Example, Retrieval
from knowledge.scoring import FEW, NEIGHBOURS, PARTS, fuse, measure, measure_all, probabilities
from knowledge.vector_index import build_index
from tests.unit.content_fixtures import FakeEncoder

WORDS = "bussi lippu lupa työ koulu kela pankki koti lapsi maksu"
ENCODER = FakeEncoder()


def retrieval_of(labels: Sequence[str]) -> tuple[Retrieval, Vectors]:
    """Examples of three random words each, with the vectors that the index holds."""
    random = np.random.default_rng(11)
    texts = [" ".join(random.choice(WORDS.split(), 3)) for _ in labels]
    vectors = ENCODER.encode(texts)
    spread = Isotropy.fit(vectors).apply(vectors)
    names = tuple(sorted(set(labels)))
    return Retrieval(
        encoder=ENCODER.name,
        examples=[Example(text, label, "fi") for text, label in zip(texts, labels, strict=True)],
        labels=names,
        label_of_row=np.array([names.index(label) for label in labels]),
        isotropy=Isotropy.fit(vectors),
        index=build_index(spread),
        head=Head.train(spread, labels),
        own_case=OwnCaseLine(np.zeros(ENCODER.dimensions, dtype=np.float32), np.zeros(1, dtype=np.float32), 0.0),
        lexical=LexicalIndex.build(texts),
    ), spread


def slow_few(retrieval: Retrieval, scores: dict[int, float], floor: float) -> list[tuple[float, float]]:
    """For each label the best of its scores and the mean of the best three, ``floor`` where there are fewer."""
    found = []
    for label in range(len(retrieval.labels)):
        own = sorted((score for row, score in scores.items() if retrieval.label_of_row[row] == label), reverse=True)
        best = [*own, *[floor] * FEW][:FEW]
        found.append((best[0], sum(best) / FEW))
    return found


UNEVEN = ["one"] * 1 + ["two"] * 2 + ["three"] * 3 + ["many"] * 30
"""Fewer examples than neighbours: all are looked at."""

CROWDED = [f"label_{number % 40:02}" for number in range(2 * NEIGHBOURS)]
"""More examples than neighbours: some labels are not among them with three."""


@pytest.mark.parametrize("labels", [UNEVEN, CROWDED], ids=["few", "more than the neighbours"])
@pytest.mark.parametrize("question", ["bussi lippu maksu", "lupa", "koira"])
def test_parts_equal_the_slow_reference(labels: list[str], question: str) -> None:
    retrieval, stored = retrieval_of(labels)
    spread = retrieval.isotropy.apply(ENCODER.encode([question]))[0]
    cosines = stored @ spread
    near = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
    dense = slow_few(retrieval, {int(row): float(cosines[row]) for row in near}, float(cosines[near[-1]]))
    words = slow_few(retrieval, dict(enumerate(retrieval.lexical.scores_of(retrieval.lexical.row(question)).tolist())), 0.0)
    head = retrieval.head.log_probabilities(spread)
    model = retrieval.word_model.log_probabilities(retrieval.lexical.row(question))
    expected = [[*dense[label], head[label], *words[label], model[label]] for label in range(len(retrieval.labels))]
    parts = measure(retrieval, question, spread)
    assert parts.shape == (len(retrieval.labels), len(PARTS))
    np.testing.assert_allclose(parts, expected, atol=1e-4)


@pytest.mark.parametrize("labels", [UNEVEN, CROWDED], ids=["few", "more than the neighbours"])
def test_many_questions_at_once_have_the_parts_of_each_alone(labels: list[str]) -> None:
    retrieval, _ = retrieval_of(labels)
    questions = ["bussi lippu maksu", "lupa", "koira", ""]
    spread = retrieval.isotropy.apply(ENCODER.encode(questions))
    for question, vector, parts in zip(
        questions, spread, measure_all(retrieval, retrieval.lexical.rows_of(questions), spread), strict=True
    ):
        np.testing.assert_allclose(parts, measure(retrieval, question, vector), atol=1e-4)


def test_the_total_is_the_weighted_sum() -> None:
    parts = np.array([[1, 2, 3, 4, 5], [0, 0, -1, 0, 1]], dtype=np.float32)
    weights = np.array([1, 0.5, 2, 0, 1], dtype=np.float32)
    np.testing.assert_allclose(fuse(parts, weights).total, [1 + 1 + 6 + 5, -2 + 1])


def test_probabilities_are_the_softmax_and_stand_large_numbers() -> None:
    np.testing.assert_allclose(probabilities(np.log(np.array([1, 2, 5], dtype=np.float32))), [0.125, 0.25, 0.625], atol=1e-6)
    np.testing.assert_allclose(probabilities(np.array([5000, 5000, -5000], dtype=np.float32)), [0.5, 0.5, 0])
