"""Makes retrieval from content: fitted anew, or begun from what is live when little has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from knowledge.encoder import Encoder, Vectors
from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.own_case import OwnCaseLine
from knowledge.retrieval import Example, Indexed, Retrieval, examples_of, texts_of
from knowledge.trained import Trained
from knowledge.vector_cache import VECTORS, VectorCache
from knowledge.vector_index import build_index
from knowledge.word_counts import WORDS, WordFile

OWN_CASE = "own_case"
GENERAL_CASE = "general_case"

NEIGHBOURS = 4
"""Answers nearest to each changed one whose weights are fitted again with it."""

MOST_CHANGED = 0.05
"""Share of the examples that may have changed since everything was fitted anew. Beyond it everything is: decision 43."""


class Texts:
    """Vectors and word counts of texts, kept beside the snapshots: each text is encoded and counted once, whoever needs it."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.encoder = encoder.name
        self.vectors = VectorCache(folder / VECTORS, encoder)
        self.words = WordFile(folder / WORDS)


@dataclass(frozen=True)
class Before:
    """What is live, as far as training begins from it."""

    content: Indexed
    trained: Trained
    changed_since_full: int
    """Examples that have changed since everything was fitted anew."""


@dataclass(frozen=True)
class Made:
    """A new retrieval. ``again`` are the labels that were fitted anew; None when everything was."""

    retrieval: Retrieval
    trained: Trained
    again: frozenset[str] | None
    changed_since_full: int


def make_retrieval(content: Indexed, texts: Texts, before: Before | None) -> Made:
    """Encode, count and fit. Minutes when all is new; with ``before``, and little changed, seconds."""
    examples = examples_of(content)
    vectors = texts.vectors.encode([example.text for example in examples])
    lexical = LexicalIndex.build([example.text for example in examples], texts.words.count)
    if before is not None:
        changed = _changed(examples_of(before.content), examples)
        count = before.changed_since_full + sum(changed.values())
        if count <= MOST_CHANGED * len(examples):
            return _made_again(content, examples, vectors, lexical, texts, before, changed, count)
    isotropy = Isotropy.fit(vectors)
    spread = isotropy.apply(vectors)
    head = Head.train(spread, [example.label for example in examples])
    trained = Trained(isotropy, head, _train_own_case(content, texts, isotropy, lexical, spread), lexical.columns)
    return Made(Retrieval.of(texts.encoder, examples, trained, build_index(spread), lexical), trained, None, 0)


def _made_again(
    content: Indexed,
    examples: list[Example],
    vectors: Vectors,
    lexical: LexicalIndex,
    texts: Texts,
    before: Before,
    changed: Collection[str],
    count: int,
) -> Made:
    """Directions stay; the head is fitted for what changed and what is near; the own-case line when its own texts changed."""
    isotropy, own_case, features = before.trained.isotropy, before.trained.own_case, before.trained.own_features
    spread = isotropy.apply(vectors)
    labels = [example.label for example in examples]
    again = frozenset(_with_neighbours(changed, labels, spread))
    head = before.trained.head.refit(spread, labels, again)
    if any(texts_of(content, name) != texts_of(before.content, name) for name in (OWN_CASE, GENERAL_CASE)):
        own_case, features = _train_own_case(content, texts, isotropy, lexical, spread), lexical.columns
    trained = Trained(isotropy, head, own_case, features)
    return Made(Retrieval.of(texts.encoder, examples, trained, build_index(spread), lexical), trained, again, count)


def _changed(old: Sequence[Example], new: Sequence[Example]) -> Counter[str]:
    """How many examples each label has more and less than before."""
    before, now = set(old), set(new)
    return Counter(example.label for example in before ^ now)


def _with_neighbours(changed: Collection[str], labels: Sequence[str], spread: Vectors) -> set[str]:
    """The changed labels that occur, and for each the labels whose mean vectors are nearest to its own."""
    names = sorted(set(labels))
    place = {name: row for row, name in enumerate(names)}
    rows = np.array([place[label] for label in labels])
    total = len(rows)
    members = sparse.csr_matrix((np.ones(total, dtype=np.float32), (rows, np.arange(total))), shape=(len(names), total))
    means = members @ spread
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    found = [place[name] for name in changed if name in place]
    nearest = np.argsort(-(means[found] @ means.T), axis=1)[:, : NEIGHBOURS + 1]
    return {names[row] for row in (*found, *nearest.ravel().tolist())}


def _train_own_case(content: Indexed, texts: Texts, isotropy: Isotropy, lexical: LexicalIndex, spread: Vectors) -> OwnCaseLine:
    """Own cases against everything that is not one: its contrast, and the examples of the answers."""
    own, general = texts_of(content, OWN_CASE), texts_of(content, GENERAL_CASE)
    sides = [*own, *general]
    vectors = np.vstack([isotropy.apply(texts.vectors.encode(sides)), spread])
    words = sparse.vstack([lexical.rows_of(sides, texts.words.count), lexical.rows]).tocsr()
    return OwnCaseLine.train(vectors, words, [True] * len(own) + [False] * (len(general) + len(spread)))
