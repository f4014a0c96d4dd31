"""Files that hold something for each text once, by the text's key. They only grow: a crash costs at most the last record."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

KEY_BYTES = 12
HEADER_BYTES = 512


def text_key(text: str) -> bytes:
    """The name of a text in such a file."""
    return hashlib.sha256(text.encode()).digest()[:KEY_BYTES]


def header(made_by: dict[str, str | int]) -> bytes:
    """The first bytes of the file: who made what is in it, as JSON, filled up with spaces."""
    return json.dumps(made_by, sort_keys=True).encode().ljust(HEADER_BYTES - 1) + b"\n"


def read_header(path: Path) -> dict[str, str | int]:
    """Who made the file; empty when it is missing or is none of ours."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(HEADER_BYTES))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def appending(path: Path, made_by: dict[str, str | int]) -> Iterator[BinaryIO]:
    """The file, held against other writers, at its end. One that somebody else made is replaced by an empty one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if read_header(path) != made_by:
        waiting = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        waiting.write_bytes(header(made_by))
        os.replace(waiting, path)
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0, os.SEEK_END)
        yield file
