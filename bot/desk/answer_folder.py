"""The content folder as it stands on disk, for the desk: of its files only those are read again that have changed."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from knowledge.editing import read_file
from knowledge.load import Content, load_content
from knowledge.model import IDENTIFIER
from knowledge.read_cache import ReadCache

MOST_PROPOSALS = 1_000
"""Texts that somebody was writing, after which all files are read anew."""


@dataclass(frozen=True)
class AnswerFiles:
    """The two files of an answer, and their texts; an empty text where there is no file."""

    answer: Path
    twin: Path
    texts: Mapping[Path, str]

    def changed(self, answer: str, twin: str) -> dict[Path, str]:
        """The files whose text is not this one."""
        return {path: text for path, text in ((self.answer, answer), (self.twin, twin)) if text != self.texts[path]}


class AnswerFolder:
    """What the files under ``root`` say now. What is live may be older."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.cache, self._proposals = ReadCache(), 0

    async def content(self) -> Content:
        """Everything, as of now."""
        return await asyncio.to_thread(self.content_with, {})

    def content_with(self, texts: Mapping[Path, str]) -> Content:
        """Everything as it would be with these texts in these files; an empty text is no file."""
        self._proposals += bool(texts)
        if self._proposals > MOST_PROPOSALS:  # each is remembered
            self.cache, self._proposals = ReadCache(), 0
        return load_content(self.root, self.cache, {path: text.encode() for path, text in texts.items() if text})

    def files(self, identifier: str) -> AnswerFiles | None:
        """The files of an answer that exists. Raises ``CannotEdit``, ``OSError``."""
        if not IDENTIFIER.fullmatch(identifier):
            return None
        found = next(iter(sorted(self.root.glob(f"answers/*/{identifier}.yml"))), None)
        return None if found is None else self._read(found)

    def new_files(self, group: str, identifier: str) -> AnswerFiles:
        """Where the files of a new answer will be. Raises ``CannotEdit``, ``OSError``."""
        return self._read(self.root / "answers" / group / f"{identifier}.yml")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else at a desk changes files meanwhile, in this process or another one."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self, answer: Path) -> AnswerFiles:
        twin = self.root / "twins" / answer.parent.name / answer.name
        return AnswerFiles(answer, twin, {path: read_file(path) if path.exists() else "" for path in (answer, twin)})
