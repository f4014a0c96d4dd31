"""The lexical arm: which examples share the question's words, by stems and character n-grams weighed by rarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.word_counts import Count, WordCounts, count_words


@dataclass
class LexicalIndex:
    """tf-idf over the examples; a score is the cosine of question and example, between 0 and 1.

    ``columns`` are the features that occur, as hashes in rising order; ``idf`` is how rare each is; ``rows`` has one row of unit
    length for each example. tf is 1 + ln(count), idf is ln((1 + n) / (1 + texts with it)) + 1.
    """

    columns: NDArray[np.uint32]
    idf: NDArray[np.float32]
    rows: sparse.csr_matrix

    def __post_init__(self) -> None:
        self._by_word = self.rows.tocsc()

    @classmethod
    def build(cls, texts: Sequence[str], count: Count = count_words) -> LexicalIndex:
        """Index ``texts``; row i belongs to text i."""
        counted = count(texts)
        ordered = np.sort(counted.features)
        columns = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
        places = np.searchsorted(columns, counted.features)
        found_in = np.bincount(places, minlength=len(columns))
        idf = (np.log((1 + len(texts)) / (1 + found_in)) + 1).astype(np.float32)
        return cls(columns, idf, _rows(counted, places, idf))

    def scores_of(self, query: sparse.csr_matrix) -> NDArray[np.float32]:
        """Cosine of a row with every indexed text, shape (n,). All zero when no word is known."""
        shared = self._by_word[:, query.indices]
        return np.asarray(shared @ query.data, dtype=np.float32)

    def row(self, text: str) -> sparse.csr_matrix:
        """The text as a row of unit length, shape (1, number of known words and n-grams)."""
        return self.rows_of([text])

    def rows_of(self, texts: Sequence[str], count: Count = count_words) -> sparse.csr_matrix:
        """Texts as rows of unit length, shape (len(texts), number of known words and n-grams)."""
        counted = count(texts)
        places = self.places_of(counted.features)
        known = places >= 0
        starts = np.concatenate([[0], np.cumsum(known)])[counted.starts]
        kept = WordCounts(starts, counted.features[known], counted.counts[known])
        return _rows(kept, places[known], self.idf)

    def places_of(self, features: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The column of each feature, -1 for one that occurs in no example."""
        places = np.searchsorted(self.columns, features)
        places[places == len(self.columns)] = 0
        return np.where(self.columns[places] == features, places, -1)


def _rows(counted: WordCounts, places: NDArray[np.int64], idf: NDArray[np.float32]) -> sparse.csr_matrix:
    data = (1 + np.log(counted.counts.astype(np.float32))) * idf[places]
    lengths = np.diff(counted.starts)
    squares = np.bincount(np.repeat(np.arange(len(lengths)), lengths), weights=data * data, minlength=len(lengths))
    data /= np.repeat(np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32), lengths)
    return sparse.csr_matrix(
        (data.astype(np.float32), places.astype(np.int32), counted.starts.astype(np.int32)), shape=(len(lengths), len(idf))
    )
