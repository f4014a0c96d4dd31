"""Takes out of scripts and style sheets what only their readers need: comments and indentation.

The sources stay as they were written, and run as they are: this only makes them lighter on the way. It knows no JavaScript,
so the sources keep to two rules that a test watches: no text over several lines, and no text that holds a comment's sign.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_INDENTED = re.compile(r"\n\s*")
_AROUND_SIGNS = re.compile(r"\s*([{};,>])\s*|(?<=[:])\s+")


def compact_script(text: str) -> str:
    """A script without comments, except those that stand behind code."""
    return _INDENTED.sub("\n", _LINE.sub("", _BLOCK.sub("", text))).strip() + "\n"


def compact_styles(text: str) -> str:
    """A style sheet without comments and spaces that mean nothing."""
    return _AROUND_SIGNS.sub(r"\1", _INDENTED.sub(" ", _BLOCK.sub("", text))).strip() + "\n"
