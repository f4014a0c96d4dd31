"""The lexical arm: which examples share the question's words, by stems and character n-grams weighed by rarity."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.tokens import features


@dataclass
class LexicalIndex:
    """tf-idf over the examples; a score is the cosine of question and example, between 0 and 1."""

    vectoriser: TfidfVectorizer
    rows: sparse.csr_matrix

    def __post_init__(self) -> None:
        self._by_word = self.rows.tocsc()

    @classmethod
    def build(cls, texts: Sequence[str], analyse: Callable[[str], list[str]] = features) -> LexicalIndex:
        """Index ``texts``; row i belongs to text i."""
        vectoriser = TfidfVectorizer(analyzer=analyse, sublinear_tf=True, dtype=np.float32)
        return cls(vectoriser, vectoriser.fit_transform(texts).tocsr())

    def scores(self, question: str) -> NDArray[np.float32]:
        """Cosine with every indexed text, shape (n,). All zero when no word is known."""
        query = self.row(question)
        shared = self._by_word[:, query.indices]
        return np.asarray(shared @ query.data, dtype=np.float32)

    def row(self, text: str) -> sparse.csr_matrix:
        """The text as a row of unit length, shape (1, number of known words and n-grams)."""
        return self.vectoriser.transform([text]).tocsr()

    def save(self, folder: Path) -> None:
        """Write the vocabulary and the rows: data only, nothing that runs when read."""
        words = self.vectoriser.get_feature_names_out().tolist()
        (folder / "lexical.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "lexical-idf.npy", self.vectoriser.idf_)
        sparse.save_npz(folder / "lexical.npz", self.rows)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what ``save`` wrote. Raises ``OSError`` when a file is missing."""
        words = json.loads((folder / "lexical.json").read_text(encoding="utf-8"))
        vectoriser = TfidfVectorizer(
            analyzer=features, sublinear_tf=True, dtype=np.float32, vocabulary={word: number for number, word in enumerate(words)}
        )
        vectoriser.idf_ = np.load(folder / "lexical-idf.npy")
        return cls(vectoriser, sparse.load_npz(folder / "lexical.npz").tocsr())
