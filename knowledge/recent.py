"""Vectors of the texts seen last, so that a follow-up need not encode the question before it again."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from knowledge.encoder import Vectors

KEPT = 2000
"""Vectors at most: about 3 MB."""


class RecentVectors:
    """The ``kept`` vectors used last, by a hash of their text: no words of newcomers stay. May be used by several threads."""

    def __init__(self, encode: Callable[[str], Vectors], kept: int = KEPT) -> None:
        self._encode = encode
        self._kept = kept
        self._vectors: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    def remember(self, text: str, vector: Vectors) -> None:
        """Keep the vector of ``text``; what was used longest ago makes room for it."""
        key = _key(text)
        with self._lock:
            self._vectors[key] = vector
            self._vectors.move_to_end(key)
            while len(self._vectors) > self._kept:
                self._vectors.popitem(last=False)

    def of(self, text: str) -> Vectors:
        """The vector of ``text``, encoded when it is not kept."""
        with self._lock:
            vector = self._vectors.get(_key(text))
        if vector is None:
            vector = self._encode(text)
        self.remember(text, vector)
        return vector


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
