"""Only what is new is encoded."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.text_files import text_key
from knowledge.vector_cache import VECTORS, VectorCache, VectorFile
from tests.unit.content_fixtures import FakeEncoder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / VECTORS


def test_vectors_are_those_of_the_encoder_in_the_order_asked(path: Path) -> None:
    texts = ["bussi", "lupa", "bussi", "kela"]
    vectors = VectorCache(path, FakeEncoder()).encode(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, FakeEncoder().encode(texts))


def test_a_text_is_encoded_once(path: Path) -> None:
    encoder = FakeEncoder()
    cache = VectorCache(path, encoder)
    cache.encode(["a", "b", "a"])
    cache.encode(["b", "c"])
    assert encoder.encoded == ["a", "b", "c"]


def test_small_batches_give_the_same(path: Path) -> None:
    texts = [f"text {number}" for number in range(7)]
    np.testing.assert_array_equal(VectorCache(path, FakeEncoder()).encode(texts, batch=3), FakeEncoder().encode(texts))


def test_the_next_cache_knows_what_this_one_encoded(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a", "b"])
    encoder = FakeEncoder()
    vectors = VectorCache(path, encoder).encode(["a", "c"])
    assert encoder.encoded == ["c"]
    np.testing.assert_array_equal(vectors, FakeEncoder().encode(["a", "c"]))


def test_the_file_of_another_encoder_is_not_used(path: Path) -> None:
    VectorCache(path, FakeEncoder("other/1")).encode(["a"])
    encoder = FakeEncoder("fake/2")
    VectorCache(path, encoder).encode(["a"])
    assert encoder.encoded == ["a"]


def test_a_file_that_is_no_cache_is_replaced(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a cache at all")
    encoder = FakeEncoder()
    VectorCache(path, encoder).encode(["a"])
    VectorCache(path, encoder).encode(["a"])
    assert encoder.encoded == ["a"]


def test_nothing_is_left_beside_the_file(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a"])
    assert [each.name for each in path.parent.iterdir()] == ["vectors.bin"]


def test_the_file_only_grows(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a", "b"])
    before = path.read_bytes()
    VectorCache(path, FakeEncoder()).encode(["b", "c"])
    assert path.read_bytes().startswith(before)


def test_a_record_that_was_not_written_to_its_end_is_encoded_again(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a", "b"])
    path.write_bytes(path.read_bytes()[:-5])
    encoder = FakeEncoder()
    vectors = VectorCache(path, encoder).encode(["a", "b", "c"])
    assert encoder.encoded == ["b", "c"]
    np.testing.assert_array_equal(vectors, FakeEncoder().encode(["a", "b", "c"]))
    np.testing.assert_array_equal(VectorFile(path, FakeEncoder().name).of(["c", "a"]), FakeEncoder().encode(["c", "a"]))


def test_two_that_write_at_once_lose_nothing(path: Path) -> None:
    one, other = VectorCache(path, FakeEncoder()), VectorCache(path, FakeEncoder())
    one.encode(["a"])
    other.encode(["b"])
    np.testing.assert_array_equal(one.encode(["c", "a"]), FakeEncoder().encode(["c", "a"]))
    encoder = FakeEncoder()
    VectorCache(path, encoder).encode(["a", "b", "c"])
    assert encoder.encoded == []


def test_a_vector_is_known_once_it_was_encoded(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a", "b"])
    there, vectors = VectorFile(path, FakeEncoder().name).known(["b", "c", "a"])
    assert there.tolist() == [True, False, True]
    np.testing.assert_array_equal(vectors, FakeEncoder().encode(["b", "a"]))


def test_what_was_never_encoded_is_a_key_error(path: Path) -> None:
    VectorCache(path, FakeEncoder()).encode(["a"])
    with pytest.raises(KeyError):
        VectorFile(path, FakeEncoder().name).of(["a", "b"])


def test_texts_have_names_of_their_own() -> None:
    assert len({text_key(text) for text in ("a", "A", "a ", "ä", "")}) == 5
