"""Whether both languages are there whole: examples enough, and translations that follow the Finnish text."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.content import Place
from knowledge.fingerprint import fingerprint
from knowledge.model import (
    CURATED_LANGUAGES,
    EASY_FINNISH,
    EXAMPLES_PER_LANGUAGE,
    EXAMPLES_WHEN_REQUIRED,
    Answer,
    Importance,
)
from knowledge.problems import Problem


def check_languages(answer: Answer, place: Place) -> Iterator[Problem]:
    """Examples of the curated languages, and every version beside the Finnish one."""
    least = EXAMPLES_WHEN_REQUIRED if answer.importance is Importance.required else EXAMPLES_PER_LANGUAGE
    for language in CURATED_LANGUAGES:
        count = len(answer.examples()[language])
        if count < least:
            yield place.problem("examples-few", language, "examples", language=language, count=count, least=least)
    current = fingerprint(answer.fi)
    for language, version in answer.readable().items():
        easy = "easy-" if language == EASY_FINNISH else ""
        if language != "fi" and version.based_on is None:
            yield place.problem(f"{easy}translation-of-nothing", language, "based_on", language=language)
        elif language != "fi" and version.based_on != current:
            yield place.problem(f"{easy}translation-stale", language, "based_on", language=language)
