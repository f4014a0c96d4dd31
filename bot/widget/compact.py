"""Takes out of scripts and style sheets what only their readers need: comments, indentation, and blanks around signs.

The sources stay as they were written, and run as they are: this only makes them lighter on the way. Of JavaScript it knows what
comments, texts and regular expressions look like, and no more. A test watches that no text goes over several lines.
"""

from __future__ import annotations

import re
from itertools import chain, zip_longest

_APART = re.compile(
    r"""(//[^\n]* | /\*.*?\*/)
    | (
        "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
        | `(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^`{}]|`[^`]*`|\{[^`{}]*\})*\})*`
        | (?:(?<=[(,=:\[!&|?;{}>])|(?<=[(,=:\[!&|?;{}>][ ]))/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/
    )""",
    re.VERBOSE | re.DOTALL,
)
"""Comments, and what stays as it is: texts, which may hold others in ``${…}``, and regular expressions, which follow a sign."""

_BLANKS = re.compile(r" *([{}()\[\],;:?=<>&|*]+) *")
"""Signs that need no blanks. Those that mean something else when they meet (``+ +``) keep them."""

_BLOCK = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENTED = re.compile(r"\n\s*")
_AROUND_SIGNS = re.compile(r"\s*([{};,>])\s*|(?<=[:])\s+")


def compact_script(text: str) -> str:
    """A script without comments and blanks that mean nothing. Lines stay lines, as JavaScript may end a statement with one."""
    parts = _APART.split(text)
    code = (_BLANKS.sub(r"\1", part) for part in parts[::3])
    kept = (part or "" for part in parts[2::3])
    return _INDENTED.sub("\n", "".join(chain(*zip_longest(code, kept, fillvalue="")))).strip() + "\n"


def compact_styles(text: str) -> str:
    """A style sheet without comments and spaces that mean nothing."""
    return _AROUND_SIGNS.sub(r"\1", _INDENTED.sub(" ", _BLOCK.sub("", text))).strip() + "\n"
