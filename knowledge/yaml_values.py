"""Values written as YAML: by the library that also reads the content, so that what is written is read as the same value.

(ruamel.yaml writes YAML 1.2, where ``no`` or ``12:30`` are plain words; the content is read as YAML 1.1, where they are not.)
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_ODD = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What a block of lines cannot hold, or not so that people see it: control characters, other line breaks."""

_NO_BLOCK = re.compile(r"\A\s|\A\Z|[ \t](?=\n|\Z)|\n\n\Z")
"""Blanks that would get lost at the ends of lines, or be taken for the indent."""


class Writer(yaml.SafeDumper):
    """Lists stand two blanks in from their key, and nothing is an alias of something before it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Styled(str):
    """A text with the style in which it stood before: plain, quoted (``'`` or ``"``) or a block of lines (``|``)."""

    style: str | None


def styled(text: str, style: str | None) -> Styled:
    """``text`` to be written in ``style`` where that can hold it."""
    made = Styled(text)
    made.style = style
    return made


def _write_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = getattr(text, "style", None)
    if _ODD.search(text):
        style = '"'
    elif "\n" in text or style == "|":
        style = '"' if _NO_BLOCK.search(text) else "|"
    return writer.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


Writer.add_representer(str, _write_text)
Writer.add_representer(Styled, _write_text)


def block(value: Any) -> str:
    """``value`` in lines of its own, with a line break at the end."""
    return _dump(value, flow=False)


def inline(value: Any) -> str:
    """``value`` for the middle of a line; a text of several lines has its further lines two blanks in."""
    if isinstance(value, dict | list):
        return _dump(value, flow=True).strip("\n")
    return _dump([value], flow=False).removeprefix("- ").rstrip("\n")


def indented(text: str, columns: int) -> str:
    """Every line of ``text`` but the first, and but empty ones, ``columns`` further in."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * columns, text)


def _dump(value: Any, flow: bool) -> str:
    return str(yaml.dump(value, Dumper=Writer, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=float("inf")))
