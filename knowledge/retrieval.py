"""What retrieval knows of one state of the content: vectors, index, head, lexical rows, own-case line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Vectors
from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.model import Answer, Boundary
from knowledge.own_case import OwnCaseLine
from knowledge.trained import Trained
from knowledge.word_model import WordModel

REFUSALS = ("out_of_scope", "abuse", "instructions")
"""Boundaries whose questions are refused with a fixed reply."""


class Indexed(Protocol):
    """Content from which retrieval is made: as it was read, or as it was published."""

    @property
    def answers(self) -> dict[str, Answer]: ...

    @property
    def boundaries(self) -> dict[str, Boundary]: ...


class Example(NamedTuple):
    """One indexed text and the answer, or the boundary, that it stands for."""

    text: str
    label: str
    language: str


@dataclass
class Retrieval:
    """Everything that search needs. Row i of the index and of the lexical rows is ``examples[i]``."""

    encoder: str
    examples: list[Example]
    labels: tuple[str, ...]
    """Ids of answers and refusals, in the order of the head."""
    label_of_row: NDArray[np.int64]
    isotropy: Isotropy
    index: faiss.Index
    head: Head
    own_case: OwnCaseLine
    lexical: LexicalIndex
    word_model: WordModel = field(init=False)
    """Follows from the lexical rows, so it is not stored."""

    def __post_init__(self) -> None:
        self.word_model = WordModel.of(self.lexical.rows, self.label_of_row, len(self.labels))

    @classmethod
    def of(cls, encoder: str, examples: list[Example], trained: Trained, index: faiss.Index, lexical: LexicalIndex) -> Retrieval:
        """Put together from what was fitted and what follows from the examples. Raises ``KeyError`` when they do not fit."""
        place = {label: number for number, label in enumerate(trained.head.labels)}
        return cls(
            encoder=encoder,
            examples=examples,
            labels=trained.head.labels,
            label_of_row=np.array([place[example.label] for example in examples], dtype=np.int64),
            isotropy=trained.isotropy,
            index=index,
            head=trained.head,
            own_case=trained.own_case_for(lexical),
            lexical=lexical,
        )

    def own_case_probability(self, question: str, spread: Vectors) -> float:
        """How likely the question is on the asker's own case, for its words and its spread vector of shape (d,)."""
        return self.own_case.probability(spread, self.lexical.row(question))


def examples_of(content: Indexed) -> list[Example]:
    """Everything that is indexed: examples and titles of the answers, and the questions that are refused."""
    return list(_examples(content))


def texts_of(content: Indexed, boundary: str) -> list[str]:
    """All examples of a boundary."""
    return [text for texts in content.boundaries[boundary].examples.values() for text in texts]


def _examples(content: Indexed) -> Iterable[Example]:
    for answer in content.answers.values():
        for language, texts in answer.examples().items():
            yield from (Example(text, answer.id, language) for text in texts)
        for language, version in answer.versions().items():
            yield Example(version.title, answer.id, language)
    for refusal in REFUSALS:
        for language, texts in content.boundaries[refusal].examples.items():
            yield from (Example(text, refusal, language) for text in texts)
