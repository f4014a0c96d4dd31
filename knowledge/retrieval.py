"""What retrieval knows, compiled from one state of the content: vectors, index, head, lexical rows, own-case line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.encoder import Encoder, Vectors
from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.load import Content
from knowledge.own_case import OwnCaseLine
from knowledge.vector_cache import VectorCache
from knowledge.vector_index import build_index, read_index, save_index

REFUSALS = ("out_of_scope", "abuse", "instructions")
"""Boundaries whose questions are refused with a fixed reply."""

OWN_CASE = "own_case"
GENERAL_CASE = "general_case"


@dataclass(frozen=True)
class Example:
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

    @classmethod
    def build(cls, content: Content, encoder: Encoder, cache: VectorCache) -> Retrieval:
        """Encode every example and train what is to be trained. Minutes for a cold cache, seconds for a warm one."""
        examples = list(_examples(content))
        vectors = cache.encode([example.text for example in examples])
        isotropy = Isotropy.fit(vectors)
        spread = isotropy.apply(vectors)
        head = Head.train(spread, [example.label for example in examples])
        place = {label: number for number, label in enumerate(head.labels)}
        lexical = LexicalIndex.build([example.text for example in examples])
        return cls(
            encoder=encoder.name,
            examples=examples,
            labels=head.labels,
            label_of_row=np.array([place[example.label] for example in examples], dtype=np.int64),
            isotropy=isotropy,
            index=build_index(spread),
            head=head,
            own_case=_train_own_case(content, cache, isotropy, lexical, spread),
            lexical=lexical,
        )

    def save(self, folder: Path) -> None:
        """Write everything into ``folder``, as data only."""
        rows = [[example.text, example.label, example.language] for example in self.examples]
        (folder / "examples.json").write_text(json.dumps([self.encoder, rows], ensure_ascii=False), encoding="utf-8")
        save_index(self.index, folder / "index.faiss")
        self.lexical.save(folder)
        np.savez(
            folder / "weights.npz",
            mean=self.isotropy.mean,
            directions=self.isotropy.directions,
            head_labels=np.array(self.head.labels),
            head_weights=self.head.weights,
            head_bias=self.head.bias,
            own_by_meaning=self.own_case.by_meaning,
            own_by_words=self.own_case.by_words,
            own_bias=self.own_case.bias,
        )

    @classmethod
    def load(cls, folder: Path) -> Retrieval:
        """Read what ``save`` wrote. Raises ``OSError`` or ``ValueError`` when it is not whole."""
        encoder, rows = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
        examples = [Example(*row) for row in rows]
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            isotropy = Isotropy(stored["mean"], stored["directions"])
            head = Head(tuple(stored["head_labels"].tolist()), stored["head_weights"], stored["head_bias"])
            own_case = OwnCaseLine(stored["own_by_meaning"], stored["own_by_words"], float(stored["own_bias"]))
        place = {label: number for number, label in enumerate(head.labels)}
        return cls(
            encoder=encoder,
            examples=examples,
            labels=head.labels,
            label_of_row=np.array([place[example.label] for example in examples], dtype=np.int64),
            isotropy=isotropy,
            index=read_index(folder / "index.faiss"),
            head=head,
            own_case=own_case,
            lexical=LexicalIndex.load(folder),
        )

    def own_case_probability(self, question: str, spread: Vectors) -> float:
        """How likely the question is on the asker's own case, for its words and its spread vector of shape (d,)."""
        return self.own_case.probability(spread, self.lexical.row(question))


def _examples(content: Content) -> Iterable[Example]:
    for answer in content.answers.values():
        for language, texts in answer.examples().items():
            yield from (Example(text, answer.id, language) for text in texts)
        for language, version in answer.versions().items():
            yield Example(version.title, answer.id, language)
    for refusal in REFUSALS:
        for language, texts in content.boundaries[refusal].examples.items():
            yield from (Example(text, refusal, language) for text in texts)


def _train_own_case(
    content: Content, cache: VectorCache, isotropy: Isotropy, lexical: LexicalIndex, spread: Vectors
) -> OwnCaseLine:
    """Own cases against everything that is not one: its contrast, and the examples of the answers."""
    own, general = _texts(content, OWN_CASE), _texts(content, GENERAL_CASE)
    vectors = np.vstack([isotropy.apply(cache.encode(own)), isotropy.apply(cache.encode(general)), spread])
    words = sparse.vstack([*(lexical.row(text) for text in (*own, *general)), lexical.rows])
    return OwnCaseLine.train(vectors, words, [True] * len(own) + [False] * (len(general) + len(spread)))


def _texts(content: Content, boundary: str) -> list[str]:
    return [text for texts in content.boundaries[boundary].examples.values() for text in texts]
