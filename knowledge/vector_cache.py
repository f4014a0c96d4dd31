"""Vectors of texts that were encoded before, so that publishing and training encode only what is new."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge.encoder import Encoder, Vectors


class VectorCache:
    """A file of vectors by the hash of their text, for one encoder. A missing or foreign file is an empty cache."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimensions = encoder.dimensions
        self._path = path
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                if str(stored["encoder"]) == encoder.name:
                    self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            pass

    def known(self, text: str) -> Vectors | None:
        """The vector of shape (d,) when the text was encoded before."""
        return self._known.get(text_key(text))

    def encode(self, texts: Sequence[str], batch: int = 256) -> Vectors:
        """Vectors of shape (len(texts), d); what was not known is encoded and kept."""
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        names = list(missing)
        for start in range(0, len(names), batch):
            part = names[start : start + batch]
            self._known.update(zip(part, self._encoder.encode([missing[name] for name in part]), strict=True))
        if missing:
            self._save()
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._path.with_suffix(f".{os.getpid()}.npz")
        keys = list(self._known)
        np.savez(waiting, encoder=self._encoder.name, keys=np.array(keys), vectors=np.stack([self._known[key] for key in keys]))
        os.replace(waiting, self._path)


def text_key(text: str) -> str:
    """The name of a text in the cache."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]
