"""Which of the offered answers somebody picks in words: by number, by order, or by words of a title."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from knowledge.tokens import stems, words

ORDINALS: dict[int, list[str]] = yaml.safe_load((Path(__file__).resolve().parent / "ordinals.yml").read_text(encoding="utf-8"))
"""Words for first, second, third and last (-1) in the languages of the interface, folded."""

PRONOUN = "one"
"""At the end of a few words it stands for the thing meant; the other languages of the interface have no such word."""
TELLING = 4
"""Letters that words must share with a title to tell it: "the" does not."""
BEFORE_NUMBER = {"number", "option", "answer", "choice", "no", "nr"}

_NUMBER_OF = {word: number for number, listed in ORDINALS.items() for word in listed}


def picked(text: str, titles: Mapping[str, str], *, only_yes: bool = False) -> str | None:
    """The id of the picked title, or None when it cannot be told.

    ``titles`` maps ids to titles in the order in which they were offered. ``only_yes`` says that the text is a mere yes:
    it picks a single offer and nothing else.
    """
    names = list(titles)
    if not names:
        return None
    if only_yes and len(names) == 1:
        return names[0]
    said = words(text)
    if len(said) > 1 and said[-1] == PRONOUN and said[-2] not in BEFORE_NUMBER:  # "the income one" names no number
        said = said[:-1]
    for word in said:
        number = int(word) if word.isdecimal() and len(word) == 1 else _NUMBER_OF.get(word)
        if number is not None and -1 <= number <= len(names) and number != 0:
            return names[number - 1 if number > 0 else -1]
    shared = {name: sum(map(len, _stems(said) & _stems(words(title)))) for name, title in titles.items()}
    best = max(shared, key=lambda name: shared[name])
    alone = sum(count == shared[best] for count in shared.values()) == 1
    return best if shared[best] >= TELLING and alone else None


def _stems(said: list[str]) -> set[str]:
    return {stem for word in said if len(word) > 2 for stem in stems(word)}
