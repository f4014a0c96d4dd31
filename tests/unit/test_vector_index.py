"""Nearest vectors: the exact index equals plain arithmetic, the approximate one nearly does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.vector_index import build_index, is_worth_keeping, nearest, nearest_all, read_index, save_index
from tests.unit.content_fixtures import steady


def unit(vectors: NDArray[np.floating[Any]]) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def clustered(count: int, dimensions: int = 32, clusters: int = 60, seed: int = 7) -> Vectors:
    random = np.random.default_rng(seed)
    centres = random.normal(size=(clusters, dimensions))
    return unit(centres[random.integers(clusters, size=count)] + 0.5 * random.normal(size=(count, dimensions)))


VECTORS = arrays.arrays(
    np.float32, st.tuples(st.integers(2, 20), st.just(5)), elements=st.floats(-1, 1, width=16, allow_subnormal=False)
)  # fmt: skip


@steady
@given(VECTORS, st.integers(1, 25))
def test_the_exact_index_equals_plain_arithmetic(vectors: Vectors, count: int) -> None:
    stored, question = unit(vectors[1:]), unit(vectors[:1])[0]
    rows, cosines = nearest(build_index(stored), question, count)
    expected = stored @ question
    assert len(set(rows.tolist())) == len(rows) == min(count, len(stored))
    np.testing.assert_allclose(cosines, np.sort(expected)[::-1][:count], atol=1e-5)
    np.testing.assert_allclose(cosines, expected[rows], atol=1e-5)


def test_above_the_limit_the_index_still_finds_the_nearest_ten() -> None:
    vectors = clustered(3000)
    index = build_index(vectors, exact_up_to=2999)
    assert hasattr(index, "hnsw")
    questions = clustered(100, seed=8)
    found = [set(nearest(index, question, 10)[0].tolist()) for question in questions]
    expected = [set(np.argsort(-(vectors @ question))[:10].tolist()) for question in questions]
    recall = np.mean([len(one & other) / 10 for one, other in zip(found, expected, strict=True)])
    assert recall >= 0.95


def test_at_the_limit_the_index_is_exact() -> None:
    assert not hasattr(build_index(clustered(50), exact_up_to=50), "hnsw")


@pytest.mark.parametrize("exact_up_to", [1000, 10], ids=["exact", "HNSW"])
def test_a_saved_index_finds_the_same(tmp_path: Path, exact_up_to: int) -> None:
    vectors = clustered(200)
    index = build_index(vectors, exact_up_to)
    save_index(index, tmp_path / "index.faiss")
    again = read_index(tmp_path / "index.faiss")
    for one, other in zip(nearest(index, vectors[3], 20), nearest(again, vectors[3], 20), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("raw", [None, b"", b"not an index"])
def test_what_is_no_index_is_a_runtime_error(tmp_path: Path, raw: bytes | None) -> None:
    if raw is not None:
        (tmp_path / "index.faiss").write_bytes(raw)
    with pytest.raises(RuntimeError):
        read_index(tmp_path / "index.faiss")


@pytest.mark.parametrize("exact_up_to", [1_000_000, 0], ids=["exact", "HNSW"])
def test_many_at_once_are_the_nearest_one_by_one(exact_up_to: int) -> None:
    index, questions = build_index(clustered(900), exact_up_to), clustered(600, seed=8)
    for question, (rows, cosines) in zip(questions, nearest_all(index, questions, 20), strict=True):
        expected, expected_cosines = nearest(index, question, 20)
        np.testing.assert_allclose(cosines, expected_cosines, atol=1e-5)
        assert len(set(rows.tolist()) & set(expected.tolist())) >= 19


def test_only_an_index_that_is_long_to_build_is_worth_keeping() -> None:
    assert not is_worth_keeping(build_index(clustered(10)))
    assert is_worth_keeping(build_index(clustered(10), exact_up_to=0))
