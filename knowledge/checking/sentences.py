"""The sentences of an answer, each with its place in the Markdown, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LIST_MARK = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")
END = re.compile(r"(?<=[.!?])[\"”’'*)\]]*\s+(?=[\"“”‘'*(\[{]*[^\W\d_a-zåäö])")
"""Between two sentences: a sign that ends one, and after the space a capital letter or a letter of a script without capitals."""

SHORT_FORMS = re.compile(r"\b(?:esim|mm|ks|ns|puh|klo|vs|e\.g|i\.e|approx|nro|mr|mrs|dr|st)\.$", re.IGNORECASE)
"""What ends with a full stop without ending a sentence."""

LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\{\{[^{}]*\}\}")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
LONG = 7
"""Letters from which on Björnsson counts a word as long."""


@dataclass(frozen=True)
class Sentence:
    """One sentence as it stands in the Markdown, from ``offset`` on, and its words."""

    text: str
    offset: int
    words: tuple[str, ...]

    @property
    def long_words(self) -> int:
        """How many of the words have more than six letters."""
        return sum(len(word) >= LONG and not word.isdigit() for word in self.words)

    @property
    def shown(self) -> str:
        """The sentence without marks and line ends, shortened."""
        plain = " ".join(LINK.sub(r"\1", self.text).replace("*", "").split())
        return plain if len(plain) <= 90 else plain[:89].rsplit(" ", 1)[0] + " …"


def sentences(markdown: str) -> list[Sentence]:
    """The sentences of ``markdown`` in order. An item of a list is a sentence of its own, whatever it ends with."""
    return [sentence for start, end in _blocks(markdown) for sentence in _within(markdown, start, end)]


def lix(parts: Sequence[Sentence]) -> float:
    """Björnsson's readability index: words a sentence, and per cent of words of more than six letters. 0 for no words."""
    words = sum(len(part.words) for part in parts)
    if not words:
        return 0.0
    return words / len(parts) + 100 * sum(part.long_words for part in parts) / words


def _blocks(markdown: str) -> Iterator[tuple[int, int]]:
    """Paragraphs and list items: their start after a list's mark, and their end."""
    start: int | None = None
    offset = 0
    for line in markdown.splitlines(keepends=True):
        mark = LIST_MARK.match(line)
        if start is not None and (mark or not line.strip()):
            yield start, offset
            start = None
        if start is None and line.strip():
            start = offset + (mark.end() if mark else len(line) - len(line.lstrip()))
        offset += len(line)
    if start is not None:
        yield start, offset


def _within(markdown: str, start: int, end: int) -> Iterator[Sentence]:
    begin = start
    for gap in END.finditer(markdown, start, end):
        if not SHORT_FORMS.search(markdown, begin, gap.start()):
            yield _sentence(markdown, begin, gap.start())
            begin = gap.end()
    if markdown[begin:end].strip():
        yield _sentence(markdown, begin, end)


def _sentence(markdown: str, start: int, end: int) -> Sentence:
    text = markdown[start:end].strip()
    words = WORD.findall(ADDRESS.sub(" x ", LINK.sub(r"\1", text)))
    return Sentence(text, start, tuple(words))
