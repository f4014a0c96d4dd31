"""Words are counted once, and counted from the file they are the same."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from knowledge import word_counts
from knowledge.tokens import features
from knowledge.word_counts import WORDS, WordCounts, WordFile, count_words

TEXTS = ["mistä saan bussilipun", "work permit work", "", "автобусный билет", "mistä mistä"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / WORDS


def same(one: WordCounts, other: WordCounts) -> bool:
    return all(
        np.array_equal(*pair) for pair in ((one.starts, other.starts), (one.features, other.features), (one.counts, other.counts))
    )


def test_each_text_has_its_features_in_rising_order_with_their_counts() -> None:
    counted = count_words(TEXTS)
    for number, text in enumerate(TEXTS):
        own = slice(counted.starts[number], counted.starts[number + 1])
        assert sorted(Counter(features(text)).values()) == sorted(counted.counts[own].tolist())
        assert (np.diff(counted.features[own].astype(np.int64)) > 0).all()


def test_the_file_gives_what_counting_gives_in_the_order_asked(path: Path) -> None:
    WordFile(path).count(TEXTS[:2])
    assert same(WordFile(path).count([*TEXTS[::-1], TEXTS[0]]), count_words([*TEXTS[::-1], TEXTS[0]]))
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))
    assert same(WordFile(path).count([]), count_words([]))


def test_a_text_is_counted_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    WordFile(path).count(TEXTS)
    seen: list[str] = []
    monkeypatch.setattr(word_counts, "features", lambda text: seen.append(text) or features(text))
    WordFile(path).count([*TEXTS, "uusi"])
    assert seen == ["uusi"]


def test_a_record_that_was_not_written_to_its_end_is_counted_again(path: Path) -> None:
    WordFile(path).count(TEXTS)
    path.write_bytes(path.read_bytes()[:-1])
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))


def test_two_that_write_at_once_lose_nothing(path: Path) -> None:
    one, other = WordFile(path), WordFile(path)
    one.count(TEXTS[:1])
    other.count(TEXTS[1:2])
    one.count(TEXTS[2:])
    size = path.stat().st_size
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))
    assert path.stat().st_size == size


@pytest.mark.parametrize("content", [b"", b"not a file of counts", b'{"features": 0}'.ljust(600)])
def test_a_file_of_something_else_is_replaced(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))
    assert same(WordFile(path).count(TEXTS), count_words(TEXTS))
