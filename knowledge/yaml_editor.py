"""Where in a YAML text its values stand, and which spans of it to replace so that it says something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import yaml

from knowledge.yaml_values import block, indented, inline, styled

Span = tuple[int, int, str]
"""From where to where the text is replaced, and by what."""

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*(?P<comment>[ \t]+#[^\r\n]*)?")


class NotInPlace(Exception):
    """This part cannot be changed within its lines: what encloses it is written anew."""


@dataclass(frozen=True)
class Pair:
    key: yaml.Node
    value: yaml.Node


class YamlEditor:
    """Finds out which parts of a text must change, and into what."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._loader = yaml.CSafeLoader(text)
        self.root = self._loader.get_single_node()

    def changes(self, node: yaml.Node, new: Any) -> Iterator[Span]:
        """The spans to replace so that ``node`` says ``new``. Raises ``NotInPlace``."""
        old = self._says(node)
        if old == new and type(old) is type(new):
            return
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and not node.flow_style and new:
            yield from self._changes_of_mapping(node, new)
        elif isinstance(node, yaml.SequenceNode) and isinstance(new, list) and not node.flow_style and new:
            yield from self._changes_of_list(node, old, new)
        elif isinstance(node, yaml.CollectionNode) and node.flow_style and _fits_inline(node, new):
            yield node.start_mark.index, node.end_mark.index, inline(new)
        elif isinstance(node, yaml.ScalarNode) and not isinstance(new, dict | list) and _is_written(node):
            yield self._scalar(node, new)
        else:
            raise NotInPlace

    def _changes_of_mapping(self, node: yaml.MappingNode, new: dict[Any, Any]) -> Iterator[Span]:
        pairs = {self._says(key): Pair(key, value) for key, value in node.value}
        kept = [pair for name, pair in pairs.items() if name in new]
        if not kept:
            raise NotInPlace
        column = node.start_mark.column
        for name, pair in pairs.items():
            if name not in new:
                yield self._lines_of(pair.key.start_mark.index, pair.value)
                continue
            try:
                yield from list(self.changes(pair.value, new[name]))
            except NotInPlace:
                start = pair.key.start_mark
                yield self._anew(start.index, pair.value, start.column, {name: new[name]})
        added: dict[int, str] = {}
        after: Pair | None = None
        for name, value in new.items():
            if name in pairs:
                after = pairs[name]
                continue
            at = self._line_end((after or kept[-1]).value)
            added[at] = added.get(at, "") + "\n" + " " * column + indented(block({name: value}).rstrip("\n"), column)
        yield from ((at, at, text) for at, text in added.items())

    def _changes_of_list(self, node: yaml.SequenceNode, old: list[Any], new: list[Any]) -> Iterator[Span]:
        starts = [self._dash(item) for item in node.value]
        column = starts[0] - self._line_start(starts[0])
        for kind, first, last, first_new, last_new in SequenceMatcher(
            None, [repr(each) for each in old], [repr(each) for each in new], autojunk=False
        ).get_opcodes():
            if kind == "equal":
                continue
            common = min(last - first, last_new - first_new)
            for number in range(common):
                item, value = node.value[first + number], new[first_new + number]
                try:
                    yield from list(self.changes(item, value))
                except NotInPlace:
                    yield self._anew(starts[first + number], item, column, [value])
            for number in range(first + common, last):
                yield self._lines_of(starts[number], node.value[number])
            added = "".join(
                " " * column + indented(block([value]).rstrip("\n"), column) + "\n"
                for value in new[first_new + common : last_new]
            )
            if added and first + common:
                at = self._line_end(node.value[first + common - 1])
                yield at, at, "\n" + added.rstrip("\n")
            elif added:
                at = self._line_start(starts[0])
                yield at, at, added

    def _scalar(self, node: yaml.ScalarNode, new: Any) -> Span:
        start, end = node.start_mark.index, self._content_end(node)
        comment = ""
        if node.style in ("|", ">"):
            head = _BLOCK_HEAD.match(self.text, start)
            comment = (head["comment"] or "") if head else ""
        written = inline(styled(new, "|" if node.style == ">" else node.style) if isinstance(new, str) else new)
        if "\n" in written:
            following = _COMMENT.match(self.text, end)
            if following and not comment:
                comment, end = following[0], following.end()
            written = indented(written, self._indent_of_line(start) if not self._after_dash(start) else self._dash_column(start))
            first, rest = written.split("\n", 1)
            return start, end, f"{first}{comment}\n{rest}"
        return start, end, written + comment

    def _anew(self, start: int, last: yaml.Node, column: int, value: Any) -> Span:
        """An entry or item that begins at ``start`` and ends with ``last``, as a whole. A comment after its last line stays."""
        end = self._content_end(last)
        written = indented(block(value).rstrip("\n"), column)
        comment = _COMMENT.match(self.text, end)
        if comment and "\n" in written:
            first, rest = written.split("\n", 1)
            return start, comment.end(), f"{first}{comment[0]}\n{rest}"
        return start, end, written

    def _lines_of(self, start: int, last: yaml.Node) -> Span:
        """The whole lines from ``start`` to the end of ``last``, to be taken away. Raises ``NotInPlace`` when more is on them."""
        begin = self._line_start(start)
        if self.text[begin:start].strip():
            raise NotInPlace
        newline = self.text.find("\n", self._line_end(last))
        return begin, len(self.text) if newline < 0 else newline + 1, ""

    def _says(self, node: yaml.Node) -> Any:
        return self._loader.construct_document(node)

    def _content_end(self, node: yaml.Node) -> int:
        """Where the words of a node end; blank lines and comments after it are not its own."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._content_end(last[1] if isinstance(last, tuple) else last)
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(self.text[start:end].rstrip())

    def _line_end(self, node: yaml.Node) -> int:
        """The end of the last line of a node, comment included, line break excluded."""
        newline = self.text.find("\n", self._content_end(node))
        end = len(self.text) if newline < 0 else newline
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _dash(self, item: yaml.Node) -> int:
        """Where the dash of an item is, also one in a line of its own. Raises ``NotInPlace`` when it shares its line."""
        dash = len(self.text[: item.start_mark.index].rstrip(" \r\n")) - 1
        if self.text[dash] != "-" or self.text[self._line_start(dash) : dash].strip():
            raise NotInPlace
        return dash

    def _after_dash(self, index: int) -> bool:
        return self.text[self._line_start(index) : index].strip() == "-"

    def _dash_column(self, index: int) -> int:
        return self.text[self._line_start(index) : index].index("-")

    def _indent_of_line(self, index: int) -> int:
        """The column in which the entry begins that has its value at ``index``: after a dash, where the key stands."""
        line = self.text[self._line_start(index) : index]
        return len(line) - len(line.lstrip(" -"))


def _is_written(node: yaml.Node) -> bool:
    """Whether there is anything in the text: an empty value is nowhere."""
    return bool(node.start_mark.index < node.end_mark.index)


def _fits_inline(node: yaml.CollectionNode, new: Any) -> bool:
    """Whether a value can take the place of one between brackets: a list of short words stays one, nothing else does."""
    if not isinstance(new, dict | list) or not new or not node.value:
        return False
    values = new.values() if isinstance(new, dict) else new
    return not any(isinstance(value, dict | list) or "\n" in str(value) for value in values)
