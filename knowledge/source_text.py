"""A content file's bytes as text: what is too large, in another encoding or left half merged is told in plain words."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

LARGEST_FILE = 5_000_000
"""Bytes. A larger file is refused without being parsed: an answer has some tens of thousands."""

CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
"""What a version control system leaves where two people changed the same lines."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
UTF_16_AND_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Remark:
    """Something wrong in a file, before it is known where the file belongs. Line and column count from 1."""

    rule: str
    line: int = 1
    column: int = 1
    values: tuple[tuple[str, str], ...] = ()


class UnreadableFile(Exception):
    """The file cannot be read as YAML. ``remark`` says why and where."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.rule)
        self.remark = remark


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, but of one that is too large only so many that it shows. Raises ``OSError``."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def source_text(raw: bytes) -> str:
    """The text of a file in UTF-8, its lines ended by ``\\n``.

    A byte order mark and Windows line ends are accepted, as editors write them by themselves. Raises ``UnreadableFile``.
    """
    if len(raw) > LARGEST_FILE:
        raise UnreadableFile(Remark("file-too-large", values=(("largest", str(LARGEST_FILE // 1_000_000)),)))
    if raw.startswith(UTF_16_AND_32):
        raise UnreadableFile(Remark("encoding-utf-16"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(Remark("encoding-not-utf-8", *_place(raw[: error.start].decode("utf-8", "replace")))) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if conflict := CONFLICT.search(text):
        raise UnreadableFile(Remark("merge-conflict", *_place(text[: conflict.start()])))
    if control := CONTROL.search(text):
        code = (("code", f"U+{ord(control.group()):04X}"),)
        raise UnreadableFile(Remark("control-character", *_place(text[: control.start()]), code))
    return text


def _place(before: str) -> tuple[int, int]:
    """Line and column of what comes after ``before``."""
    before = before.replace("\r\n", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
