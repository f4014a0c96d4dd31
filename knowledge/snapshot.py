"""Snapshots: the published state of all content, compiled and immutable. The service answers from one at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from pydantic import BaseModel

from knowledge.check import check_content
from knowledge.encoder import Encoder
from knowledge.load import Content
from knowledge.model import Answer, Contact, Figure, Municipality, Topic
from knowledge.problems import Problem, Severity
from knowledge.retrieval import Retrieval
from knowledge.vector_cache import VectorCache

KEPT = 5
"""How many snapshots stay on disk, so that an older one can be put back."""

FORMAT = 2
"""Raised when what a snapshot holds changes in form; older ones are then published anew."""


class NothingPublished(Exception):
    """There is no snapshot that this service can answer from. The message says what to do."""


class ContentRefused(Exception):
    """The content has errors, so it was not published."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} errors")
        self.problems = problems


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


class Compiled(BaseModel):
    """The content as the service reads it."""

    answers: dict[str, Answer]
    figures: dict[str, Figure]
    contacts: dict[str, Contact]
    municipalities: dict[str, Municipality]
    topics: dict[str, Topic]


@dataclass(frozen=True)
class Snapshot:
    """One published state, in memory."""

    manifest: Manifest
    content: Compiled
    retrieval: Retrieval


def publish(content: Content, folder: Path, encoder: Encoder, now: dt.datetime) -> Manifest:
    """Compile ``content`` into a new snapshot below ``folder`` and make it the current one.

    Nothing is changed, and ``ContentRefused`` raised, when the content has an error. Content that has merely expired is
    published: it is shown without the figure, or not at all.
    """
    errors = [problem for problem in check_content(content, now.date()) if problem.severity is Severity.error]
    if errors:
        raise ContentRefused(errors)
    retrieval = Retrieval.build(content, encoder, VectorCache(folder / "vectors.npz", encoder))
    manifest = Manifest(
        id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
        format=FORMAT,
        published_at=now,
        encoder=encoder.name,
        answers=len(content.answers),
        examples=len(retrieval.examples),
        content=content_fingerprint(content.root),
    )
    compiled = Compiled(
        answers=content.answers,
        figures=content.figures,
        contacts=content.contacts,
        municipalities=content.municipalities,
        topics=content.topics,
    )
    building = folder / f".{manifest.id}"
    building.mkdir(parents=True)
    retrieval.save(building)
    (building / "content.json").write_text(compiled.model_dump_json(by_alias=True), encoding="utf-8")
    (building / "manifest.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    building.rename(folder / manifest.id)
    _make_current(folder, manifest.id)
    _remove_old(folder, manifest.id)
    return manifest


def load_snapshot(folder: Path, encoder_name: str) -> Snapshot:
    """The current snapshot. Raises ``NothingPublished`` when there is none, it is broken, or another encoder made it."""
    identifier = current_id(folder)
    if identifier is None:
        raise NothingPublished("Nothing is published yet. Run `python -m knowledge publish`.")
    place = folder / identifier
    try:
        manifest = Manifest.model_validate_json((place / "manifest.json").read_bytes())
        if manifest.format != FORMAT:
            raise NothingPublished(f"The snapshot {identifier} is of an older form. Run `python -m knowledge publish`.")
        if manifest.encoder != encoder_name:
            raise NothingPublished(
                f"The snapshot {identifier} was made with the encoder {manifest.encoder}, but {encoder_name} is set. "
                "Run `python -m knowledge publish`."
            )
        compiled = Compiled.model_validate_json((place / "content.json").read_bytes())
        return Snapshot(manifest, compiled, Retrieval.load(place))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError, BadZipFile) as error:
        raise NothingPublished(
            f"The snapshot {identifier} cannot be read: {error}. Run `python -m knowledge publish`."
        ) from error


def current_id(folder: Path) -> str | None:
    """The id of the current snapshot, or None."""
    try:
        return (folder / "current").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def content_fingerprint(root: Path) -> str:
    """Sixteen hexadecimal digits over every content file."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yml")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def published_content(folder: Path) -> tuple[str, str] | None:
    """Fingerprint of the content, and encoder, of the current snapshot; None when nothing is published."""
    identifier = current_id(folder)
    if identifier is None:
        return None
    try:
        manifest = json.loads((folder / identifier / "manifest.json").read_text(encoding="utf-8"))
        return (manifest["content"], manifest["encoder"]) if manifest["format"] == FORMAT else None
    except (OSError, ValueError, KeyError):
        return None


def _make_current(folder: Path, identifier: str) -> None:
    waiting = folder / f".current-{secrets.token_hex(4)}"
    waiting.write_text(identifier + "\n", encoding="utf-8")
    os.replace(waiting, folder / "current")


def _remove_old(folder: Path, current: str) -> None:
    published = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for path in published[:-KEPT]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
