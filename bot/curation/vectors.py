"""The encoder's vectors of missed questions, kept in a file by the hash of their words, so that a second look is quick.

Apart from the cache of publishing (knowledge/vector_cache.py), as these are of newcomers' words: they go when the words go, and
whoever lets them go needs no encoder.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knowledge.encoder import Vectors


def missed_vectors(run_dir: Path) -> MissedVectors:
    """Those of a guide, in its folder of run-time files."""
    return MissedVectors(run_dir / "missed-vectors.npz")


class MissedVectors:
    """One file. What one process adds while another does is lost to the cache, and encoded again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, encoder: str) -> dict[str, Vectors]:
        """Every vector that ``encoder`` made, by its key. A missing, broken or foreign file holds none."""
        name, known = self._stored()
        return known if name == encoder else {}

    def add(self, encoder: str, new: Mapping[str, Vectors]) -> None:
        """Keep more vectors."""
        self._write(encoder, {**self.read(encoder), **new})

    def keep_only(self, keys: Collection[str]) -> None:
        """Let every other vector go."""
        name, known = self._stored()
        kept = {key: known[key] for key in known.keys() & set(keys)}
        if kept:
            self._write(name, kept)
        else:
            self._path.unlink(missing_ok=True)

    def _stored(self) -> tuple[str, dict[str, Vectors]]:
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                vectors = stored["vectors"].astype(np.float32)
                return str(stored["encoder"]), dict(zip(stored["keys"].tolist(), vectors, strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return "", {}

    def _write(self, encoder: str, vectors: Mapping[str, Vectors]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._path.with_suffix(f".{secrets.token_hex(4)}.npz")
        rows = np.stack(list(vectors.values())).astype(np.float16)
        np.savez(waiting, encoder=encoder, keys=np.array(list(vectors)), vectors=rows)
        os.replace(waiting, self._path)
