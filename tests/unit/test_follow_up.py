"""Which questions lean on the one before."""

import numpy as np
import pytest

from knowledge.encoder import Vectors
from knowledge.follow_up import MARKED, SHORT, UNMARKED, joined, leaning, spread_together

PREVIOUS = "Mistä haen työlupaa?"


@pytest.mark.parametrize(
    "text",
    [
        "entä paljonko se maksaa?",
        "ENTÄ jos olen opiskelija",
        "and how much does it cost?",
        "what about my wife",
        "а сколько?",
        "وكم؟ و متى",
        "kauanko se kestää",
    ],
)
def test_a_short_continuation_leans(text: str) -> None:
    assert leaning(text, PREVIOUS) is MARKED


@pytest.mark.parametrize(
    "text",
    ["mistä saan bussilipun", "where do I register", "Andrei asks a question", "minne muutan Joensuussa", "где купить билет"],
)
def test_a_short_question_without_such_a_word_leans_less(text: str) -> None:
    assert leaning(text, PREVIOUS) is UNMARKED


@pytest.mark.parametrize("previous", [None, ""])
def test_nothing_follows_nothing(previous: str | None) -> None:
    assert leaning("entä paljonko se maksaa?", previous) is None


def test_a_long_question_stands_alone() -> None:
    assert leaning(" ".join(["and", *["word"] * SHORT]), PREVIOUS) is None
    assert leaning(" ".join(["and", *["word"] * (SHORT - 1)]), PREVIOUS) is MARKED


def test_the_more_a_message_leans_the_more_the_one_before_counts() -> None:
    assert 1 > MARKED.joined > UNMARKED.joined > 0
    assert MARKED.topic > UNMARKED.topic > 0


def test_the_joined_question_holds_both() -> None:
    assert joined("Mistä haen työlupaa? ", "entä hinta?") == "Mistä haen työlupaa, entä hinta?"


def test_a_marked_follow_up_is_encoded_together_with_the_one_before() -> None:
    asked: list[str] = []

    def spread_of(text: str) -> Vectors:
        asked.append(text)
        return np.array([1.0, 0.0], dtype=np.float32)

    spread_together(MARKED, "Mistä haen työlupaa?", "entä hinta?", spread_of)
    assert asked == ["Mistä haen työlupaa, entä hinta?"]


def test_another_is_between_the_two_and_of_unit_length() -> None:
    vectors = {"Kela": np.array([1.0, 0.0], dtype=np.float32), "hinta": np.array([0.0, 1.0], dtype=np.float32)}
    np.testing.assert_allclose(spread_together(UNMARKED, "Kela", "hinta", vectors.__getitem__), [0.5**0.5, 0.5**0.5])


def test_opposite_vectors_have_no_middle_but_no_error() -> None:
    vectors = {"Kela": np.array([1.0, 0.0], dtype=np.float32), "hinta": np.array([-1.0, 0.0], dtype=np.float32)}
    np.testing.assert_allclose(spread_together(UNMARKED, "Kela", "hinta", vectors.__getitem__), [0.0, 0.0])
