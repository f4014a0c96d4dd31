"""Which language a message is taken to be in."""

import time
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.language import Detection, LanguageDetector, direction

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("language_cases.yml").read_text(encoding="utf-8"))
LANGUAGES = list(CASES["clear"])


@cache
def detector() -> LanguageDetector:
    warmed = LanguageDetector()
    warmed.warm()
    return warmed


def rows(kind: str) -> list[tuple[str, str]]:
    if isinstance(CASES[kind], str):
        return [(language, text) for language, _, text in (line.partition(": ") for line in CASES[kind].splitlines())]
    return [(language, text) for language, texts in CASES[kind].items() for text in texts.splitlines()]


def test_there_are_enough_cases_of_every_language() -> None:
    assert len(rows("clear")) + len(rows("alone")) + len(rows("stays")) + len(CASES["doubtful"].splitlines()) >= 260
    assert len(LANGUAGES) == 16
    assert all(len(texts.splitlines()) >= 10 for texts in CASES["clear"].values())


@pytest.mark.parametrize(("language", "text"), rows("clear"))
def test_clear_texts_are_detected_whatever_was_spoken_before(language: str, text: str) -> None:
    for fallback in (None, language, "en", "fi", "ru"):
        detection = detector().detect(text, fallback)
        assert (detection.language, detection.certain) == (language, True), fallback


@pytest.mark.parametrize(("language", "text"), rows("alone"))
def test_the_likely_language_without_a_conversation(language: str, text: str) -> None:
    assert detector().detect(text, None).language == language


@pytest.mark.parametrize(("language", "text"), rows("stays"))
def test_the_conversation_keeps_its_language(language: str, text: str) -> None:
    detection = detector().detect(text, language)
    assert (detection.language, detection.certain) == (language, False)


@pytest.mark.parametrize("text", CASES["doubtful"].splitlines())
def test_no_certainty_about_unknown_languages(text: str) -> None:
    for fallback in (None, "en", "fi"):
        detection = detector().detect(text, fallback)
        assert not detection.certain
        assert fallback in (None, detection.language)


@pytest.mark.parametrize("text", ["miten raitiovaunu", "toimisto Torikatu kuka"])
def test_a_change_needs_more_than_the_first_detection(text: str) -> None:
    assert detector().detect(text, None).language == "fi"
    assert detector().detect(text, "fi").language == "fi"
    assert detector().detect(text, "vi") == Detection("vi", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_direction(language: str) -> None:
    assert direction(language) == ("rtl" if language in {"ar", "fa"} else "ltr")
    assert direction("ur") == "rtl"
    assert direction("xx") == "ltr"


def test_odd_texts_are_taken() -> None:
    for text in ("", " ", "\x00", "\u200f", "a" * 2000, "ا" * 2000, "我" * 2000, "ไ" * 2000, "ъ і" * 500):
        assert detector().detect(text, "sv").language in LANGUAGES


def test_it_is_fast() -> None:
    texts = [text for _, text in chain(rows("clear"), rows("stays"))]
    detector()
    started = time.perf_counter()
    for text in texts:
        detector().detect(text, "en")
    assert (time.perf_counter() - started) / len(texts) < 0.003
