"""The content folder as it stands on disk, for the desk: read again when a file has changed, and then only that file."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.editing import CannotEdit, read_file
from knowledge.load import Content, load_content
from knowledge.problems import shown_path

FEW = 20
"""Changed files up to which each is read alone; beyond, everything is read anew."""

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,79}")
"""What an answer may be called."""

Stamps = dict[Path, tuple[int, int]]


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
        self._reading = threading.Lock()
        self._stamps: Stamps = {}
        self._content: Content | None = None

    async def content(self) -> Content:
        """Everything, as of now."""
        return await asyncio.to_thread(self._current)

    def files(self, identifier: str) -> AnswerFiles | None:
        """The files of an answer that exists. Raises ``CannotEdit``, ``OSError``."""
        if not IDENTIFIER.fullmatch(identifier):
            return None
        found = next(iter(sorted(self.root.glob(f"answers/*/{identifier}.yml"))), None)
        return None if found is None else self._read(found)

    def new_files(self, group: str, identifier: str) -> AnswerFiles:
        """Where the files of a new answer will be. Raises ``CannotEdit``, ``OSError``."""
        return self._read(self.root / "answers" / group / f"{identifier}.yml")

    def shown(self, path: Path) -> str:
        """How problems name a file."""
        return shown_path(path, self.root.parent)

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

    def _current(self) -> Content:
        with self._reading:
            stamps = _stamps(self.root)
            if self._content is None:
                self._content = load_content(self.root)
            elif stamps != self._stamps:
                changed = {path for path in stamps if stamps[path] != self._stamps.get(path)}
                alone = stamps.keys() >= self._stamps.keys() and len(changed) <= FEW and all(map(self._is_one_answers, changed))
                self._content = self._with(self._content, changed) if alone else load_content(self.root)
            self._stamps = stamps
            return self._content

    def _with(self, content: Content, changed: set[Path]) -> Content:
        try:
            return with_proposed(content, {path: read_file(path) for path in changed})
        except (CannotEdit, OSError):
            return load_content(self.root)

    def _is_one_answers(self, path: Path) -> bool:
        return path.relative_to(self.root).parts[0] in ("answers", "twins")


def with_proposed(content: Content, files: Mapping[Path, str]) -> Content:
    """``content`` as it would be if these files of answers and twins had these texts. An empty text is no file."""
    root = content.root
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / root.name
        for path, text in files.items():
            if text:
                place = beside / path.relative_to(root)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text.encode())
        proposed = load_content(beside)
    shown = {shown_path(path, root.parent) for path in files}
    answers = {name: each for name, each in content.answers.items() if content.place("answer", name).path not in shown}
    twins = {name: each for name, each in content.twins.items() if content.place("twin", name).path not in shown}
    places = {key: place for key, place in content.places.items() if place.path not in shown}
    return replace(
        content,
        answers={**answers, **proposed.answers},
        twins={**twins, **proposed.twins},
        places={**places, **proposed.places},
        problems=[problem for problem in content.problems if problem.path not in shown]
        + [problem for problem in proposed.problems if problem.path in shown],
    )


def _stamps(root: Path) -> Stamps:
    found: Stamps = {}
    for path in root.rglob("*.yml"):
        try:
            stat = path.stat()
        except OSError:
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size)
    return found
