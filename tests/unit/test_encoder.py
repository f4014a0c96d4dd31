"""Encoders give unit vectors, and a setting names one of them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import Encoder, make_encoder

TEXTS = ["Mistä saan bussilipun?", "Where do I get a bus ticket?", "The cat sleeps on the sofa."]


@pytest.fixture(scope="module")
def bundled() -> Encoder:
    return make_encoder("bundled")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A sentence-transformers model of random weights, built on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
        return make_encoder(f"sentence-transformers:{_build_model(tmp_path_factory.mktemp('model'))}")


def _build_model(folder: Path) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(vocab={word: number for number, word in enumerate(vocabulary)}).save_pretrained(folder / "bert")
    model = SentenceTransformer(modules=[Transformer(str(folder / "bert")), Pooling(16)], device="cpu")
    model.save(str(folder / "tiny"))
    return folder / "tiny"


@pytest.fixture(params=["bundled", "tiny"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    found: Encoder = request.getfixturevalue(request.param)
    return found


def test_vectors_have_unit_length_and_the_promised_shape(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_text_gives_no_vector(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_text_alone_has_the_vector_that_it_has_in_a_batch(encoder: Encoder) -> None:
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, encoder.encode(TEXTS), atol=1e-4)


def test_texts_encoded_at_the_same_time_have_the_vectors_that_they_have_alone(bundled: Encoder) -> None:
    alone = [bundled.encode([text])[0] for text in TEXTS]
    with ThreadPoolExecutor(len(TEXTS)) as threads:
        together = list(threads.map(lambda text: bundled.encode([text])[0], TEXTS * 5))
    np.testing.assert_allclose(together, alone * 5, atol=1e-4)


def test_a_question_is_nearer_to_its_translation_than_to_another_text(bundled: Encoder) -> None:
    finnish, english, other = bundled.encode(TEXTS)
    assert finnish @ english > finnish @ other


def test_the_name_tells_encoder_and_version(bundled: Encoder, tiny: Encoder) -> None:
    assert bundled.name.startswith("bundled/")
    assert any(map(str.isdigit, bundled.name))
    assert tiny.name.startswith("sentence-transformers/")


@pytest.mark.parametrize("setting", ["", "Bundled", "bundled:x", "sentence-transformers", "sentence-transformers:", "openai:x"])
def test_an_unknown_setting_is_refused_with_what_to_write(setting: str) -> None:
    with pytest.raises(ValueError, match="use 'bundled' or 'sentence-transformers:"):
        make_encoder(setting)
