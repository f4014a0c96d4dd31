"""Which snapshots there are, which of them is current, and what each is. Knows nothing of what is in them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import shutil
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

from pydantic import BaseModel

FORMAT = 3
"""Raised when what a snapshot holds changes in form; older ones are then published anew."""

UNREADABLE = (OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError, BadZipFile)
"""What reading a snapshot raises when it is not whole."""


class NothingPublished(Exception):
    """There is no snapshot that this service can answer from. The message says what to do."""


class Changes(BaseModel):
    """In what a snapshot differs from the one that was live before it."""

    added: list[str] = []
    removed: list[str] = []
    changed: list[str] = []
    """Ids of answers."""
    other: list[str] = []
    """What else: figures, contacts, municipalities, topics, boundaries, twins."""


class Manifest(BaseModel):
    """What a snapshot is."""

    id: str
    format: int
    published_at: dt.datetime
    encoder: str
    answers: int
    examples: int
    content: str
    """A fingerprint of all content files."""
    by: str | None = None
    """The role of whoever published it, when it was told."""
    changes: Changes = Changes()
    changed_since_full: int = 0
    """Examples that have changed since everything was fitted anew; 0 when it was for this one."""
    before: str | None = None
    """The id of the snapshot that was live before it; None for the first one."""


class Hold(BaseModel):
    """A rollback: until somebody publishes by word, nothing is published by itself."""

    put_back: str
    """The snapshot that is live since."""
    instead_of: str
    at: dt.datetime
    by: str | None = None


def current_id(folder: Path) -> str | None:
    """The id of the current snapshot, or None."""
    try:
        return (folder / "current").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def make_current(folder: Path, identifier: str) -> None:
    """The service takes the snapshot into use within seconds."""
    _write_whole(folder / "current", identifier + "\n")


def snapshot_ids(folder: Path) -> list[str]:
    """Every snapshot, the oldest first."""
    return sorted(path.parent.name for path in folder.glob("[!.]*/manifest.json"))


def read_manifest(folder: Path, identifier: str) -> Manifest:
    """What a snapshot is. Raises one of ``UNREADABLE``."""
    return Manifest.model_validate_json((folder / identifier / "manifest.json").read_bytes())


def fitting_manifest(folder: Path, identifier: str, encoder_name: str) -> Manifest:
    """The same, of a snapshot that this version can answer from with this encoder. Raises ``NothingPublished``."""
    try:
        manifest = read_manifest(folder, identifier)
    except UNREADABLE as error:
        raise NothingPublished(
            f"The snapshot {identifier} cannot be read: {error}. Run `python -m knowledge publish --full`."
        ) from error
    if manifest.format != FORMAT:
        raise NothingPublished(f"The snapshot {identifier} is of an older form. Run `python -m knowledge publish`.")
    if manifest.encoder != encoder_name:
        raise NothingPublished(
            f"The snapshot {identifier} was made with the encoder {manifest.encoder}, but {encoder_name} is set. "
            "Run `python -m knowledge publish`."
        )
    return manifest


def read_hold(folder: Path) -> Hold | None:
    """The rollback that holds, or None."""
    try:
        return Hold.model_validate_json((folder / "hold.json").read_bytes())
    except (OSError, ValueError):
        return None


def write_hold(folder: Path, hold: Hold | None) -> None:
    """Hold, or let go."""
    if hold is None:
        (folder / "hold.json").unlink(missing_ok=True)
    else:
        _write_whole(folder / "hold.json", hold.model_dump_json(indent=2))


def clear_unfinished(folder: Path) -> None:
    """Take away what a publishing left that was killed. Only for whoever holds the lock."""
    for path in folder.glob(".*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def content_fingerprint(root: Path) -> str:
    """Sixteen hexadecimal digits over every content file."""
    digest = hashlib.sha256()
    for path in content_files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def content_files(root: Path) -> Sequence[Path]:
    """The files of which a snapshot is made."""
    single = (root / f"{name}.yml" for name in ("figures", "contacts", "municipalities", "topics"))
    folders = (root / name for name in ("answers", "boundaries", "twins"))
    return sorted(path for path in chain(single, *(folder.rglob("*.yml") for folder in folders)) if path.is_file())


def _write_whole(path: Path, text: str) -> None:
    waiting = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    waiting.write_text(text, encoding="utf-8")
    os.replace(waiting, path)
