"""Finds an emergency in one message by rule: no model, no guess, only the phrases of `emergency.yml`.

Each phrase is compiled once into rows of places. Of a message, only those rows are compared whose places all occur in one
sentence, and by position: nothing backtracks, so no message is slow.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

import yaml

from bot.safety.phrases import GAP, Place, Row, expand, misspellings, sentences, spellings

REACH = 6  # words that a gap may span
SIGNS_REACH = {"zh": 12, "th": 12}  # the same where a sign is a word


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


Steps = tuple[tuple[int, int], ...]  # a row: number of each place, and how many words may be skipped before it
Places = dict[int, tuple[int, ...]]  # places that begin at a word of a message → after how many words they end


@dataclass(frozen=True, slots=True)
class Rule:
    order: int  # of its kind
    steps: Steps
    needs: frozenset[int]  # its places
    unless: list[Steps]


class Rules:
    """The phrases of every language, compiled: words have become numbers (units), and so have places."""

    def __init__(self, languages: Mapping[str, Any]) -> None:
        self.units: dict[str, int] = {}
        self.places: dict[Place, int] = {}
        self.whole, self.beginnings, self.endings = (defaultdict[str, set[int]](set) for _ in range(3))  # form → units
        self.alone: dict[int, set[int]] = defaultdict(set)  # unit → the places that it fits
        self.pairs: dict[tuple[int, int], list[tuple[tuple[int, ...], int]]] = defaultdict(list)  # two → (further units, place)
        rules = [rule for language, entry in languages.items() for rule in self._rules(language, entry)]
        common = Counter(chain.from_iterable(rule.needs for rule in rules))
        self.by_place: dict[int, list[Rule]] = defaultdict(list)  # each rule under its rarest place
        for rule in rules:
            self.by_place[min(rule.needs, key=lambda place: (common[place], place))].append(rule)
        self.rarest = frozenset(self.by_place)
        self.lengths = sorted({*map(len, self.beginnings), *map(len, self.endings)})

    def _rules(self, language: str, entry: Mapping[str, Any]) -> Iterator[Rule]:
        def compiled(phrases: str) -> list[Steps]:
            rows = dict.fromkeys(row for phrase in phrases.splitlines() for row in expand(phrase, entry["words"]))
            return [self._steps(row, SIGNS_REACH.get(language, REACH)) for row in rows]

        contexts = {name: compiled(phrases) for name, phrases in entry["contexts"].items()}
        for order, kind in enumerate(EmergencyKind):
            for group in entry[kind]:
                unless = [steps for name in group.get("unless", "").split() for steps in contexts[name]]
                for steps in compiled(group["phrases"]):
                    yield Rule(order, steps, frozenset(place for place, _ in steps), unless)

    def _steps(self, row: Row, reach: int) -> Steps:
        return tuple((self._place(row[i]), reach * (row[i - 1] == GAP)) for i in range(len(row)) if row[i] != GAP)

    def _place(self, place: Place) -> int:
        if place not in self.places:
            self.places[place] = len(self.places)
            for words in place:
                units = tuple(map(self._unit, words))
                if len(units) == 1:
                    self.alone[units[0]].add(self.places[place])
                else:
                    self.pairs[units[0], units[1]].append((units[2:], self.places[place]))
        return self.places[place]

    def _unit(self, word: str) -> int:
        if word not in self.units:
            self.units[word] = len(self.units)
            table = self.beginnings if word[-1] == "*" else self.endings if word[0] == "*" else self.whole
            for form in misspellings(word[:-1]) if word[-1] == "~" else [word.strip("*")]:
                table[form].add(self.units[word])
        return self.units[word]

    def units_of(self, written: str) -> set[int]:
        """The units that a word of a message may be."""
        units: set[int] = set()
        for word in spellings(written):
            units.update(self.whole.get(word, ()))
            for n in self.lengths[: bisect_right(self.lengths, len(word))]:
                units.update(self.beginnings.get(word[:n], ()), self.endings.get(word[-n:], ()))
        return units

    def fits(self, words: list[str], units: Mapping[str, set[int]], alone: Mapping[str, Places]) -> list[Places]:
        """The places that begin at each word of a sentence, given the units of its words and the places that fit one word."""
        fits = [alone[word] for word in words]
        for at, (word, after) in enumerate(pairwise(words)):
            pairs = [self.pairs[pair] for pair in product(units[word], units[after]) if pair in self.pairs]
            for further, place in chain.from_iterable(pairs):
                rest = words[at + 2 : at + 2 + len(further)]
                if len(rest) == len(further) and all(unit in units[then] for unit, then in zip(further, rest, strict=True)):
                    fits[at] = fits[at] | {place: (*fits[at].get(place, ()), 2 + len(further))}
        return fits


def stands(steps: Steps, fits: list[Places]) -> tuple[int, int] | None:
    """Where the row stands in the sentence: at its first word, and before the word after its last."""
    starts = {at + length: at for at, here in enumerate(fits) for length in here.get(steps[0][0], ())}  # end → start
    for place, reach in steps[1:]:
        reached = ((at, start) for end, start in starts.items() for at in range(end, min(end + 1 + reach, len(fits))))
        starts = {at + length: start for at, start in reached for length in fits[at].get(place, ())}
    return next(((start, end) for end, start in starts.items()), None)


RULES = Rules(yaml.load(Path(__file__).with_name("emergency.yml").read_text("utf-8"), yaml.CSafeLoader))


def find_emergency(text: str) -> Emergency | None:
    """The emergency that the message tells of, in any supported language, or None."""
    best: tuple[int, str] | None = None
    message = sentences(text)
    units = {word: RULES.units_of(word) for word in set(chain.from_iterable(message))}
    alone: dict[str, Places] = {w: {p: (1,) for unit in here for p in RULES.alone.get(unit, ())} for w, here in units.items()}
    for words in message:
        fits = RULES.fits(words, units, alone)
        present = set(chain.from_iterable({id(here): here for here in fits}.values()))
        for rule in chain.from_iterable(RULES.by_place[place] for place in RULES.rarest & present):
            if (best and best[0] <= rule.order) or not rule.needs <= present or not (found := stands(rule.steps, fits)):
                continue
            if not any(stands(context, fits) for context in rule.unless):
                best = rule.order, " ".join(words[slice(*found)]).strip("^$ ")
    return best and Emergency(list(EmergencyKind)[best[0]], best[1])
