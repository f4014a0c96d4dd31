"""Which municipalities a text names: Finnish case endings, slips of the keyboard, and spellings in other scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from knowledge.model import Municipality
from knowledge.tokens import fold

# Endings are written folded (ä as a, ö as o). Short ones are spoken Finnish: joensuus, kiteel, liperist.
CASE = (
    "n|a|e|i|u|ta|tta|ssa|sta|lla|lta|lle|ksi|na|s|st|l|lt|ks|an|en|in|on|un|seen|see|han|hen|hin|hun|hu|hi|sa|sse"
    "|(?:ssa|sta|lla|lta|lle|kse|na)?(?:ni|si|mme|nne|nsa)|ssaan|staan|llaan|ltaan|lleen"
)
ENDING = re.compile(rf"(?:{CASE})?(?:kin|kaan|kohan|ko|han|pas|pa)?|lai(?:nen|s[a-z]{{0,8}})")
LONG_ENDINGS = ("ssa", "sta", "lla", "lta", "lle", "seen", "hun")
CYRILLIC_ENDING = re.compile(r"(?:а|е|э|и|і|о|у|ы|ю|я|ой|ою|ом|ем|ами|ах|ові|ві|є|ї)?")
ARABIC_PREFIX = re.compile(r"(?:و|ف)?(?:ب|ل|ك|من)?(?:ال)?")

WORD = re.compile(r"[a-z]+|[\u0400-\u04ff]+|[\u0600-\u06ff]+|[\u0e00-\u0e7f]+|[\u4e00-\u9fff]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_WITH_SLIPS = 6
PERSIAN_TO_ARABIC = str.maketrans("یک", "يك")

OTHER_WORDS = re.compile(
    "juuaan$|leksa$|leksak|lie(?:ka|ko|ska|ri)|liksa|limeri|lipe[imv]|lipesi|lipere[ij]|lip[auo]ri|li[bdgt]er|libelist"
    "|numes|nummes|norm|nurm(?:i|us|ensa)|nurre|nurse|raakky[akmv]|heina(?:se|va|ver|veo|vedu|de)"
)
"""How words of Finnish and of other languages begin that lie within one slip of a name.

Found by running the word lists of simplemma for 16 languages through the rules below.
"""


def find_municipalities(text: str, municipalities: Mapping[str, Municipality]) -> list[str]:
    """Ids of the municipalities that ``text`` names, in order of mention, each once.

    A word counts when it is a stem with a Finnish case ending, or a name in another script; in names of six letters
    and more one slip (a letter wrong, missing, doubled or swapped) is forgiven. Umlauts and capitals do not matter.
    """
    names = _names(tuple((name, *place.stems) for name, place in municipalities.items()))
    spellings = _spellings(tuple((name, *place.other_spellings) for name, place in municipalities.items()))
    found: dict[str, None] = {}
    for match in WORD.finditer(_folded(text)):
        word = match.group()
        named = _latin(word, names) if word[0] in LETTERS else _other(word, spellings)
        found.update(dict.fromkeys(named))
    return list(found)


def _folded(text: str) -> str:
    return fold(text).translate(PERSIAN_TO_ARABIC)


@lru_cache(maxsize=8)
def _names(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of a folded stem and the id it belongs to, the longest stem first."""
    pairs = {(fold(stem), row[0]) for row in rows for stem in row[1:]}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=8)
def _spellings(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_folded(spelling), row[0]) for row in rows for spelling in row[1:])


def _latin(word: str, names: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The municipality of a folded Latin word: exact stems come before slips."""
    if OTHER_WORDS.match(word):
        return
    for judge in (_is_form, _is_form_with_slip):
        for stem, name in names:
            if judge(word, stem):
                yield name
                return


def _is_form(word: str, stem: str) -> bool:
    return len(word) > 4 and word.startswith(stem) and ENDING.fullmatch(word, len(stem)) is not None


def _is_form_with_slip(word: str, stem: str) -> bool:
    """One slip within the stem, or within a long ending.

    The ends of a six-letter stem are not forgiven: there the neighbours are other words (siperia, nurmet, nurmella).
    """
    if len(stem) < SHORTEST_WITH_SLIPS or not (word[:3] == stem[:3] or stem[3:6] in word[2:8]):
        return False
    if word.startswith(stem):
        return word[len(stem) :] in _endings_with_slip()
    for length in (len(stem), len(stem) - 1, len(stem) + 1):
        start = word[:length]
        if len(stem) == SHORTEST_WITH_SLIPS and (start[0], start[-1]) != (stem[0], stem[-1]):
            continue
        if _one_edit_apart(start, stem) and ENDING.fullmatch(word, length):
            return True
    return False


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, added or left out, or two neighbours swapped."""
    if len(one) > len(other):
        one, other = other, one
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = other[same : same + 2][::-1] + other[same + 2 :]
    return one[same + 1 :] == other[same + 1 :] or one[same:] == swapped


@cache
def _endings_with_slip() -> frozenset[str]:
    found: set[str] = set()
    for ending in LONG_ENDINGS:
        for place in range(len(ending)):
            before, sign, after = ending[:place], ending[place], ending[place + 1 :]
            found.update((before + after, before + sign + sign + after))
            found.update(before + letter + after for letter in LETTERS)
            found.add(before + after[:1] + sign + after[1:])
    return frozenset(found)


def _other(word: str, spellings: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The municipalities of a word in another script, in order of mention (Chinese and Thai write words together)."""
    hits = sorted((place, name) for spelling, name in spellings if (place := _place_of(spelling, word)) is not None)
    return (name for _, name in hits)


def _place_of(spelling: str, word: str) -> int | None:
    if "\u0400" <= word[0] <= "\u04ff":
        stem = spelling.removesuffix("а")
        return 0 if word.startswith(stem) and CYRILLIC_ENDING.fullmatch(word, len(stem)) else None
    if "\u0600" <= word[0] <= "\u06ff":
        start = len(word) - len(spelling)
        return start if word.endswith(spelling) and ARABIC_PREFIX.fullmatch(word, 0, start) else None
    return place if (place := word.find(spelling)) >= 0 else None
