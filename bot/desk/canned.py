"""Ready replies of the desk: ``bot/texts/desk/canned.yml``. They are put into the writing box, never sent by themselves."""

from __future__ import annotations

from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

from bot.texts import FOLDER, line_language


class CannedReply(BaseModel):
    """One ready reply. Its title is in the languages of the desk, its text in those of the fixed lines."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: dict[str, str]
    text: dict[str, str]


def canned_language(language: str) -> str:
    """The language in which a newcomer who writes ``language`` gets the replies: English where they do not exist in it."""
    return line_language(language)


@cache
def canned_replies() -> list[CannedReply]:
    """All of them, in their order in the file."""
    loaded = yaml.safe_load((FOLDER / "desk" / "canned.yml").read_text(encoding="utf-8"))
    return [CannedReply.model_validate(each) for each in loaded]
