"""Buttons under a message, one in a row. What stands behind one is at most 64 bytes: its place in the message, or a choice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages import Message

LONGEST_TITLE = 60
"""Characters on a button at most: phones cut what is longer."""

Choice = Literal["language", "place", "erase"]

PLACE_OF_BUTTON = re.compile(r"m([0-9]{1,18})\.([0-9]{1,3})")
CHOICE = re.compile(r"(language|place|erase):([a-z_-]{1,40})")


@dataclass(frozen=True)
class Pressed:
    """A button of a stored message, by its place there."""

    message_id: int
    index: int


@dataclass(frozen=True)
class Chosen:
    """A choice that this channel itself offered: a language, a municipality, whether to erase."""

    what: Choice
    value: str


def read_data(data: str) -> Pressed | Chosen | None:
    """What stands behind a button; None when it is none of ours."""
    if place := PLACE_OF_BUTTON.fullmatch(data):
        return Pressed(int(place[1]), int(place[2]))
    if choice := CHOICE.fullmatch(data):
        what: Choice = "language" if choice[1] == "language" else "place" if choice[1] == "place" else "erase"
        return Chosen(what, choice[2])
    return None


def buttons_of(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message; those of a choice have the numbers of its list."""
    numbered = len(message.alternatives)
    titles = [f"{number}. {each.title}" if number <= numbered else each.title for number, each in enumerate(message.buttons, 1)]
    return _keyboard({f"m{message.id}.{index}": title for index, title in enumerate(titles)})


def choices(what: Choice, titles: Mapping[str, str]) -> InlineKeyboardMarkup | None:
    """A button for each choice: its value and its title."""
    return _keyboard({f"{what}:{value}": title for value, title in titles.items()})


def link_button(title: str, address: str) -> InlineKeyboardMarkup:
    """One button that opens a page."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(_short(title), url=address)]])


def _keyboard(titles: Mapping[str, str]) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(_short(title), callback_data=data)] for data, title in titles.items()]
    return InlineKeyboardMarkup(rows) if rows else None


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    begin = title[: LONGEST_TITLE - 1]
    return (begin.rsplit(" ", 1)[0] if " " in begin[20:] else begin) + "…"
