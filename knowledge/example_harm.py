"""What a new example would spoil: the questions that it would draw away from the answers that they find now.

A question is drawn when the new example would be nearer to it than every example there is, while the nearest one now is of the
right answer. By the vectors alone, as the other arms are trained at publishing; publishing runs every twin test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from knowledge.check import plain_words
from knowledge.encoder import Vectors
from knowledge.model import Twin
from knowledge.retrieval import Retrieval
from knowledge.vector_index import nearest

HarmKind = Literal["same_example", "draws_example", "draws_twin", "draws_near_miss", "nearer_to_rival"]

NEIGHBOURS = 300
NEAR_EXAMPLES = 30
"""Examples of other answers, nearest to the new one: those further away are not drawn."""

NEAR_ANSWERS = 10
"""Answers whose examples are nearest: the questions of their twin tests are tried."""

MOST_RIVALS = 3
FEW = 3
NEAR = 0.7
CLEARLY = 0.1
"""Another answer is clearly nearer when its three nearest examples are by so much in cosine, or its nearest, from ``NEAR`` on.
How many good examples and how many misplaced ones this tells of: docs/decisions/0046."""


@dataclass(frozen=True)
class Harm:
    """One thing that the new example would spoil.

    ``rival`` is the answer, or the boundary, that ``text`` belongs to: an example or a question. For ``draws_near_miss`` it is
    the answer itself, which must not be given for the question.
    """

    kind: HarmKind
    rival: str
    text: str


def harm_of(
    retrieval: Retrieval, text: str, answer_id: str, twins: Mapping[str, Twin], vector_of: Callable[[str], Vectors]
) -> list[Harm]:
    """What ``text`` would spoil as an example of ``answer_id``, which need not be published yet; the nearest first.

    ``vector_of`` gives the encoder's vector of a text, shape (d,).
    """
    return list(dict.fromkeys(_Trial(retrieval, text, answer_id, vector_of).harms(twins)))


class _Trial:
    """One example as if it were in the index."""

    def __init__(self, retrieval: Retrieval, text: str, answer_id: str, vector_of: Callable[[str], Vectors]) -> None:
        self._retrieval, self._text, self._answer, self._vector_of = retrieval, text, answer_id, vector_of
        self._vector = self._spread_of(text)
        self._rows, self._cosines = nearest(retrieval.index, self._vector, NEIGHBOURS)
        self._others = [row for row in self._rows.tolist() if self._label(row) != answer_id]

    def harms(self, twins: Mapping[str, Twin]) -> Iterator[Harm]:
        examples, near = self._retrieval.examples, self._others[:NEAR_EXAMPLES]
        for row in near:
            if plain_words(examples[row].text) == plain_words(self._text):
                yield Harm("same_example", examples[row].label, examples[row].text)
        yield from self._nearer_to_rival()
        for row in near:
            vector = np.asarray(self._retrieval.index.reconstruct(row), dtype=np.float32)
            if self._draws(vector, self._label(row), but=row):
                yield Harm("draws_example", examples[row].label, examples[row].text)
        for name in list(dict.fromkeys(self._label(row) for row in self._others))[:NEAR_ANSWERS]:
            for question in _questions(twins, name, "finds"):
                if self._draws(self._spread_of(question), name):
                    yield Harm("draws_twin", name, question)
        for question in _questions(twins, self._answer, "near_misses"):
            vector = self._spread_of(question)
            label, cosine = self._nearest_to(vector)
            if label != self._answer and vector @ self._vector > cosine:
                yield Harm("draws_near_miss", self._answer, question)

    def _nearer_to_rival(self) -> Iterator[Harm]:
        """The answers whose examples are clearly nearer than those of the answer itself: the nearest few, or the nearest one."""
        labels = np.array([self._label(row) for row in self._rows.tolist()])
        of = {str(label): np.sort(self._cosines[labels == label])[::-1] for label in np.unique(labels)}
        own = of.pop(self._answer, self._cosines[-1:])
        told = 0
        for rival, cosines in sorted(of.items(), key=lambda each: -float(each[1][0])):
            few = float(cosines[:FEW].sum() - own[:FEW].sum()) / FEW
            if few >= CLEARLY or (cosines[0] >= NEAR and cosines[0] - own[0] >= CLEARLY):
                told += 1
                first = next(row for row in self._others if self._label(row) == rival)
                yield Harm("nearer_to_rival", rival, self._retrieval.examples[first].text)
            if told == MOST_RIVALS:
                return

    def _spread_of(self, words: str) -> Vectors:
        return np.asarray(self._retrieval.isotropy.apply(self._vector_of(words)[np.newaxis, :])[0], dtype=np.float32)

    def _draws(self, vector: Vectors, label: str, but: int | None = None) -> bool:
        found, cosine = self._nearest_to(vector, but)
        return found == label and float(vector @ self._vector) > cosine

    def _nearest_to(self, vector: Vectors, but: int | None = None) -> tuple[str, float]:
        """Label and cosine of the nearest example, leaving out the row ``but``."""
        rows, cosines = nearest(self._retrieval.index, vector, 2)
        place = next(place for place, row in enumerate(rows.tolist()) if row != but)
        return self._label(int(rows[place])), float(cosines[place])

    def _label(self, row: int) -> str:
        return self._retrieval.examples[row].label


def _questions(twins: Mapping[str, Twin], name: str, part: Literal["finds", "near_misses"]) -> Iterator[str]:
    if name in twins:
        for questions in getattr(twins[name], part).values():
            yield from questions
