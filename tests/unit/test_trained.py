"""What is fitted fits another state of the words too."""

import numpy as np

from knowledge.head import Head
from knowledge.isotropy import Isotropy
from knowledge.lexical import LexicalIndex
from knowledge.own_case import OwnCaseLine
from knowledge.trained import Trained

BEFORE = ["missä hakemukseni on", "bussilippu"]
NOW = ["aivan uusi esimerkki", "missä hakemukseni on"]


def test_the_own_case_line_keeps_the_weight_of_each_word_and_new_words_weigh_nothing() -> None:
    old, new = LexicalIndex.build(BEFORE), LexicalIndex.build(NOW)
    weights = np.arange(1, len(old.columns) + 1, dtype=np.float32)
    nothing = np.zeros((1, 3), dtype=np.float32)
    trained = Trained(
        Isotropy(nothing[0], nothing), Head(("a",), nothing, nothing[0]), OwnCaseLine(nothing[0], weights, 0.5), old.columns
    )
    line = trained.own_case_for(new)
    of = dict(zip(old.columns.tolist(), weights.tolist(), strict=True))
    assert line.by_words.tolist() == [of.get(column, 0.0) for column in new.columns.tolist()]
    assert line.bias == 0.5
    assert 0.0 in line.by_words
