"""What newcomers say of themselves: the language that they name, and whether they ask as an employer or a professional."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.texts import language_tag
from knowledge.model import EASY_FINNISH
from knowledge.tokens import words

FILE = Path(__file__).resolve().parent / "asker.yml"


def named_language(text: str) -> str | None:
    """The language named in ``text`` ("suomeksi", "can we speak English", "по-русски"), or None.

    A language that somebody says not to understand is not the one that they want; who names Finnish as easy wants easy Finnish.
    """
    language = _named("languages", text, but=language_not_understood(text))
    easy = language in (None, "fi") and _named("easy", text) and _named("languages", text) == "fi"
    return EASY_FINNISH if easy else language


def spoken_language(text: str) -> str | None:
    """The language named in ``text`` as one to speak with a human, or None. Easy Finnish is spoken as Finnish."""
    named = named_language(text)
    return None if named is None else language_tag(named)


def language_not_understood(text: str) -> str | None:
    """The language that ``text`` says not to be understood ("en ymmärrä suomea", "I don't speak Finnish"), or None."""
    said = words(text)
    denials = _data()["denials"]
    for place, word in enumerate(said):
        if word in denials["not"]:
            after = said[place + 1 :]
            if any(each.startswith(stem) for each in after for stem in denials["understand"]):
                return _named("languages", " ".join(after))
    return None


def named_audience(text: str) -> str | None:
    """The audience named in ``text`` ("olen työnantaja", "I ask for myself"), or None."""
    return _named("audiences", text)


def _named(kind: str, text: str, but: str | None = None) -> str | None:
    said = words(text)
    for word in said:
        for name, stems in _data()[kind].items():
            if name != but and any(word.startswith(stem) for stem in stems):
                return name
    return None


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {kind: {name: [_fold(stem) for stem in stems] for name, stems in listed.items()} for kind, listed in data.items()}


def _fold(stem: str) -> str:
    return words(stem)[0]
