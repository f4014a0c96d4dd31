"""Lines of the service and words of the widget, in catalogues that translators can edit: one YAML file a language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from babel import Locale

from knowledge.model import EASY_FINNISH

FOLDER = Path(__file__).resolve().parent

LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar")
"""Languages in which every line exists. Other languages have the line that says in which language the reply comes."""

Words = str | list[str] | dict[str, str]
"""A line, several, or one line for each plural form."""


CHOICES = ("fi", EASY_FINNISH, *LANGUAGES[1:])
"""What a newcomer may choose to read. Easy Finnish has lines of its own where those in Finnish are too hard."""


def language_tag(language: str) -> str:
    """The language as HTML and the API's messages name it: easy Finnish is Finnish."""
    return "fi" if language == EASY_FINNISH else language


def line_language(language: str | None) -> str:
    """The language of the fixed lines: the newcomer's when there is a catalogue, else English."""
    tag = language_tag(language or "")
    return tag if tag in LANGUAGES else "en"


def say(line: str, language: str, **values: object) -> str:
    """The line in ``language``, else in English, with its values put in; what is not said in easy Finnish is in Finnish.

    Raises ``KeyError`` for an unknown line.
    """
    told_in = next((each for each in (language, language_tag(language)) if has_line(line, each)), "en")
    return _catalogue(told_in)[line].format(**values)


def has_line(line: str, language: str) -> bool:
    """Whether the line exists in the very language."""
    return line in _catalogue(language)


def language_name(code: str, language: str) -> str:
    """The name of language ``code`` as said in ``language``: ``suomeksi``, ``in Finnish``."""
    return say(f"in_{code}", language)


def say_of_case(line: str, language: str, **values: object) -> str:
    """A line about a case (``handoff/<language>.yml``), in English where the language has none. Raises ``KeyError``."""
    return _catalogue(f"handoff/{line_language(language)}")[line].format(**values)


def say_in_form(line: str, language: str, **values: object) -> str:
    """A line of the hand-off's offer and form (``form/<language>.yml``), else in English. Raises ``KeyError``."""
    return _catalogue(f"form/{line_language(language)}")[line].format(**values)


def say_in_telegram(line: str, language: str | None, **values: object) -> str:
    """A line of the guide in Telegram (``telegram/<language>.yml``), else in English. Raises ``KeyError``."""
    return _catalogue(f"telegram/{line_language(language)}")[line].format(**values)


def own_name(language: str) -> str:
    """What a language calls itself: ``Suomi``, ``Selkosuomi``."""
    if has_line("own_name", language):
        return _catalogue(language)["own_name"]
    name = str(Locale(language).get_display_name(language))
    return name[:1].upper() + name[1:]


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.yml"
    if not path.is_file():
        return {}
    loaded: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def widget_words(language: str) -> dict[str, dict[str, Words]]:
    """The words of the widget in one of ``CHOICES``: those of its button, of the chat and of the pages."""
    tag = language_tag(language)
    loaded: dict[str, dict[str, Words]] = yaml.safe_load((FOLDER / "widget" / f"{tag}.yml").read_text(encoding="utf-8"))
    if language != tag:
        own = yaml.safe_load((FOLDER / "widget" / f"{language}.yml").read_text(encoding="utf-8"))
        return {part: {**words, **own.get(part, {})} for part, words in loaded.items()}
    return loaded
