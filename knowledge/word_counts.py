"""What the lexical arm counts in each text, kept from one publishing to the next: counting takes longer than everything after."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

import numpy as np
from murmurhash.mrmr import hash as murmur_hash
from numpy.typing import NDArray

from knowledge.text_files import HEADER_BYTES, KEY_BYTES, appending, read_header, text_key
from knowledge.tokens import features

WORDS = "words.bin"
"""The file's name in the folder of snapshots."""

MADE_BY: dict[str, str | int] = {
    "features": 1,
    "spacy": version("spacy"),
    "snowballstemmer": version("snowballstemmer"),
}
"""What the counts depend on. ``features`` is raised when ``knowledge/tokens.py`` finds other features in a text."""

_HEAD = struct.Struct(f"<{KEY_BYTES}sI")


@dataclass(frozen=True)
class WordCounts:
    """``features[starts[i]:starts[i + 1]]`` are the features of text i, as 32-bit hashes in rising order; ``counts`` how often.

    Of 270,000 features eight pairs share a hash, which changes no score that anybody could see.
    """

    starts: NDArray[np.int64]
    features: NDArray[np.uint32]
    counts: NDArray[np.uint16]


Record = tuple[NDArray[np.uint32], NDArray[np.uint16]]
Count = Callable[[Sequence[str]], WordCounts]


def count_words(texts: Sequence[str], analyse: Callable[[str], list[str]] = features) -> WordCounts:
    """Count the features of every text anew."""
    return _joined([_counted(text, analyse) for text in texts])


class WordFile:
    """Counts by the key of their text: a header, then records of key, number of features, features, counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[bytes, Record] = {}
        self._end = 0
        """Where the last whole record ends, in bytes."""
        if read_header(path) == MADE_BY:
            self._read()

    def count(self, texts: Sequence[str]) -> WordCounts:
        """The counts of the texts; what is not known is counted and kept."""
        missing = {key: text for text in texts if (key := text_key(text)) not in self._known}
        if missing:
            self._add({key: _counted(text, features) for key, text in missing.items()})
        return _joined([self._known[text_key(text)] for text in texts])

    def _read(self) -> None:
        data = self._path.read_bytes()
        self._end = HEADER_BYTES
        while (begin := self._end + _HEAD.size) <= len(data):
            key, size = _HEAD.unpack_from(data, self._end)
            if (end := begin + size * 6) > len(data):
                break
            self._known[key] = (
                np.frombuffer(data, np.uint32, size, begin),
                np.frombuffer(data, np.uint16, size, begin + size * 4),
            )
            self._end = end

    def _add(self, records: dict[bytes, Record]) -> None:
        with appending(self._path, MADE_BY) as file:
            if file.tell() != self._end:  # another process has written meanwhile, or one died while it wrote
                self._read()
            file.seek(self._end)
            file.truncate()
            for key, (found, counts) in records.items():
                file.write(_HEAD.pack(key, len(found)) + found.tobytes() + counts.tobytes())
            self._end = file.tell()
        self._known |= records


def _counted(text: str, analyse: Callable[[str], list[str]]) -> Record:
    counted = Counter(murmur_hash(feature) & 0xFFFFFFFF for feature in analyse(text))
    found = np.array(sorted(counted), dtype=np.uint32)
    return found, np.array([min(counted[each], 65_535) for each in found.tolist()], dtype=np.uint16)


def _joined(records: Sequence[Record]) -> WordCounts:
    starts = np.array([0, *accumulate(len(found) for found, _ in records)], dtype=np.int64)
    if not records:
        return WordCounts(starts, np.empty(0, np.uint32), np.empty(0, np.uint16))
    found, counts = (np.concatenate(list(part)) for part in zip(*records, strict=True))
    return WordCounts(starts, found, counts)
