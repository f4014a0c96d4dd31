"""Snapshots: the published state of all content, compiled and immutable. The service answers from one at a time.

A snapshot holds the content and what was fitted on it. Vectors and word counts of its texts stand beside the snapshots, each once
(``knowledge.vector_cache``, ``knowledge.word_counts``), so that every snapshot can be kept.
"""

from __future__ import annotations

import filecmp
import gzip
from dataclasses import dataclass
from pathlib import Path

from knowledge.compiled import Compiled
from knowledge.lexical import LexicalIndex
from knowledge.published import UNREADABLE, Manifest, NothingPublished, current_id, fitting_manifest
from knowledge.retrieval import Retrieval, examples_of
from knowledge.trained import Trained
from knowledge.vector_cache import VECTORS, VectorFile
from knowledge.vector_index import build_index, is_worth_keeping, read_index, save_index
from knowledge.word_counts import WORDS, WordFile


@dataclass(frozen=True)
class Snapshot:
    """One published state, in memory."""

    manifest: Manifest
    content: Compiled
    retrieval: Retrieval


def write_snapshot(folder: Path, snapshot: Snapshot, trained: Trained, replies: str) -> None:
    """Write a new snapshot below ``folder``, whole or not at all. It is not current yet. ``replies``: see ``knowledge.replies``.

    A file that equals the one of the current snapshot shares its place on disk.
    """
    building = folder / f".{snapshot.manifest.id}"
    building.mkdir(parents=True)
    _pack(building / "content.json.gz", snapshot.content.model_dump_json(by_alias=True, exclude_defaults=True))
    _pack(building / "replies.json.gz", replies)
    trained.save(building)
    if is_worth_keeping(snapshot.retrieval.index):
        save_index(snapshot.retrieval.index, building / "index.faiss")
    (building / "manifest.json").write_text(snapshot.manifest.model_dump_json(indent=2), encoding="utf-8")
    live = folder / (current_id(folder) or "")
    for path in building.iterdir():
        same = live / path.name
        if same.is_file() and filecmp.cmp(path, same, shallow=False):
            path.unlink()
            path.hardlink_to(same)
    building.rename(folder / snapshot.manifest.id)


def load_snapshot(folder: Path, encoder_name: str, identifier: str | None = None) -> Snapshot:
    """The current snapshot, or the one named. Raises ``NothingPublished`` when it is missing, broken, or of another encoder."""
    identifier = identifier or current_id(folder)
    if identifier is None:
        raise NothingPublished("Nothing is published yet. Run `python -m knowledge publish`.")
    manifest = fitting_manifest(folder, identifier, encoder_name)
    try:
        compiled, trained = read_compiled(folder, identifier), Trained.load(folder / identifier)
        examples = examples_of(compiled)
        texts = [example.text for example in examples]
        kept = folder / identifier / "index.faiss"
        vectors = VectorFile(folder / VECTORS, encoder_name)
        index = read_index(kept) if kept.exists() else build_index(trained.isotropy.apply(vectors.of(texts)))
        lexical = LexicalIndex.build(texts, WordFile(folder / WORDS).count)
        return Snapshot(manifest, compiled, Retrieval.of(encoder_name, examples, trained, index, lexical))
    except UNREADABLE as error:
        what = f"vectors of its texts are missing in {VECTORS}" if isinstance(error, KeyError) else str(error)
        raise NothingPublished(
            f"The snapshot {identifier} cannot be read: {what}. Run `python -m knowledge publish --full`."
        ) from error


def read_compiled(folder: Path, identifier: str) -> Compiled:
    """The content of a snapshot. Raises one of ``UNREADABLE``."""
    return Compiled.model_validate_json(_unpack(folder / identifier / "content.json.gz"))


def read_replies(folder: Path, identifier: str) -> bytes:
    """What ``write_snapshot`` was given. Raises one of ``UNREADABLE``."""
    return _unpack(folder / identifier / "replies.json.gz")


def _pack(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), compresslevel=5, mtime=0))


def _unpack(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())
