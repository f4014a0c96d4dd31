"""The words of the desk's pages: ``bot/texts/desk/fi.yml`` and ``en.yml``, which have the same keys."""

from __future__ import annotations

from functools import cache

import yaml
from babel import Locale

from bot.texts import FOLDER

Line = str | dict[str, str]
"""A line, or one line for each plural form of the value ``count``."""


def word(language: str, key: str, **values: object) -> str:
    """The line of ``section.name`` in ``language`` with its values put in. Raises ``KeyError`` for an unknown one."""
    line = catalogue(language)[key]
    if isinstance(line, dict):
        count = values["count"]
        assert isinstance(count, int | float)
        line = line[Locale(language).plural_form(count)]
    return line.format(**values)


@cache
def catalogue(language: str) -> dict[str, Line]:
    """Every line of a language by ``section.name``."""
    sections: dict[str, dict[str, Line]] = yaml.safe_load((FOLDER / "desk" / f"{language}.yml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": line for section, lines in sections.items() for name, line in lines.items()}
