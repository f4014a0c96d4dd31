"""Where a person may be sent after a login or a form: to pages of the desk, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import quote

START = "/desk"
LOGIN = "/desk/login"

ANSWER_FORMS = "/desk/answers/"
LARGEST_FORM = 512 * 1024
"""Bytes of the form of an answer: forty examples in each of sixteen languages, letters of other scripts as six signs each."""

OF_THE_DESK = re.compile(r"/desk(?:[/?][\x21-\x5b\x5d-\x7e]*)?", re.ASCII)
"""Begins with the desk's own path, so it cannot name a host. Without backslashes, which browsers read as slashes, without spaces
and control characters, which they leave out."""


def safe_next(wished: str) -> str:
    """The path that was wished for when it is one of the desk, else the start page."""
    outside = not OF_THE_DESK.fullmatch(wished) or wished.startswith(("/desk/login", "/desk/sso", "/desk/logout"))
    return START if outside else wished


def login_address(wished: str) -> str:
    """The login page that leads on to ``wished``."""
    return LOGIN if safe_next(wished) == START else f"{LOGIN}?next={quote(wished, safe='')}"
