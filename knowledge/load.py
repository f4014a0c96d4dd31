"""Reads the content folder into ``Content``, collecting every problem of form on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from knowledge.checking.form import breaches
from knowledge.content import Content, Place
from knowledge.model import Answer, Boundary, Contact, Figure, Municipality, Topic, Twin
from knowledge.problems import Problem, named, shown_path
from knowledge.read_cache import ReadCache, file_key
from knowledge.source_text import Remark, UnreadableFile, read_bytes
from knowledge.yaml_lines import Document, Positions, parse_yaml

__all__ = ["CONTENT", "Content", "Place", "load_content"]

NAME = re.compile(r"^[a-z][a-z0-9_-]{0,79}$")
"""What names a figure, a contact or a municipality."""

CONTENT = Path(__file__).resolve().parent
"""The folder with ``answers/``, ``topics.yml`` and the rest."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class ReadFile:
    """One file of one model, read: its value unless it breaks the contract, and where its parts stand."""

    value: BaseModel | None
    place: Place
    problems: tuple[Problem, ...]


def load_content(root: Path = CONTENT, cache: ReadCache | None = None, instead: Mapping[Path, bytes] | None = None) -> Content:
    """Read every file below ``root``. Never raises for bad content: see ``Content.problems``.

    A file that ``cache`` knows is not parsed. ``instead`` has bytes to be read in the place of a file's own, or of a file that is
    not there yet.
    """
    loader = _Loader(Content(root, cache=cache or ReadCache()), dict(instead or {}))
    loader.read_all()
    loader.content.cache.save()
    return loader.content


class _Loader:
    """Reads into one ``Content``."""

    def __init__(self, content: Content, instead: dict[Path, bytes]) -> None:
        self.content = content
        self._instead = instead

    def read_all(self) -> None:
        content, root = self.content, self.content.root
        for path in self._files("answers"):
            if path.suffix == ".yml" and path.parent.parent == root / "answers":
                self._one(path, "answer", Answer, content.answers)
            else:
                content.problems.append(Problem(self._shown(path), 1, 1, "file-not-read"))
        self._mapping("figures.yml", "figure", Figure, content.figures)
        self._mapping("contacts.yml", "contact", Contact, content.contacts)
        self._mapping("municipalities.yml", "municipality", Municipality, content.municipalities)
        self._topics("topics.yml")
        for path in self._files("boundaries"):
            if path.suffix == ".yml":
                self._one(path, "boundary", Boundary, content.boundaries)
        for path in self._files("twins"):
            if path.suffix == ".yml":
                self._one(path, "twin", Twin, content.twins)

    def _files(self, folder: str) -> list[Path]:
        """Every file below a folder; hidden ones are those of editors and version control."""
        below = self.content.root / folder
        found = {path for path in below.rglob("*") if path.is_file()} | {path for path in self._instead if below in path.parents}
        return sorted(path for path in found if not path.name.startswith("."))

    def _shown(self, path: Path) -> str:
        return shown_path(path, self.content.root.parent)

    def _one(self, path: Path, kind: str, model: type[Model], into: dict[str, Model]) -> None:
        raw = self._bytes(path)
        if raw is None:
            self.content.unread.add((kind, path.stem))
            return
        read = self._read(path, raw, kind, model)
        self.content.problems += read.problems
        if not isinstance(read.value, model):
            self.content.unread.add((kind, path.stem))
            return
        identifier = str(read.value.id)  # type: ignore[attr-defined]
        if (kind, identifier) in self.content.places:
            other = self.content.place(kind, identifier).path
            self.content.problems.append(read.place.problem("id-taken", "id", id=identifier, other=other))
            return
        if path.stem != identifier:
            self.content.problems.append(read.place.problem("id-not-file-name", "id", id=identifier, name=path.stem))
        into[identifier] = read.value
        self.content.places[kind, identifier] = read.place

    def _read(self, path: Path, raw: bytes, kind: str, model: type[Model]) -> ReadFile:
        shown = self._shown(path)
        if path in self._instead:  # what somebody is still writing is not worth keeping
            return _read(raw, model, shown, "")
        key = file_key(kind, shown, raw)
        read = self.content.cache.find(key, partial(_from_text, model=model, path=shown, key=key))
        if read is None:
            read = _read(raw, model, shown, key)
            self.content.cache.keep(key, read, partial(_as_text, read))
        return read

    def _mapping(self, name: str, kind: str, model: type[Model], into: dict[str, Model]) -> None:
        document = self._document(name)
        shown = self._shown(self.content.root / name)
        if document is None or not isinstance(document.data, dict):
            self.content.unread.add((kind, None))
            if document is not None:
                self.content.problems.append(Problem(shown, 1, 1, "file-not-a-mapping"))
            return
        for identifier, data in document.data.items():
            place = Place(shown, lambda: document.positions, (identifier,))
            if not NAME.match(identifier):
                self.content.problems.append(place.problem("name-form", name=identifier))
            elif (value := self._valid(place, data, model)) is None:
                self.content.unread.add((kind, identifier))
            else:
                into[identifier] = value
                self.content.places[kind, identifier] = place

    def _topics(self, name: str) -> None:
        document = self._document(name)
        shown = self._shown(self.content.root / name)
        if document is None or not isinstance(document.data, list):
            self.content.unread.add(("topic", None))
            if document is not None:
                self.content.problems.append(Problem(shown, 1, 1, "topics-not-a-list"))
            return
        for number, data in enumerate(document.data):
            place = Place(shown, lambda: document.positions, (number,))
            topic = self._valid(place, data, Topic)
            if topic is None:
                self.content.unread.add(("topic", data.get("id") if isinstance(data, dict) else None))
                continue
            if topic.id in self.content.topics:
                self.content.problems.append(place.problem("topic-twice", "id", id=topic.id))
            self.content.topics[topic.id] = topic
            self.content.places["topic", topic.id] = place

    def _valid(self, place: Place, data: Any, model: type[Model]) -> Model | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.content.problems += breaches(error, place)
            return None

    def _document(self, name: str) -> Document | None:
        """A file of several parts as it stands, or None after its problem was told."""
        path = self.content.root / name
        raw = self._bytes(path)
        if raw is None:
            return None
        try:
            document = parse_yaml(raw)
        except UnreadableFile as error:
            self.content.problems.append(_placed(self._shown(path), error.remark))
            return None
        self.content.problems += [_placed(self._shown(path), remark) for remark in document.remarks]
        return document

    def _bytes(self, path: Path) -> bytes | None:
        if path in self._instead:
            return self._instead[path]
        try:
            return read_bytes(path)
        except OSError as error:
            self.content.problems.append(Problem(self._shown(path), 1, 1, "file-unreadable", named({"said": error.strerror})))
            return None


def _read(raw: bytes, model: type[BaseModel], path: str, key: str) -> ReadFile:
    try:
        document = parse_yaml(raw)
    except UnreadableFile as error:
        return ReadFile(None, Place(path, Positions), (_placed(path, error.remark),))
    place = Place(path, lambda: document.positions, key=key)
    problems = [_placed(path, remark) for remark in document.remarks]
    try:
        return ReadFile(model.model_validate(document.data), place, tuple(problems))
    except ValidationError as error:
        return ReadFile(None, place, (*problems, *breaches(error, place)))


def _as_text(read: ReadFile) -> str:
    value = None if read.value is None else read.value.model_dump_json(by_alias=True, exclude_unset=True)
    return orjson.dumps([value, read.place.positions().as_text(), [problem.as_row() for problem in read.problems]]).decode()


def _from_text(text: str, model: type[Model], path: str, key: str) -> ReadFile:
    value, positions, problems = orjson.loads(text)
    place = Place(path, cache(partial(Positions.from_text, positions)), key=key)
    return ReadFile(None if value is None else model.model_validate_json(value), place, tuple(map(Problem.from_row, problems)))


def _placed(path: str, remark: Remark) -> Problem:
    return Problem(path, remark.line, remark.column, remark.rule, remark.values)
