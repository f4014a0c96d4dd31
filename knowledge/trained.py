"""What publishing fits, and a snapshot stores. All else that search needs follows from the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.own_case import OwnCaseLine


@dataclass(frozen=True)
class Trained:
    """``own_case`` weighs words in the order of ``own_features``, which are those of the state on which it was trained."""

    isotropy: Isotropy
    head: Head
    own_case: OwnCaseLine
    own_features: NDArray[np.uint32]

    def own_case_for(self, lexical: LexicalIndex) -> OwnCaseLine:
        """The own-case line with its words in the order of ``lexical``. A word that came later weighs nothing."""
        by_words = np.zeros(len(lexical.columns), dtype=np.float32)
        places = lexical.places_of(self.own_features)
        by_words[places[places >= 0]] = self.own_case.by_words[places >= 0]
        return OwnCaseLine(self.own_case.by_meaning, by_words, self.own_case.bias)

    def save(self, folder: Path) -> None:
        """Write it into two files of ``folder``, as data only: what changes seldom stands apart, to be shared on disk."""
        np.savez(
            folder / "weights.npz",
            mean=self.isotropy.mean,
            directions=self.isotropy.directions,
            labels=np.array(self.head.labels),
            weights=self.head.weights,
            bias=self.head.bias,
        )
        np.savez(
            folder / "own_case.npz",
            by_meaning=self.own_case.by_meaning,
            by_words=self.own_case.by_words,
            bias=self.own_case.bias,
            features=self.own_features,
        )

    @classmethod
    def load(cls, folder: Path) -> Trained:
        """Read what ``save`` wrote. Raises ``OSError``, ``ValueError`` or ``KeyError`` when it is not whole."""
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            isotropy = Isotropy(stored["mean"], stored["directions"])
            head = Head(tuple(stored["labels"].tolist()), stored["weights"], stored["bias"])
        with np.load(folder / "own_case.npz", allow_pickle=False) as stored:
            own_case = OwnCaseLine(stored["by_meaning"], stored["by_words"], float(stored["bias"]))
            return cls(isotropy, head, own_case, stored["features"])
