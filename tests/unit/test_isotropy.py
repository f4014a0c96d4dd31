"""Vectors that crowd in one direction are spread."""

import numpy as np
import pytest

from knowledge.encoder import Vectors
from knowledge.isotropy import Isotropy


@pytest.fixture(scope="module")
def crowded() -> Vectors:
    random = np.random.default_rng(3)
    vectors = (
        random.normal(size=(200, 16))
        + 6 * random.normal(size=16)
        + random.normal(size=(200, 2)) @ random.normal(size=(2, 16)) * 5
    )
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_spread_vectors_have_unit_length_and_the_same_shape(crowded: Vectors) -> None:
    spread = Isotropy.fit(crowded).apply(crowded)
    assert spread.shape == crowded.shape
    assert spread.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(spread, axis=1), 1, atol=1e-5)


def test_nothing_is_left_along_the_directions_that_were_taken_out(crowded: Vectors) -> None:
    fitted = Isotropy.fit(crowded, directions=2)
    np.testing.assert_allclose(fitted.directions @ fitted.directions.T, np.eye(2), atol=1e-5)
    np.testing.assert_allclose(fitted.apply(crowded) @ fitted.directions.T, 0, atol=1e-4)


def test_the_directions_are_the_strongest_ones(crowded: Vectors) -> None:
    centred = crowded - crowded.mean(axis=0)
    strongest = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :3].T
    fitted = Isotropy.fit(crowded)
    np.testing.assert_allclose(np.abs(np.sum(strongest * fitted.directions, axis=1)), 1, atol=1e-3)


def test_unrelated_vectors_are_no_longer_near_each_other(crowded: Vectors) -> None:
    spread = Isotropy.fit(crowded).apply(crowded)
    apart = ~np.eye(len(crowded), dtype=bool)
    assert np.mean((crowded @ crowded.T)[apart]) > 0.4
    assert abs(np.mean((spread @ spread.T)[apart])) < 0.05


def test_one_vector_is_spread_as_in_a_batch(crowded: Vectors) -> None:
    fitted = Isotropy.fit(crowded)
    np.testing.assert_allclose(fitted.apply(crowded[5:6])[0], fitted.apply(crowded)[5], atol=1e-5)


def test_the_mean_itself_gives_no_division_by_zero(crowded: Vectors) -> None:
    fitted = Isotropy.fit(crowded)
    assert np.isfinite(fitted.apply(fitted.mean[np.newaxis, :])).all()
