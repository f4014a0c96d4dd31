"""Words of a text: spaCy's tokeniser, folded, with Finnish and English stems and character n-grams."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import snowballstemmer

from knowledge.without_torch import without_torch

with without_torch():
    import spacy
    from spacy.tokenizer import Tokenizer

NGRAMS = (3, 4, 5)


@cache
def _tokeniser() -> Tokenizer:
    return spacy.blank("xx").tokenizer


def fold(text: str) -> str:
    """Case, width and accents folded: ``Äitini`` and ``aitini`` are one word, as people type without umlauts."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """The words and numbers of ``text``, folded; punctuation and signs are left out."""
    return [
        folded
        for token in _tokeniser()(text)
        if (folded := fold(token.text).strip("-'’.,:;!?()[]\"")) and any(map(str.isalnum, folded))
    ]


@lru_cache(maxsize=50_000)
def stems(word: str) -> tuple[str, ...]:
    """The Snowball stems of a folded word as Finnish and as English, without doubles."""
    return tuple(dict.fromkeys((_stemmer("finnish").stemWord(word), _stemmer("english").stemWord(word))))


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


def ngrams(word: str) -> Iterator[str]:
    """Character n-grams of a word with its edges marked. They stand in for decompounding and survive typing mistakes."""
    marked = f"<{word}>"
    for size in NGRAMS:
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]


def features(text: str) -> list[str]:
    """What the lexical arm counts: stems (``s:``) and n-grams (``g:``) of every word."""
    found: list[str] = []
    for word in words(text):
        found += [f"s:{stem}" for stem in stems(word)]
        found += [f"g:{gram}" for gram in ngrams(word)]
    return found
