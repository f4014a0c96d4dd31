"""What newcomers say of themselves: the language that they name, and whether they ask as an employer or a professional."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from knowledge.tokens import words

FILE = Path(__file__).resolve().parent / "asker.yml"


def named_language(text: str) -> str | None:
    """The language named in ``text`` ("suomeksi", "can we speak English", "по-русски"), or None."""
    return _named("languages", text)


def named_audience(text: str) -> str | None:
    """The audience named in ``text`` ("olen työnantaja", "I ask for myself"), or None."""
    return _named("audiences", text)


def _named(kind: str, text: str) -> str | None:
    said = words(text)
    for word in said:
        for name, stems in _data()[kind].items():
            if any(word.startswith(stem) for stem in stems):
                return name
    return None


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {kind: {name: [_fold(stem) for stem in stems] for name, stems in listed.items()} for kind, listed in data.items()}


def _fold(stem: str) -> str:
    return words(stem)[0]
