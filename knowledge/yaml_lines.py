"""YAML read with the line of every key and item, so that a problem can name its place."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Location = tuple[int | str, ...]


class UnreadableYaml(Exception):
    """The file is not YAML: ``line`` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


@dataclass
class Document:
    """Parsed data with the line of each location in it."""

    data: Any
    lines: dict[Location, int]
    repeated: list[tuple[str, int]] = field(default_factory=list)

    def line_of(self, location: Location) -> int:
        """The line of ``location``, or of the nearest enclosing location that is known; 1 at worst."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return 1


def read_yaml(path: Path) -> Document:
    """Read one YAML document.

    Raises ``UnreadableYaml`` for broken YAML or bytes that are not UTF-8, ``OSError`` for an unreadable file.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableYaml(1, "the file is not UTF-8 text") from error
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        document = Document(data=None, lines={})
        if node is not None:
            _note_lines(node, (), document)
            document.data = loader.construct_document(node)
        return document
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or "the YAML cannot be read"
        if mark and text.splitlines()[mark.line : mark.line + 1] and "\t" in text.splitlines()[mark.line]:
            what += " (the line has a tab: use blanks)"
        raise UnreadableYaml(mark.line + 1 if mark else 1, what) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise UnreadableYaml(1, str(error).splitlines()[0]) from error
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, location: Location, document: Document, above: tuple[yaml.Node, ...] = ()) -> None:
    document.lines[location] = node.start_mark.line + 1
    if node in above:
        raise UnreadableYaml(node.start_mark.line + 1, "a part refers to itself")
    above = (*above, node)
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise UnreadableYaml(key.start_mark.line + 1, "braces begin a mapping here; put the text between quotation marks")
            name = key.value
            if name in seen:
                document.repeated.append((name, key.start_mark.line + 1))
            seen.add(name)
            _note_lines(value, (*location, name), document)
            document.lines[(*location, name)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note_lines(item, (*location, number), document)
