"""Russian that is typed in Latin letters, put into its own: the encoder and the examples know little of ``kakoy vnzh nuzhen``."""

from __future__ import annotations

import re

import cyrtranslit

from bot.language import is_name

_LATIN_WORD = re.compile(r"[A-Za-z]+")


def in_own_script(text: str, language: str | None) -> str:
    """``text`` with its Latin words in Cyrillic when ``language`` is Russian and no Cyrillic stands in it; else as it is.

    Names of places and authorities (Joensuu, Kela, Migri) stay in Latin letters, as they stand in the examples.
    """
    if language != "ru" or re.search(r"[\u0400-\u04ff]", text):
        return text
    return _LATIN_WORD.sub(lambda match: match.group() if is_name(match.group()) else _cyrillic(match.group()), text)


def _cyrillic(word: str) -> str:
    return str(cyrtranslit.to_cyrillic(word, "ru"))
