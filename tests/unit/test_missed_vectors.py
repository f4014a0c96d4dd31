"""Vectors of missed questions: kept for the encoder that made them, and gone with their words."""

from pathlib import Path

import numpy as np

from bot.curation.vectors import MissedVectors

ONE, TWO = np.array([1.0, 0.0], dtype=np.float32), np.array([0.0, 0.5], dtype=np.float32)


def test_what_was_added_is_read_by_the_same_encoder_only(tmp_path: Path) -> None:
    vectors = MissedVectors(tmp_path / "run" / "vectors.npz")
    assert vectors.read("a") == {}
    vectors.add("a", {"one": ONE})
    vectors.add("a", {"two": TWO})
    known = vectors.read("a")
    assert known.keys() == {"one", "two"}
    assert np.array_equal(known["two"], TWO)
    assert known["one"].dtype == np.float32
    assert vectors.read("b") == {}
    vectors.add("b", {"two": TWO})
    assert vectors.read("a") == {}
    assert vectors.read("b").keys() == {"two"}


def test_only_what_is_still_wanted_stays(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    vectors = MissedVectors(path)
    vectors.add("a", {"one": ONE, "two": TWO})
    vectors.keep_only({"two", "three"})
    assert vectors.read("a").keys() == {"two"}
    vectors.keep_only(set())
    assert not path.exists()
    vectors.keep_only({"two"})
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_holds_nothing_and_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    for broken in (b"", b"PK\x03\x04 no archive", b"text"):
        path.write_bytes(broken)
        assert MissedVectors(path).read("a") == {}
    MissedVectors(path).add("a", {"one": ONE})
    assert MissedVectors(path).read("a").keys() == {"one"}
