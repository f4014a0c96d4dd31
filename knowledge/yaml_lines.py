"""YAML read with the place of every key, item and text, so that a problem can name its line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import yaml

from knowledge.source_text import Remark, UnreadableFile, read_bytes, source_text
from knowledge.yaml_faults import fault

Location = tuple[int | str, ...]
Position = tuple[int, int]
"""Line and column, counted from 1."""

STRING = "tag:yaml.org,2002:str"
SMART_QUOTES = "“”„‟‘’‚«»"
DEEPEST = 50
"""So many levels at most; the contract has eight."""


@dataclass
class Positions:
    """Where the parts of one file stand."""

    keys: dict[Location, Position] = field(default_factory=dict)
    """Of keys and items."""
    texts: dict[Location, tuple[int, int, bool]] = field(default_factory=dict)
    """Where the text of a key begins, and whether it goes on line by line (a block) rather than on one line."""

    def of(self, location: Location) -> Position:
        """The place of ``location``, or of the nearest enclosing location that is known; the file's beginning at worst."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.keys:
                return self.keys[location[:length]]
        return 1, 1

    def inside(self, location: Location, text: str, offset: int) -> Position:
        """The place of the sign at ``offset`` of the text at ``location``, as near as folded lines and escapes let it be told."""
        line, column, block = self.texts.get(location) or (*self.of(location), False)
        if not block:
            return line, column + offset
        return line + text.count("\n", 0, offset), column + offset - (text.rfind("\n", 0, offset) + 1)

    def as_text(self) -> str:
        """The positions as JSON, for ``from_text``."""
        return orjson.dumps([list(self.keys.items()), list(self.texts.items())]).decode()

    @classmethod
    def from_text(cls, text: str) -> Positions:
        """What ``as_text`` wrote."""
        keys, texts = orjson.loads(text)
        return cls({tuple(where): tuple(at) for where, at in keys}, {tuple(where): tuple(at) for where, at in texts})


@dataclass
class Document:
    """Parsed data, where its parts stand, and what is odd about it."""

    data: Any
    positions: Positions = field(default_factory=Positions)
    remarks: list[Remark] = field(default_factory=list)


def read_yaml(path: Path) -> Document:
    """Read one YAML document. Raises ``UnreadableFile`` for what is not one, ``OSError`` for an unreadable file."""
    return parse_yaml(read_bytes(path))


def parse_yaml(raw: bytes) -> Document:
    """The YAML document in ``raw``. Raises ``UnreadableFile``.

    Read event by event: nothing in a file can run code (no tag is followed), name itself (no anchor is followed) or be nested
    so deeply that it brings the process down.
    """
    text = source_text(raw)
    loader = yaml.CSafeLoader(text)
    try:
        return _Reader(loader, text).read()
    except yaml.YAMLError as error:
        raise UnreadableFile(fault(error, text)) from error
    finally:
        loader.dispose()


class _Reader:
    """Turns the events of one file into data, and notes where each stood."""

    def __init__(self, loader: yaml.CSafeLoader, text: str) -> None:
        self._document = Document(None)
        self._loader = loader
        self._lines = text.split("\n")

    def read(self) -> Document:
        """The whole file, which holds one document or none."""
        for opening in (yaml.StreamStartEvent, yaml.DocumentStartEvent):
            if not self._loader.check_event(opening):
                return self._document
            self._loader.get_event()
        self._document.data = self._value((), _start(self._loader.peek_event()))
        self._loader.get_event()
        if not self._loader.check_event(yaml.StreamEndEvent):
            raise UnreadableFile(Remark("yaml-documents", *_start(self._loader.peek_event())))
        return self._document

    def _value(self, location: Location, position: Position) -> Any:
        event: Any = self._loader.get_event()
        self._document.positions.keys[location] = position
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise UnreadableFile(Remark("yaml-anchor", *_start(event)))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, location)
        if event.tag is not None:
            raise UnreadableFile(Remark("yaml-tag", *_start(event), (("tag", _shown(event.tag)),)))
        if len(location) > DEEPEST:
            raise UnreadableFile(Remark("yaml-too-deep", *_start(event)))
        return self._mapping(location) if isinstance(event, yaml.MappingStartEvent) else self._sequence(location)

    def _mapping(self, location: Location) -> dict[str, Any]:
        """Keys are text, whatever YAML takes them for: ``no`` is a language, not a denial."""
        found: dict[str, Any] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            key = self._loader.get_event()
            if not isinstance(key, yaml.ScalarEvent):
                raise UnreadableFile(Remark("yaml-braces", *_start(key)))
            if key.value in found:
                self._document.remarks.append(Remark("key-twice", *_start(key), (("key", key.value),)))
            found[key.value] = self._value((*location, key.value), _start(key))
        self._loader.get_event()
        return found

    def _sequence(self, location: Location) -> list[Any]:
        found: list[Any] = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            found.append(self._value((*location, len(found)), _start(self._loader.peek_event())))
        self._loader.get_event()
        return found

    def _scalar(self, event: yaml.ScalarEvent, location: Location) -> Any:
        value: str = event.value
        if event.style or not location or isinstance(location[-1], str):
            self._note_text(event, location)
        if not event.style and len(value) > 1 and value[0] in SMART_QUOTES and value[-1] in SMART_QUOTES:
            self._document.remarks.append(Remark("smart-quotes", *_start(event)))
        if event.tag is not None:
            raise UnreadableFile(Remark("yaml-tag", *_start(event), (("tag", _shown(event.tag)),)))
        if not event.implicit[0]:
            return value
        tag = self._loader.resolve(yaml.ScalarNode, value, event.implicit)  # type: ignore[no-untyped-call]
        if tag == STRING:
            return value
        try:
            return self._loader.construct_object(yaml.ScalarNode(tag, value))
        except (ValueError, yaml.constructor.ConstructorError):
            return value  # such as 2026-13-40: the contract says what is wrong with it

    def _note_text(self, event: yaml.ScalarEvent, location: Location) -> None:
        line, column = _start(event)
        if event.style not in ("|", ">"):
            self._document.positions.texts[location] = (line, column + bool(event.style), False)
            return
        first = next((number for number in range(line, len(self._lines)) if self._lines[number].strip()), line - 1)
        indent = len(self._lines[first]) - len(self._lines[first].lstrip(" "))
        self._document.positions.texts[location] = (first + 1, indent + 1, event.style == "|")


def _start(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
