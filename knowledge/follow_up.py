"""Follow-ups: a question that leans on the one before ("and how much does it cost?")."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from knowledge.tokens import fold, words

MARKERS_FILE = Path(__file__).resolve().parent / "follow_up.yml"

SHORT = 8
"""A follow-up has at most so many words."""


@cache
def _markers() -> dict[str, re.Pattern[str]]:
    data = yaml.safe_load(MARKERS_FILE.read_text(encoding="utf-8"))
    starts = "|".join(sorted((re.escape(fold(text)) for listed in data["starts"].values() for text in listed), key=len, reverse=True))
    inside = "|".join(sorted((re.escape(fold(text)) for listed in data["inside"].values() for text in listed), key=len, reverse=True))
    return {"starts": re.compile(rf"^\W*(?:{starts})(?!\w)"), "inside": re.compile(rf"(?<!\w)(?:{inside})(?!\w)")}


def is_follow_up(text: str, previous: str | None) -> bool:
    """Whether ``text`` leans on ``previous``: it is short, and it begins like a continuation or points back."""
    if not previous or len(words(text)) > SHORT:
        return False
    folded = fold(text)
    return bool(_markers()["starts"].search(folded) or _markers()["inside"].search(folded))


def joined(previous: str, text: str) -> str:
    """The question that is searched for a follow-up: the one before, then the new words."""
    return f"{previous.rstrip('?!. ')}, {text}"
