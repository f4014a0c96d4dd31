"""Finds an emergency in one message by rule: the phrases of `emergency.yml`, which explains how they are written.

Each phrase is expanded once into rows of words with gaps between. A message is folded, cut into sentences and words, and only
the rows whose words all stand in one sentence are compared, by position. Nothing backtracks, so no message is slow.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, permutations, product
from pathlib import Path
from typing import Any

import yaml


class EmergencyKind(StrEnum):
    """In order of precedence: where a message tells of two, the kind with the more particular help line answers."""

    VIOLENCE = "violence"
    SUICIDE = "suicide"
    ILLNESS = "illness"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Emergency:
    kind: EmergencyKind
    matched: str  # the words that told, as folded for comparison


Row = tuple[frozenset[str], ...]  # one place after another, each the words that fit there
Steps = tuple[tuple[int, int], ...]  # the same, compiled: (number of the place, how many words may be skipped before it)
Rule = tuple[int, frozenset[int], Steps, list[Steps]]  # order of its kind, its places, its row, the rows that it gives way to
GAP: frozenset[str] = frozenset()

INVISIBLE = re.compile("[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff'`\u00b4\u02b9-\u02bc\u2018\u2019]")
MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06ed]")
LIKE_LETTERS = str.maketrans("ıđøłىیکةەھێۆڵڕےґ", "idolييكهههيولريг")
SENTENCE_END = re.compile(r"(?<!\.)\.(?!\.)|[?;؟。]")
WORD = re.compile(r"[\u0e00-\u0e7f\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3400-\u9fff]+")  # a Thai or Chinese sign is a word
PERSIAN_PREFIX = re.compile(r"\b(ن?مي) +")  # written apart or together
STRETCHED = re.compile(r"(.)\1{2,}")
PATTERN_TOKEN = re.compile(r"\)\?|[()|^$]|\.\.\.|[^\s()|.^$]+")
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъыьэюяіє", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
REACH = 4  # words that a gap may span
SIGNS_REACH = {"zh": 12, "th": 12}  # the same in languages where a sign is a word


def fold(text: str) -> str:
    """The text as it is compared: compatibility forms, case, accents, vowel points and invisible characters folded away."""
    decomposed = unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold()
    return PERSIAN_PREFIX.sub(r"\1", MARKS.sub("", decomposed).translate(LIKE_LETTERS))


def spellings(word: str) -> list[str]:
    """The words that a written word may stand for: "heeelp" for help and heelp, an Arabic word with its "and" for that without."""
    pieces = STRETCHED.split(word, maxsplit=4)
    read = ["".join(choice) for choice in product(*([p] if i % 2 == 0 else [p, p * 2] for i, p in enumerate(pieces)))]
    return read + [one[1:] for one in read if one[0] in "وف" and len(one) > 3]


def misspellings(word: str) -> Iterator[str]:
    """The word, and the word with one letter missing, extra, wrong or swapped; its first letter is right."""
    yield word
    letters = next(alphabet for alphabet in ALPHABETS if word[0] in alphabet)
    for i in range(1, len(word) + 1):
        yield word[:i] + word[i + 1 :]
        yield word[:i] + word[i + 1 : i + 2] + word[i : i + 1] + word[i + 2 :]
        for letter in letters:
            yield word[:i] + letter + word[i:]
            yield word[:i] + letter + word[i + 1 :]


def alternatives(tokens: Iterator[str]) -> list[Row]:
    """What the pattern tokens up to the closing bracket stand for; single words that may stand in one place become one place."""
    done: list[Row] = []
    rows: list[Row] = [()]
    closed = ")"
    for token in tokens:
        if token in (")", ")?"):
            closed = token
            break
        if token == "|":
            done, rows = done + rows, [()]
            continue
        if token == "(":
            choice = alternatives(tokens)
        elif token == "...":
            choice = [(GAP,)]
        else:
            mark = token[-1] if token[-1] in "*~" else ""
            words = [token] if token in "^$" else WORD.findall(fold(token))
            choice = [tuple(frozenset({"*" * token.startswith("*") + word + mark}) for word in words)]
        rows = [row + more for row in rows for more in choice]
    done += rows
    one_place = frozenset[str]().union(*(row[0] for row in done if len(row) == 1))
    merged = [row for row in done if len(row) != 1 or row[0] == GAP] + ([(one_place,)] if one_place else [])
    return merged + [()] * (closed == ")?")


def expand(phrase: str, words: Mapping[str, str]) -> Iterator[Row]:
    """Every row of words that a phrase of `emergency.yml` stands for."""
    while "<" in phrase:
        phrase = re.sub(r"<(\w+)>", lambda name: f"({words[name[1]]})", phrase)
    for parts in permutations([alternatives(iter(PATTERN_TOKEN.findall(part))) for part in phrase.split(" & ")]):
        for choice in product(*parts):
            row = sum(((GAP, *part) for part in choice), ())
            yield row[1:] if row[1] != GAP else row[2:]


class Rules:
    """The phrases of every language, compiled."""

    def __init__(self, languages: Mapping[str, Any]) -> None:
        self.places: dict[frozenset[str], int] = {}
        self.fits, self.fits_beginning, self.fits_ending = (defaultdict[str, set[int]](set) for _ in range(3))
        rules: list[Rule] = []
        for language, entry in languages.items():
            words, reach = entry["words"], SIGNS_REACH.get(language, REACH)
            contexts = {name: self._compile(phrases, words, reach) for name, phrases in entry["contexts"].items()}
            for order, kind in enumerate(EmergencyKind):
                for group in entry[kind]:
                    unless = [steps for name in group.get("unless", "").split() for steps in contexts[name]]
                    for steps in self._compile(group["phrases"], words, reach):
                        rules.append((order, frozenset(place for place, _ in steps), steps, unless))
        common = Counter(chain.from_iterable(needs for _, needs, _, _ in rules))
        self.by_place: dict[int, list[Rule]] = defaultdict(list)  # each rule under its rarest place
        for rule in rules:
            self.by_place[min(rule[1], key=common.__getitem__)].append(rule)
        self.lengths = sorted({len(part) for part in (*self.fits_beginning, *self.fits_ending)})

    def _compile(self, phrases: str, words: Mapping[str, str], reach: int) -> list[Steps]:
        rows = dict.fromkeys(row for phrase in phrases.splitlines() if phrase for row in expand(phrase, words))
        steps = (zip((GAP, *row), row, strict=False) for row in rows)
        return [tuple((self._place(fits), reach * (before == GAP)) for before, fits in row if fits != GAP) for row in steps]

    def _place(self, words: frozenset[str]) -> int:
        if words not in self.places:
            place = self.places[words] = len(self.places)
            for word in words:
                table = self.fits_beginning if word[-1] == "*" else self.fits_ending if word[0] == "*" else self.fits
                for form in misspellings(word[:-1]) if word[-1] == "~" else [word.strip("*")]:
                    table[form].add(place)
        return self.places[words]

    def fitting(self, written: str) -> set[int]:
        """The places that a word of a message fits."""
        places: set[int] = set()
        for word in spellings(written):
            places.update(self.fits.get(word, ()))
            for n in self.lengths[: bisect_right(self.lengths, len(word))]:
                places.update(self.fits_beginning.get(word[:n], ()), self.fits_ending.get(word[-n:], ()))
        return places


def stands(steps: Steps, fits: list[set[int]]) -> tuple[int, int] | None:
    """Where the row stands in a sentence, of which `fits` has the places that each word fits: its first and its last word."""
    starts = {at: at for at, places in enumerate(fits) if steps[0][0] in places}  # last word so far → first word
    for place, reach in steps[1:]:
        after = ((at, start) for end, start in starts.items() for at in range(end + 1, min(end + 2 + reach, len(fits))))
        starts = {at: start for at, start in after if place in fits[at]}
    return next(((start, end) for end, start in starts.items()), None)


RULES = Rules(yaml.load(Path(__file__).with_name("emergency.yml").read_text("utf-8"), yaml.CSafeLoader))


def find_emergency(text: str) -> Emergency | None:
    """The emergency that the message tells of, in any supported language, or None."""
    best: tuple[int, str] | None = None
    sentences = [["^", *WORD.findall(part), "$"] for part in SENTENCE_END.split(fold(text))]
    fitting = {word: RULES.fitting(word) for word in set(chain.from_iterable(sentences))}
    for sentence in sentences:
        fits = [fitting[word] for word in sentence]
        present = set[int]().union(*fits)
        for order, needs, steps, unless in chain.from_iterable(RULES.by_place.get(place, ()) for place in present):
            if needs <= present and (best is None or order < best[0]) and (at := stands(steps, fits)):
                if not any(stands(context, fits) for context in unless):
                    best = order, " ".join(sentence[at[0] : at[1] + 1]).strip("^$ ")
    return best and Emergency(list(EmergencyKind)[best[0]], best[1])
