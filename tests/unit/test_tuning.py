"""The fitted values are read whole, or refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.scoring import PARTS
from knowledge.tuning import SIGNS, TUNING_FILE, Logistic, read_tuning


def test_the_fitted_values_of_the_guide_fit_this_version() -> None:
    tuning = read_tuning()
    assert tuning.weight_vector.shape == (len(PARTS),)
    assert set(tuning.right_at_once.weights) == set(tuning.right_among_three.weights) == set(SIGNS)
    assert all(0 <= band <= 1 for band in (tuning.bands.answer, tuning.bands.clarify, tuning.bands.refuse, tuning.bands.own_case))
    assert tuning.evidence


def test_weights_come_in_the_order_of_the_parts() -> None:
    tuning = read_tuning().model_copy(
        update={"weights": {name: float(number) for number, name in reversed(list(enumerate(PARTS)))}}
    )
    assert tuning.weight_vector.tolist() == list(range(len(PARTS)))


def test_a_probability_is_the_logistic_of_the_weighted_signs() -> None:
    logistic = Logistic(weights=dict.fromkeys(SIGNS, 0.0) | {SIGNS[0]: 2.0}, bias=-1.0)
    signs = np.zeros(len(SIGNS))
    assert logistic.probability(signs) == pytest.approx(1 / (1 + np.e))
    signs[0] = 0.5
    assert logistic.probability(signs) == pytest.approx(0.5)


def test_values_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tuning.json"
    path.write_text(json.dumps(json.loads(TUNING_FILE.read_bytes()) | {"bias": 1}), encoding="utf-8")
    with pytest.raises(ValueError, match="bias"):
        read_tuning(path)


def test_missing_values_are_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_tuning(tmp_path / "tuning.json")
