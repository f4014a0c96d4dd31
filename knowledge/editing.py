"""Changes YAML files as a careful hand would: only the lines of what changes are written anew, comments and order stay.

Values get into a file through ``yaml_values`` alone, and every result is read again and compared before it is given out.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from knowledge.source_text import UnreadableFile
from knowledge.yaml_editor import NotInPlace, YamlEditor
from knowledge.yaml_lines import parse_yaml
from knowledge.yaml_values import block


class CannotEdit(Exception):
    """The file is written in a way that cannot be changed by machine without harm. It is left for the hand of a human."""


def data_of(text: str) -> Any:
    """What a YAML text says. Raises ``CannotEdit`` for one that the content may not have: with tags or anchors, for example."""
    try:
        parse_yaml(text.encode())
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (UnreadableFile, yaml.YAMLError, ValueError, TypeError) as error:
        raise CannotEdit(str(error)) from error


def rewrite(text: str, data: Any) -> str:
    """``text`` changed so that it says ``data``; what says the same already keeps every byte.

    New keys come after the one that stands before them in ``data``. Raises ``CannotEdit``.
    """
    if data_of(text) == data:
        return text
    changed = _rewritten(text, data)
    if data_of(changed) != data:
        raise CannotEdit("the text would not say what was meant")
    return changed


def read_file(path: Path) -> str:
    """The text of a file with its line ends as they are. Raises ``CannotEdit`` when it is not UTF-8, ``OSError``."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise CannotEdit("the file is not UTF-8 text") from error


def write_file(path: Path, text: str) -> None:
    """Put ``text`` into the file in one move, with the rights that the file has. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, waiting = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(waiting).chmod(mode)
        Path(waiting).replace(path)
    except BaseException:
        Path(waiting).unlink(missing_ok=True)
        raise


def _rewritten(text: str, data: Any) -> str:
    ends = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += ends
    editor = YamlEditor(text)
    if editor.root is None:
        return text + block(data)
    try:
        spans = list(editor.changes(editor.root, data))[::-1]  # of two at one place the inner, found first, is put in last
    except NotInPlace:
        return block(data)
    for start, end, new in sorted(spans, key=lambda span: span[:2], reverse=True):
        text = text[:start] + new.replace("\n", ends) + text[end:]
    return text
