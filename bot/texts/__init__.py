"""Lines of the service and words of the widget, in catalogues that translators can edit: one YAML file a language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent

LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar")
"""Languages in which every line exists. Other languages have the line that says in which language the reply comes."""

Words = str | list[str] | dict[str, str]
"""A line, several, or one line for each plural form."""


def line_language(language: str | None) -> str:
    """The language of the fixed lines: the newcomer's when there is a catalogue, else English."""
    return language if language in LANGUAGES else "en"


def say(line: str, language: str, **values: object) -> str:
    """The line in ``language``, else in English, with its values put in. Raises ``KeyError`` for an unknown line."""
    catalogue = _catalogue(language)
    text = catalogue[line] if line in catalogue else _catalogue("en")[line]
    return text.format(**values)


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
    return _catalogue(f"telegram/{language if language in LANGUAGES else 'en'}")[line].format(**values)


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.yml"
    if not path.is_file():
        return {}
    loaded: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def widget_words(language: str) -> dict[str, dict[str, Words]]:
    """The words of the widget in one of ``LANGUAGES``: those of its button, of the chat and of the pages."""
    loaded: dict[str, dict[str, Words]] = yaml.safe_load((FOLDER / "widget" / f"{language}.yml").read_text(encoding="utf-8"))
    return loaded
