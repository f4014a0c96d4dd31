"""Examples that pull towards another answer: their meaning is much nearer to examples of a rival than to those of their own.

Measured as retrieval measures it (``dense_few`` of ``knowledge/scoring.py``): the mean cosine of an example to its three nearest
neighbours among the examples of an answer, in the spread vectors. The limits were chosen on the 40,000 examples of November 2026:
they single out some thirty, most of them misplaced, or saying too little by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from knowledge.content import Content
from knowledge.encoder import Encoder, Vectors
from knowledge.isotropy import Isotropy
from knowledge.problems import Problem, Severity
from knowledge.read_cache import ReadCache, file_key
from knowledge.vector_cache import VectorFile

NEARER = 0.25
"""By so much the rival must be nearer."""

NEAR = 0.65
"""So near the rival must be at all: examples that are near to nothing are only odd."""

NEIGHBOURS = 3
RIVALS = 2
"""How many answers are looked at for an example: those whose mean is nearest."""

WORTH_A_LOOK = 0.03
"""By so much the mean of a rival must be nearer than that of the own answer: nearly all that are to be told pass."""

MOST_NEW = 64
"""So many texts without a vector are encoded in one check: some 12 milliseconds each. More wait until they are published."""

LEAST_EXAMPLES = 100
"""With fewer examples altogether the common directions cannot be told from the meanings."""


FIT_ON = 20_000
"""The common directions are learnt from about so many examples, spread over all answers."""

STRONGEST = 128
"""So many directions decide which rivals are worth a look."""


class KnownVectors:
    """The vectors of publishing, and of a few texts more. The file is opened when the first of them is asked for."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path = path
        self._encoder = encoder

    @property
    def state(self) -> str:
        """Another text whenever ``of`` may give other vectors: the file only grows."""
        return f"{self._encoder.name} {self._path.stat().st_size}"

    def of(self, texts: Sequence[str]) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of the texts have a vector, and the vectors of these, shape (how many, d)."""
        there, known = VectorFile(self._path, self._encoder.name).known(texts)
        new = [text for text, has in zip(texts, there, strict=True) if not has]
        if not new or len(new) > MOST_NEW:
            return there, known
        vectors = np.empty((len(texts), self._encoder.dimensions), dtype=np.float32)
        vectors[there], vectors[~there] = known, self._encoder.encode(new)
        return np.ones(len(texts), dtype=np.bool_), vectors


class _Row(NamedTuple):
    answer: str
    language: str
    number: int
    text: str


def check_rivals(content: Content, vectors: KnownVectors) -> Iterator[Problem]:
    """Advice on examples that pull towards another answer; it names the rival and its nearest example."""
    every = [
        _Row(answer.id, language, number, text)
        for answer in content.answers.values()
        for language, examples in answer.examples().items()
        for number, text in enumerate(examples)
    ]
    for row, nearest in _pairs(content.cache, every, vectors):
        example, rival = every[row], every[nearest]
        yield content.place("answer", example.answer).problem(
            "example-pulls",
            example.language,
            "examples",
            example.number,
            severity=Severity.advice,
            example=example.text,
            rival=rival.answer,
            nearest=rival.text,
        )


def _pairs(cache: ReadCache, every: list[_Row], vectors: KnownVectors) -> list[tuple[int, int]]:
    """What is pulled and what is nearest to it. Found once for the same examples and vectors, whatever else was edited."""
    compared = "\0".join(part for row in every for part in (row.answer, row.text))
    key = file_key("rivals", vectors.state, compared.encode())
    pairs: list[tuple[int, int]] | None = cache.find(key, orjson.loads)
    if pairs is None:
        pairs = _compared(every, vectors)
        cache.keep(key, pairs, lambda: orjson.dumps(pairs).decode())
    return pairs


def _compared(every: list[_Row], vectors: KnownVectors) -> list[tuple[int, int]]:
    if len(every) < LEAST_EXAMPLES:
        return []
    there, known = vectors.of([row.text for row in every])
    if len(known) < LEAST_EXAMPLES:
        return []
    rows = np.flatnonzero(there).tolist()
    with threadpool_limits(1):  # several threads wait for each other more than they compute when the machine is busy
        spread = Isotropy.fit(known[:: max(1, len(known) // FIT_ON)]).apply(known)
        found = sorted(_pulled(spread, _bounds([every[row].answer for row in rows])))
    return [(rows[row], rows[nearest]) for row, nearest in found]


def _bounds(answers: list[str]) -> list[tuple[int, int]]:
    """First row, and the one after the last, of each answer. The rows of an answer stand together."""
    starts = [number for number, answer in enumerate(answers) if number == 0 or answer != answers[number - 1]]
    return list(zip(starts, [*starts[1:], len(answers)], strict=True))


def _pulled(spread: Vectors, bounds: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of a row that is pulled and the row that is nearest to it among those of its rival."""
    if len(bounds) <= RIVALS:
        return
    rough = spread @ _strongest(spread)
    means = np.stack([rough[start:end].mean(axis=0) for start, end in bounds])
    looked_at: dict[int, list[int]] = {}
    own = np.full(len(spread), np.inf, dtype=np.float32)
    for label, (start, end) in enumerate(bounds):
        if end - start <= NEIGHBOURS:
            continue
        part = spread[start:end]
        to_means = rough[start:end] @ means.T
        itself = np.square(rough[start:end]).sum(axis=1)
        to_own = (to_means[:, label] * (end - start) - itself) / (end - start - 1)
        to_means[:, label] = -1
        candidates = np.flatnonzero(to_means.max(axis=1) - to_own > WORTH_A_LOOK)
        if not len(candidates):
            continue
        among = part[candidates] @ part.T
        among[np.arange(len(candidates)), candidates] = -1
        own[start + candidates] = _few(among)
        rivals = np.argpartition(-to_means[candidates], RIVALS, axis=1)[:, :RIVALS]
        for candidate, nearest in zip(candidates.tolist(), rivals.tolist(), strict=True):
            for rival in nearest:
                looked_at.setdefault(rival, []).append(start + candidate)
    best: dict[int, tuple[float, int]] = {}
    for rival, candidates_of in looked_at.items():
        start, end = bounds[rival]
        if end - start < NEIGHBOURS:
            continue
        near = spread[candidates_of] @ spread[start:end].T
        for row, mean, nearest in zip(candidates_of, _few(near), near.argmax(axis=1), strict=True):
            if mean >= NEAR and mean - own[row] >= NEARER:
                best[row] = max(best.get(row, (0.0, 0)), (float(mean), start + int(nearest)))
    yield from ((row, nearest) for row, (_, nearest) in best.items())


def _strongest(spread: Vectors) -> Vectors:
    """The directions in which the vectors differ most, as columns."""
    some = spread[:: max(1, len(spread) // FIT_ON)]
    _, columns = np.linalg.eigh((some.T @ some).astype(np.float64))
    return np.ascontiguousarray(columns[:, -STRONGEST:], dtype=np.float32)


def _few(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the largest cosines of each row."""
    return np.asarray(np.partition(cosines, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:].mean(axis=1), dtype=np.float32)
