"""What people's words mean at a step of the form of a hand-off. The words themselves are in words.yml."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.tokens import fold, words

FILE = Path(__file__).resolve().parent / "words.yml"


def way_in(text: str, possible: Iterable[str]) -> str | None:
    """The one of the possible ways that is named, or None when none is or several are."""
    named = [way for way in possible if _says(text, _data()["ways"][way])]
    return named[0] if len(named) == 1 else None


def consent_in(text: str) -> bool | None:
    """Whether the words agree or refuse; None when they do neither. A refusal outweighs: "no, that is not ok"."""
    if _says(text, _data()["consent"]["no"]):
        return False
    return True if _says(text, _data()["consent"]["yes"]) else None


def asker_in(text: str) -> str | None:
    """Whether a person, an employer or a professional is named."""
    return next((asker for asker, stems in _data()["asker"].items() if _says(text, stems)), None)


def wants_interpreter(text: str) -> bool:
    """Whether an interpreter or the asker's own language is named."""
    return _says(text, _data()["interpreter"])


def has_nothing_to_add(text: str) -> bool:
    """Whether the words say that this was all."""
    return _says(text, _data()["nothing"])


def comes_back_here(text: str) -> bool:
    """Whether the words say that the answer will be read in this conversation."""
    return _says(text, _data()["here"])


def _says(text: str, stems: Iterable[str]) -> bool:
    said = words(text)
    return any(word == stem[:-1] if stem.endswith("!") else word.startswith(stem) for word in said for stem in stems)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {kind: _folded(listed) for kind, listed in data.items()}


def _folded(listed: Any) -> Any:
    if isinstance(listed, dict):
        return {name: _folded(stems) for name, stems in listed.items()}
    return [fold(stem) for stem in listed]
