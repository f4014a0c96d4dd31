"""The trained head gives each label its probability."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from knowledge.encoder import Vectors
from knowledge.head import SCALE, Head
from tests.unit.content_fixtures import steady


def groups(labels: int, each: int, dimensions: int = 12) -> tuple[Vectors, list[str]]:
    """Unit vectors in groups that lie apart, with the label of each."""
    random = np.random.default_rng(5)
    centres = np.eye(dimensions)[:labels] * 3
    vectors = np.repeat(centres, each, axis=0) + 0.3 * random.normal(size=(labels * each, dimensions))
    names = [f"label_{number}" for number in range(labels) for _ in range(each)]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32), names


@pytest.fixture(scope="module", params=[2, 3, 6])
def trained(request: pytest.FixtureRequest) -> tuple[Head, Vectors, list[str]]:
    vectors, names = groups(request.param, 10)
    return Head.train(vectors, names), vectors, names


def best(head: Head, vector: Vectors) -> str:
    return head.labels[int(np.argmax(head.log_probabilities(vector)))]


def test_labels_that_lie_apart_are_told_apart(trained: tuple[Head, Vectors, list[str]]) -> None:
    head, vectors, names = trained
    assert sorted(head.labels) == sorted(set(names))
    assert [best(head, vector) for vector in vectors] == names


@steady
@given(vector=arrays.arrays(np.float32, 12, elements=st.floats(-1, 1, width=16)))
def test_probabilities_sum_to_one(trained: tuple[Head, Vectors, list[str]], vector: Vectors) -> None:
    head = trained[0]
    chance = np.exp(head.log_probabilities(vector))
    assert chance.shape == (len(head.labels),)
    assert chance.sum() == pytest.approx(1, abs=1e-4)


def test_between_two_groups_neither_is_sure() -> None:
    vectors, names = groups(2, 20)
    middle = vectors[:20].mean(axis=0) + vectors[20:].mean(axis=0)
    chance = np.exp(Head.train(vectors, names).log_probabilities(np.asarray(middle / np.linalg.norm(middle), dtype=np.float32)))
    assert chance == pytest.approx([0.5, 0.5], abs=0.2)


def test_a_label_with_few_examples_counts_as_much() -> None:
    vectors, names = groups(2, 30)
    kept = [*range(30), 30, 31, 32]
    head = Head.train(vectors[kept], [names[row] for row in kept])
    assert all(best(head, vectors[row]) == "label_1" for row in range(33, 60))


def test_one_label_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="class"):
        Head.train(np.eye(3, dtype=np.float32), ["a", "a", "a"])


def test_fitted_again_for_what_changed_it_is_nearly_as_fitted_anew() -> None:
    vectors, names = groups(6, 20)
    old = [row for row in range(120) if names[row] != "label_5" and not (names[row] == "label_2" and row % 2)]
    before = Head.train(vectors[old], [names[row] for row in old])
    again, anew = before.refit(vectors, names, {"label_2", "label_5"}), Head.train(vectors, names)
    assert again.labels == anew.labels
    assert [best(again, vector) for vector in vectors] == names
    for vector in vectors:
        assert np.exp(again.log_probabilities(vector)).max() == pytest.approx(
            np.exp(anew.log_probabilities(vector)).max(), abs=0.2
        )
    for label in ("label_0", "label_1", "label_3", "label_4"):
        row = before.labels.index(label)
        np.testing.assert_array_equal(again.weights[again.labels.index(label)], before.weights[row])


def test_a_label_that_is_gone_is_dropped_and_the_others_stay() -> None:
    vectors, names = groups(4, 10)
    before = Head.train(vectors, names)
    left = before.refit(vectors[:30], names[:30], set())
    assert left.labels == ("label_0", "label_1", "label_2")
    np.testing.assert_array_equal(left.weights, before.weights[:3])


def test_when_every_label_is_fitted_again_the_slope_is_as_small_as_when_all_is_fitted() -> None:
    vectors, names = groups(3, 15)
    anew = Head.train(vectors, names)
    again = anew.refit(vectors, names, set(names))
    assert slope(again, vectors, names) <= max(slope(anew, vectors, names), 1e-3)


def slope(head: Head, vectors: Vectors, names: list[str]) -> float:
    """The largest part of the slope of what is made small, worked out label by label."""
    chance = np.exp([head.log_probabilities(vector) for vector in vectors])
    found = 0.0
    for row, label in enumerate(head.labels):
        own = np.array([name == label for name in names])
        cost = np.array([1 / (len(head.labels) * names.count(name)) for name in names])
        pull = ((chance[:, row] - own) * cost) @ (vectors * SCALE) + head.weights[row] / len(vectors)
        found = max(found, float(np.abs(pull).max()))
    return found
