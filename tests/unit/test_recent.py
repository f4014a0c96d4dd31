"""Vectors that were seen are not encoded again."""

import numpy as np

from knowledge.encoder import Vectors
from knowledge.recent import RecentVectors


class Counting:
    """Encodes a text as its length, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> Vectors:
        self.asked.append(text)
        return np.array([len(text)], dtype=np.float32)


def test_a_remembered_vector_is_given_back_as_it_is() -> None:
    encode = Counting()
    recent = RecentVectors(encode)
    recent.remember("Kela", np.array([7.0], dtype=np.float32))
    assert recent.of("Kela") == 7.0
    assert encode.asked == []


def test_an_unknown_text_is_encoded_once() -> None:
    encode = Counting()
    recent = RecentVectors(encode)
    assert recent.of("Migri") == recent.of("Migri") == 5.0
    assert encode.asked == ["Migri"]


def test_what_was_used_longest_ago_makes_room() -> None:
    encode = Counting()
    recent = RecentVectors(encode, kept=2)
    for text in ("one", "two", "one", "three"):
        recent.of(text)
    encode.asked.clear()
    for text in ("one", "three", "two"):
        recent.of(text)
    assert encode.asked == ["two"]
