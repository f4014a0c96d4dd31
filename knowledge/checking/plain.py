"""Plain language: short titles, first sentences and sentences, and a text that is easier than a newspaper.

Sentences. English: 25 words, the limit of GOV.UK ("Sentence length: why 25 words is our limit", 2014). Finnish says the same in
fewer words: 20, in the middle of what the Institute for the Languages of Finland calls long in its test of official language
(15-25 words). Easy Finnish: 12.

Text. LIX (C. H. Björnsson, *Läsbarhet*, 1968): words a sentence and per cent of words of more than six letters. Tried on
Finnish and English: newspapers have 72 and 52, with a standard deviation of 6 (C. H. Björnsson, "Readability of newspapers in 11
languages", Reading Research Quarterly 18, 1983, 480-497). A text is told when it is within one deviation of a newspaper, one in
easy Finnish when it is within three.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from knowledge.checking.sentences import Sentence, lix, sentences
from knowledge.content import Place
from knowledge.model import EASY_FINNISH, Answer
from knowledge.problems import Problem, Severity
from knowledge.yaml_lines import Location

TITLE = 70
"""Letters of a title beyond which it is cut off where answers are offered as buttons."""

DEVIATION = 6

ENOUGH_WORDS = 60
"""A shorter text has too few words for an index to mean anything."""


@dataclass(frozen=True)
class Limits:
    """What is still plain in a language, in words; ``lix`` is an index."""

    first_sentence: int
    sentence: int
    lix: int


LIMITS = {
    "fi": Limits(16, 20, 72 - DEVIATION),
    "en": Limits(22, 25, 52 - DEVIATION),
    EASY_FINNISH: Limits(12, 12, 72 - 3 * DEVIATION),
}
"""Other languages are not measured."""


def check_plain(answer: Answer, place: Place) -> Iterator[Problem]:
    """Advice on each version of a language that can be measured, and on its local variants."""
    for language, version in answer.readable().items():
        if len(version.title) > TITLE:
            length = len(version.title)
            yield place.problem("title-long", language, "title", severity=Severity.advice, length=length, most=TITLE)
        if language in LIMITS:
            yield from _check_text(version.answer, (language, "answer"), language, place)
    for name, local in answer.municipalities.items():
        for language in ("fi", "en"):
            yield from _check_text(local.in_language(language), ("municipalities", name, language), language, place)


def _check_text(text: str, location: Location, language: str, place: Place) -> Iterator[Problem]:
    limits, parts = LIMITS[language], sentences(text)
    easy = "easy-" if language == EASY_FINNISH else ""

    def advice(rule: str, sentence: Sentence, **values: object) -> Problem:
        return place.problem_in(
            text, sentence.offset, easy + rule, *location, severity=Severity.advice, sentence=sentence.shown, **values
        )

    for number, sentence in enumerate(parts):
        words = len(sentence.words)
        if number == 0 and words > limits.first_sentence:
            yield advice("first-sentence-long", sentence, words=words, most=limits.first_sentence)
        elif words > limits.sentence:
            yield advice("sentence-long", sentence, words=words, most=limits.sentence)
    measured = lix(parts)
    if measured > limits.lix and sum(len(part.words) for part in parts) >= ENOUGH_WORDS:
        hardest = max(parts, key=lambda part: part.long_words)
        yield advice("text-hard", hardest, lix=ceil(measured), most=limits.lix)
