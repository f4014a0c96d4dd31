"""What was read and found in a file before, by the hash of its bytes: an unchanged file is not parsed or checked again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

CHECKED = "checked.db"
"""The file's name in the folder of snapshots."""

MOST_ENTRIES = 20_000
"""So many are kept on disk. Beyond it the oldest go."""

READ_BY = ("pydantic", "pyyaml", "markdown-it-py", "phonenumbers")
"""Libraries that have a say in what is read and found."""

Found = TypeVar("Found")


class ReadCache:
    """Entries in memory, and as text in an SQLite file when a path is given. A file that is broken or locked is an empty cache.

    Entries made by other code than today's are not found: the code that reads and checks is part of every key.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, Any] = {}
        self._texts: dict[str, str] = self._load() if path is not None else {}
        self._new: dict[str, str] = {}

    def find(self, key: str, read: Callable[[str], Found]) -> Found | None:
        """The entry of ``key``, put into form by ``read`` when it comes from disk; None when there is none."""
        if key in self._known:
            return cast(Found, self._known[key])
        text = self._texts.get(key)
        if text is None:
            return None
        found = self._known[key] = read(text)
        return found

    def keep(self, key: str, value: Any, write: Callable[[], str]) -> None:
        """Keep ``value``, and what ``write`` makes of it on disk at the next ``save``."""
        self._known[key] = value
        if self._path is not None:
            self._new[key] = write()

    def save(self) -> None:
        """Write what is new. A disk that is full or a file that is locked costs time at the next run, nothing else."""
        if self._path is None or not self._new:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _Database(self._path) as database:
                database.executemany("INSERT OR REPLACE INTO entries (key, text) VALUES (?, ?)", self._new.items())
                database.execute(
                    "DELETE FROM entries WHERE rowid NOT IN (SELECT rowid FROM entries ORDER BY rowid DESC LIMIT ?)",
                    (MOST_ENTRIES,),
                )
            self._texts |= self._new
            self._new = {}
        except (OSError, sqlite3.Error):
            return

    def _load(self) -> dict[str, str]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with _Database(self._path) as database:
                prefix = fingerprint_of_code()
                rows = database.execute("SELECT key, text FROM entries WHERE key >= ? AND key < ?", (prefix, prefix + "~"))
                return dict(rows.fetchall())
        except sqlite3.Error:
            self._path.unlink(missing_ok=True)
            return {}


def file_key(kind: str, shown: str, raw: bytes) -> str:
    """What names a file's entry: the code that reads, what it is read as, where it stands, and its bytes."""
    digest = hashlib.blake2b(raw, digest_size=16)
    digest.update(f"\0{kind}\0{shown}".encode())
    return f"{fingerprint_of_code()}:{digest.hexdigest()}"


@cache
def fingerprint_of_code() -> str:
    """Twelve hexadecimal digits over the code, word lists and libraries that read and check."""
    here = Path(__file__).resolve().parent
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted([*here.glob("*.py"), *(here / "checking").iterdir()]):
        if path.is_file():
            digest.update(path.read_bytes())
    digest.update(" ".join(version(name) for name in READ_BY).encode())
    return digest.hexdigest()


class _Database:
    """A connection that is committed and closed at the end."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=2)

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, text TEXT NOT NULL)")
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.commit()
        self._connection.close()
