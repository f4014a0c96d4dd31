"""Which language a newcomer writes: the script first, then known words and letters, then lingua's statistics."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from lingua import IsoCode639_1, LanguageDetectorBuilder

WORDS = Path(__file__).with_name("language_words.yml")
DEFAULT = "en"

SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "latin": ("fi", "en", "sv", "so", "es", "et", "de", "fr", "tr", "vi"),
    "cyrillic": ("ru", "uk"),
    "arabic": ("ar", "fa"),
    "thai": ("th",),
    "han": ("zh",),
}
"""The languages of each script, without Russian and Arabic in Latin letters."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ps", "ku", "ckb", "yi", "dv", "sd", "ug"})

UNSAID = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\[[a-z -]+\]")
WORD = re.compile(
    r"(?P<latin>[0-9]?[a-z\u00df-\u024f\u1e00-\u1eff][a-z0-9\u00df-\u024f\u1e00-\u1eff]*)|(?P<cyrillic>[\u0400-\u052f]+)"
    r"|(?P<arabic>[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\u200c]+)|(?P<thai>[\u0e00-\u0e7f]{1,4})"
    r"|(?P<han>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{1,2})|(?P<other>[^\W\d_]+)"
)
"""A word with its script. Thai and Chinese are written without blanks: a few signs count as a word."""
CHAT_ARABIC = re.compile(r"[a-z]+[2359][a-z]+|[37][aeiouy](?!ur)[a-z]+")
"""Arabic in Latin letters writes some consonants as digits: sou2al, 3andi, 7abibi."""

WITHOUT_ACCENTS = 0.7
"""Weight of a known word that is written without its accents."""
STATISTICS = 0.6
"""Weight of lingua's statistics, in known words: they are weak for short texts and know no Russian in Latin letters."""
LIKELY = 0.75
"""Share of the evidence at which a language may be taken without known words, when there is no other."""
LIGHT = 0.2
"""Weight of a word that other languages use too."""
SHAPE = 0.6
"""Weight of a word that has the ending or article of a language."""
LONG = 6
"""Letters from which endings are looked at."""
NOT_FINNISH = re.compile("[bcfqwxzåõüñßçšž]")
SHORT = 2
"""A text of so few words says too little."""
READ_BY_STATISTICS = 400
"""Characters of the text that lingua reads."""


@dataclass(frozen=True)
class Detection:
    """A language code, and whether the text itself showed it beyond doubt."""

    language: str
    certain: bool


@dataclass(frozen=True)
class Demand:
    """How much evidence is asked for: known words (fewer when the statistics are sure as well), the share of all evidence,
    and the runner-up's known words at most, as a part of the winner's."""

    words: float
    backed_words: float
    share: float
    runner_up: float


FIRST = Demand(words=0.9, backed_words=0.2, share=0.5, runner_up=0.6)
CHANGE = Demand(words=1.4, backed_words=0.6, share=0.42, runner_up=0.35)
"""A conversation changes its language on more evidence than it begins with."""
SURE = 0.9
"""Probability at which lingua's statistics back the known words."""


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The writing direction of ``language``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def is_name(word: str) -> bool:
    """Whether ``word`` is a place or an authority, which is written the same in every language."""
    names, beginnings = _names()
    lower = word.lower()
    return lower in names or lower.startswith(beginnings) or (lower[:4] in names and len(lower) < 8)


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return lists


@cache
def _names() -> tuple[frozenset[str], tuple[str, ...]]:
    names = _lists()["names"].split()
    return frozenset(names), tuple(name for name in names if len(name) >= 5)


class LanguageDetector:
    """Detects one of 16 languages; Russian and Arabic also in Latin letters."""

    def warm(self) -> None:
        """Load the word lists and lingua's models now, rather than with the first message."""
        self.detect("missä voin rekisteröityä", None)

    def detect(self, text: str, fallback: str | None) -> Detection:
        """The language of ``text``; ``fallback`` is the language of the conversation, when it has one.

        Short, mixed and doubtful texts are taken to be in ``fallback``; without it in the most likely language, when
        there is one, else in English.
        """
        plain = UNSAID.sub(" ", unicodedata.normalize("NFC", text).lower())
        found = [(match.lastgroup or "other", match.group()) for match in WORD.finditer(plain)]
        script, mixed = _script(Counter(script for script, _ in found))
        words = [word for of, word in found if of == script and not is_name(word)]
        if not words or script not in SCRIPTS or self._is_foreign(words):
            return Detection(fallback or DEFAULT, False)
        if len(SCRIPTS[script]) == 1:
            return Detection(SCRIPTS[script][0], True)
        return self._choose(script, words, mixed, short=len(found) <= SHORT, fallback=fallback)

    def _choose(self, script: str, words: list[str], mixed: bool, *, short: bool, fallback: str | None) -> Detection:
        """Choose among the languages of a script by known words, letters and statistics."""
        decisive = self._by_letters("decisive", script, words)
        known = self._by_words(script, words)
        for language, count in (*decisive.items(), *self._by_letters("telling", script, words).items()):
            known[language] += count
        likely = self._by_statistics(script, " ".join(words))
        total = sum(known.values()) + STATISTICS
        share = {language: (known[language] + STATISTICS * likely.get(language, 0)) / total for language in {*known, *likely}}
        best = max(sorted(share), key=share.__getitem__)
        runner_up = max((weight for language, weight in known.items() if language != best), default=0)

        own = fallback if script == "latin" or fallback in SCRIPTS[script] else None
        demand = FIRST if own in (None, best) else CHANGE
        if short or mixed:
            certain = bool(decisive[best]) and not runner_up and not mixed
        else:
            backed = likely.get(best, 0) >= SURE and known[best] >= demand.backed_words
            enough = demand.words if best in likely else max(demand.words, len(words) / 4)
            shown = backed or known[best] >= enough or bool(decisive[best])
            certain = shown and share[best] >= demand.share and runner_up <= demand.runner_up * known[best]
        if certain:
            return Detection(best, True)
        if own is not None:
            return Detection(own, False)
        if best == "uk" and known["uk"] <= known["ru"]:  # Ukrainian shows its own letters in nearly every sentence
            best = "ru"
        clear = known[best] >= FIRST.words and runner_up <= CHANGE.runner_up * known[best]
        clear = clear or (likely.get(best, 0) >= LIKELY and known[best] > runner_up)
        return Detection(best if clear or script != "latin" or share[best] >= LIKELY else DEFAULT, False)

    @cached_property
    def _weights(self) -> dict[str, dict[str, dict[str, float]]]:
        """For each script the words with their weight in each language: a word of several languages is shared among them."""
        light = {"latin": _lists()["light"]}
        return {script: _shared(_lists()[script], light.get(script, {})) for script in SCRIPTS if script in _lists()}

    @cached_property
    def _statistics(self) -> Any:
        """Lingua in its low-accuracy mode: 30 MB instead of 400 MB, and better with words that are spelled wrong."""
        languages = [getattr(IsoCode639_1, code.upper()) for codes in SCRIPTS.values() if len(codes) > 1 for code in codes]
        builder = LanguageDetectorBuilder.from_iso_codes_639_1(*languages)
        return builder.with_low_accuracy_mode().with_preloaded_language_models().build()

    def _is_foreign(self, words: list[str]) -> bool:
        """Whether a quarter of the words have letters of a language that is not among ours."""
        foreign = frozenset(_lists()["foreign"])
        return sum(not foreign.isdisjoint(word) for word in words) * 4 >= len(words)

    def _by_letters(self, kind: str, script: str, words: list[str]) -> Counter[str]:
        letters: dict[str, str] = _lists()[kind].get(script, {})
        return Counter(
            {language: sum(any(sign in word for sign in signs) for word in words) for language, signs in letters.items()}
        )

    def _by_words(self, script: str, words: list[str]) -> defaultdict[str, float]:
        known: defaultdict[str, float] = defaultdict(float)
        for word in words:
            for language, weight in self._weights[script].get(word, {}).items():
                known[language] += weight
            if script == "latin" and CHAT_ARABIC.fullmatch(word):
                known["ar"] += 1
            elif len(word) >= LONG:
                of = self._by_shape(script, word)
                for language in of:
                    known[language] += SHAPE / len(of)
        return known

    def _by_shape(self, script: str, word: str) -> list[str]:
        if script == "latin":
            return [
                language
                for language, endings in self._endings.items()
                if word.endswith(endings) and not (language == "fi" and NOT_FINNISH.search(word))
            ]
        return [language for language, beginnings in self._beginnings.items() if word.startswith(beginnings)]

    @cached_property
    def _endings(self) -> dict[str, tuple[str, ...]]:
        return {language: tuple({*words.split(), *_bare(words).split()}) for language, words in _lists()["endings"].items()}

    @cached_property
    def _beginnings(self) -> dict[str, tuple[str, ...]]:
        return {language: tuple(words.split()) for language, words in _lists()["beginnings"].items()}

    def _by_statistics(self, script: str, text: str) -> dict[str, float]:
        values = self._statistics.compute_language_confidence_values(text[:READ_BY_STATISTICS])
        found = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
        return {language: found[language] for language in SCRIPTS[script]}


def _script(counts: Counter[str]) -> tuple[str, bool]:
    """The script of a text by the words of each, and whether it is too mixed to say.

    People who write another script put Latin terms between their words, rarely the other way round.
    """
    total = counts.total()
    for script, count in counts.most_common():
        if script != "latin" and count * 3 >= total:
            return script, False
    return "latin", counts["latin"] * 5 < total * 4


def _shared(lists: dict[str, str], light: dict[str, str]) -> dict[str, dict[str, float]]:
    """The weight of each word in each language; what several languages have in common is shared among them.

    A word without its accents does not count where it is written so in another language (sv för, en for).
    """
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for weight, words_of in ((1, lists), (LIGHT, light)):
        for language, words in words_of.items():
            for word in words.split():
                weights[word][language] = weight
    written = frozenset(weights)
    for language, words in lists.items():
        for bare in set(_bare(words).split()) - written:
            weights[bare][language] = WITHOUT_ACCENTS
    return {
        word: {language: weight / sum(of.values()) * max(of.values()) for language, weight in of.items()}
        for word, of in weights.items()
    }


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)).replace("ı", "i")
