"""Examples that pull towards another answer: their meaning is much nearer to examples of a rival than to those of their own.

Measured as retrieval measures it (``dense_few`` of ``knowledge/scoring.py``): the mean cosine of an example to its three nearest
neighbours among the examples of an answer, in the spread vectors. The limits were chosen on the 40,000 examples of November 2026:
they single out some thirty, most of them misplaced, or saying too little by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from knowledge.content import Content
from knowledge.encoder import Encoder, Vectors
from knowledge.isotropy import Isotropy
from knowledge.problems import Problem, Severity
from knowledge.vector_cache import VectorCache

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
    """The vectors of publishing, and of a few texts more."""

    def __init__(self, cache: VectorCache, encoder: Encoder) -> None:
        self._cache = cache
        self._encoder = encoder
        self._new: dict[str, Vectors] = {}

    def of(self, texts: Sequence[str]) -> list[Vectors | None]:
        """A vector of shape (d,) for each text, or None where there is none."""
        found = [self._cache.known(text) for text in texts]
        unknown = [text for text, vector in zip(texts, found, strict=True) if vector is None and text not in self._new]
        if unknown and len(unknown) <= MOST_NEW:
            self._new.update(zip(unknown, self._encoder.encode(unknown), strict=True))
        return [self._new.get(text) if vector is None else vector for text, vector in zip(texts, found, strict=True)]


@dataclass(frozen=True)
class _Row:
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
    if len(every) < LEAST_EXAMPLES:
        return
    found = vectors.of([row.text for row in every])
    with threadpool_limits(1):  # several threads wait for each other more than they compute when the machine is busy
        yield from _told(content, every, found)


def _told(content: Content, every: list[_Row], found: list[Vectors | None]) -> Iterator[Problem]:
    rows = [row for row, vector in zip(every, found, strict=True) if vector is not None]
    if len(rows) < LEAST_EXAMPLES:
        return
    known = np.stack([vector for vector in found if vector is not None]).astype(np.float32)
    spread = Isotropy.fit(known[:: max(1, len(known) // FIT_ON)]).apply(known)
    bounds = _bounds([row.answer for row in rows])
    for row, nearest in sorted(_pulled(spread, bounds)):
        example, rival = rows[row], rows[nearest]
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


def _bounds(answers: list[str]) -> list[tuple[int, int]]:
    """First row, and the one after the last, of each answer. The rows of an answer stand together."""
    starts = [number for number, answer in enumerate(answers) if number == 0 or answer != answers[number - 1]]
    return list(zip(starts, [*starts[1:], len(answers)], strict=True))


def _pulled(spread: Vectors, bounds: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of a row that is pulled and the row that is nearest to it among those of its rival."""
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
        for candidate in candidates:
            for rival in np.argpartition(-to_means[candidate], RIVALS)[:RIVALS] if len(bounds) > RIVALS else ():
                looked_at.setdefault(int(rival), []).append(start + int(candidate))
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
