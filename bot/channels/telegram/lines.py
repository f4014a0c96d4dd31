"""What the channel itself says: the first greeting, and lines that belong to no conversation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from telegram import InlineKeyboardMarkup

from bot.channels.telegram.shown import Part
from bot.channels.telegram.styled import styled
from bot.language import direction
from bot.messages import Message
from bot.texts import line_language, say, say_in_telegram
from knowledge.markdown import to_html


def greeting(language: str | None, now: dt.datetime) -> Message:
    """Said at the first contact: who speaks, and what is stored."""
    told_in = line_language(language)
    text = f"{say('greeting', told_in)}\n\n{say_in_telegram('stored', told_in)}"
    return Message(
        at=now,
        sender="bot",
        kind="notice",
        text=text,
        html=to_html(text),
        language=told_in,
        dir=direction(told_in),
    )


def parts_of(lines: Sequence[str], keyboard: InlineKeyboardMarkup | None = None) -> list[Part]:
    """Plain lines, a paragraph each, with the buttons under the last."""
    texts = styled("".join(f"<p>{escape(line)}</p>" for line in lines))
    return [Part(text, keyboard if number == len(texts) else None) for number, text in enumerate(texts, 1)]
