"""Vectors of texts that were encoded before, so that publishing and training encode only what is new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder, Vectors
from knowledge.text_files import HEADER_BYTES, KEY_BYTES, appending, read_header, text_key

VECTORS = "vectors.bin"
"""The file's name in the folder of snapshots. Snapshots hold texts, and find their vectors here."""


class VectorFile:
    """A file of vectors by the key of their text, made by one encoder: a header, then records of key and vector.

    A missing file, or one of another encoder, knows nothing. Rasa's training reads it too (``dialogue/encoder_featurizer.py``).
    """

    def __init__(self, path: Path, encoder: str, dimensions: int | None = None) -> None:
        found = read_header(path)
        known = found.get("dimensions") if found.get("encoder") == encoder else None
        self._path = path
        self._made_by: dict[str, str | int] = {"encoder": encoder, "dimensions": dimensions or int(known or 0)}
        self._record = np.dtype([("key", f"V{KEY_BYTES}"), ("vector", "<f4", (int(self._made_by["dimensions"]),))])
        self._rows: dict[bytes, int] = {}
        self._records = np.empty(0, dtype=self._record)
        if known is not None:
            self._read()

    def __contains__(self, text: str) -> bool:
        return text_key(text) in self._rows

    def of(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), d). Raises ``KeyError`` when one is not known."""
        return self._at([self._rows[text_key(text)] for text in texts])

    def known(self, texts: Sequence[str]) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of the texts are known, and the vectors of these, shape (how many, d)."""
        rows = np.array([self._rows.get(text_key(text), -1) for text in texts], dtype=np.intp)
        return rows >= 0, self._at(rows[rows >= 0])

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Write vectors of shape (len(texts), d) at the end of the file."""
        records = np.empty(len(texts), dtype=self._record)
        records["key"] = np.array([text_key(text) for text in texts], dtype=f"V{KEY_BYTES}")
        records["vector"] = vectors
        with appending(self._path, self._made_by) as file:
            torn = (file.tell() - HEADER_BYTES) % self._record.itemsize
            file.seek(-torn, 1)
            file.write(records.tobytes())
            file.truncate()
        self._read()

    def _at(self, rows: Sequence[int] | NDArray[np.intp]) -> Vectors:
        return np.asarray(self._records["vector"][rows], dtype=np.float32)

    def _read(self) -> None:
        count = (self._path.stat().st_size - HEADER_BYTES) // self._record.itemsize
        if count:
            self._records = np.memmap(self._path, dtype=self._record, mode="r", offset=HEADER_BYTES, shape=(count,))
            self._rows = dict(zip(self._records["key"].tolist(), range(count), strict=True))


class VectorCache:
    """Encodes texts, each once: what the file does not know is encoded and written into it."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimensions = encoder.dimensions
        self._encoder = encoder
        self._file = VectorFile(path, encoder.name, encoder.dimensions)

    def encode(self, texts: Sequence[str], batch: int = 256, *, alone: bool = False) -> Vectors:
        """Vectors of shape (len(texts), d). Each batch is written as soon as it is encoded, so nothing is encoded twice."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._file))
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            self._file.add(part, self._encoder.encode(part, alone=alone))
        return self._file.of(texts)
