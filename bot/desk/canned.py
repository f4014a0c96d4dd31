"""Ready replies of the desk: ``bot/texts/desk/canned.yml``. They are put into the writing box, never sent by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from bot.language import direction
from bot.texts import FOLDER, LANGUAGES


@dataclass(frozen=True)
class CannedReply:
    """One ready reply in the newcomer's language."""

    id: str
    title: str
    """In the language of the desk."""
    text: str
    language: str
    dir: str


def canned_replies(desk_language: str, language: str) -> list[CannedReply]:
    """The replies for a newcomer who writes ``language``; in English where the language has none."""
    shown_in = language if language in LANGUAGES else "en"
    return [
        CannedReply(each["id"], each["title"][desk_language], each["text"][shown_in].strip(), shown_in, direction(shown_in))
        for each in _catalogue()
    ]


@cache
def _catalogue() -> list[dict[str, dict[str, str] | str]]:
    loaded: list[dict[str, dict[str, str] | str]] = yaml.safe_load((FOLDER / "desk" / "canned.yml").read_text(encoding="utf-8"))
    return loaded
