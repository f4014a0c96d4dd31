"""Follow-ups: a question that leans on the one before ("and how much does it cost?")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from knowledge.encoder import Vectors
from knowledge.tokens import fold, words

MARKERS_FILE = Path(__file__).resolve().parent / "follow_up.yml"

SHORT = 8
"""A follow-up has at most so many words."""


@cache
def _markers() -> dict[str, re.Pattern[str]]:
    data = yaml.safe_load(MARKERS_FILE.read_text(encoding="utf-8"))
    starts = "|".join(
        sorted((re.escape(fold(text)) for listed in data["starts"].values() for text in listed), key=len, reverse=True)
    )
    inside = "|".join(
        sorted((re.escape(fold(text)) for listed in data["inside"].values() for text in listed), key=len, reverse=True)
    )
    return {"starts": re.compile(rf"^\W*(?:{starts})(?!\w)"), "inside": re.compile(rf"(?<!\w)(?:{inside})(?!\w)")}


@dataclass(frozen=True)
class Leaning:
    """How far a message leans on the question before it.

    ``joined`` is the share that the two together have in the score, ``topic`` what is added for answers of the topic before.
    """

    joined: float
    topic: float


MARKED = Leaning(joined=0.5, topic=2.0)
"""For a short message that begins like a continuation or points back."""

UNMARKED = Leaning(joined=0.2, topic=1.0)
"""For any other short message: it may lean, or begin something new. Both are chosen on the development follow-ups, with short
questions after an unrelated one as a control."""


def leaning(text: str, previous: str | None) -> Leaning | None:
    """How ``text`` leans on ``previous``; None when it stands alone because it is long or nothing came before."""
    if not previous or len(words(text)) > SHORT:
        return None
    folded = fold(text)
    marked = _markers()["starts"].search(folded) or _markers()["inside"].search(folded)
    return MARKED if marked else UNMARKED


def joined(previous: str, text: str) -> str:
    """The question that is searched for a follow-up: the one before, then the new words."""
    return f"{previous.rstrip('?!. ')}, {text}"


def spread_together(lean: Leaning, previous: str, text: str, spread_of: Callable[[str], Vectors]) -> Vectors:
    """The spread vector, shape (d,), by which the two questions are searched together.

    A marked follow-up is encoded as one text. For any other the two vectors, which are known already, are averaged: on the
    development follow-ups that finds the same answers among the first three, and encoding is the dearest step of a turn.
    """
    if lean is MARKED:
        return spread_of(joined(previous, text))
    both = spread_of(previous) + spread_of(text)
    return np.asarray(both / max(float(np.linalg.norm(both)), 1e-9), dtype=np.float32)
