"""Telegram's HTML: a few tags, no blocks, at most so many characters. Made from the HTML of messages, cut where people would."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import groupby

LONGEST = 4096
"""Characters of a message at most, counted as Telegram does: in UTF-16 units, without the tags."""

LINKS = ("https://", "http://")
"""Telegram makes no links of other addresses. Phone numbers and mail addresses become tappable by themselves."""


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


def styled(source: str) -> list[str]:
    """Safe HTML of paragraphs, lists, bold, emphasis and links as Telegram HTML, in as many messages as it takes."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return [to_html(part) for part in cut(reader.runs)]


def to_html(runs: list[Run]) -> str:
    """The runs with Telegram's tags, each closed where it was opened."""
    out: list[str] = []
    for style, of_it in groupby(runs, key=lambda run: replace(run, text="")):
        text = html.escape("".join(run.text for run in of_it), quote=False)
        for tag, on in (("i", style.italic), ("b", style.bold)):
            text = f"<{tag}>{text}</{tag}>" if on else text
        out.append(f'<a href="{html.escape(style.link)}">{text}</a>' if style.link else text)
    return "".join(out)


def bare(telegram_html: str) -> str:
    """The same without its tags."""
    return re.sub(r"<[^<>]*>", "", telegram_html)


def cut(runs: list[Run], longest: int = LONGEST) -> list[list[Run]]:
    """The runs in parts of at most ``longest`` units, cut between paragraphs, else lines, else words, else anywhere."""
    text = "".join(run.text for run in runs)
    parts: list[list[Run]] = []
    start = 0
    while start < len(text):
        end = _end(text, start, longest)
        part = _between(runs, start, end)
        if "".join(run.text for run in part).strip():
            parts.append(part)
        start = end + len(text[end:]) - len(text[end:].lstrip())
    return parts


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _end(text: str, start: int, longest: int) -> int:
    if units(text[start:]) <= longest:
        return start + len(text[start:].rstrip())
    end = start + longest
    while units(text[start:end]) > longest:
        end -= max(1, (units(text[start:end]) - longest) // 2)
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, start + 1, end + len(mark))
        if at > start:
            return at
    return end


def _between(runs: list[Run], start: int, end: int) -> list[Run]:
    part: list[Run] = []
    at = 0
    for run in runs:
        kept = run.text[max(0, start - at) : max(0, end - at)]
        if kept:
            part.append(replace(run, text=kept))
        at += len(run.text)
    return part


class _Reader(HTMLParser):
    """Reads HTML into runs. Paragraphs and lists become blank lines and marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._style = Run("")
        self._counters: list[int | None] = []
        self._begun = False
        """Whether something already stands on this line, such as the mark of a list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        match tag:
            case "strong" | "b":
                self._style = replace(self._style, bold=True)
            case "em" | "i":
                self._style = replace(self._style, italic=True)
            case "a":
                address = given.get("href") or ""
                self._style = replace(self._style, link=address if address.startswith(LINKS) else None)
            case "br":
                self.runs.append(Run("\n"))
            case "p":
                self._new_line(1 if self._counters else 2)
            case "ul" | "ol":
                self._new_line(1 if self._counters else 2)
                start = given.get("start")
                self._counters.append(int(start) if start and start.isdecimal() else 1 if tag == "ol" else None)
            case "li":
                self._new_line(1)
                number = self._counters[-1] if self._counters else None
                indent = "   " * (len(self._counters) - 1)
                self.runs.append(Run(f"{indent}• " if number is None else f"{indent}{number}. "))
                self._begun = True
                if number is not None:
                    self._counters[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "strong" | "b":
                self._style = replace(self._style, bold=False)
            case "em" | "i":
                self._style = replace(self._style, italic=False)
            case "a":
                self._style = replace(self._style, link=None)
            case "ul" | "ol":
                self._counters.pop()
                self._new_line(1 if self._counters else 2)
            case "p":
                self._new_line(1 if self._counters else 2)

    def handle_data(self, data: str) -> None:
        lines = data.split("\n")
        text = " ".join(lines) if len(lines) > 1 else data
        if not text.strip() and (not self.runs or self.runs[-1].text.endswith(("\n", " "))):
            return  # what stands between blocks
        self.runs.append(replace(self._style, text=text))
        self._begun = False

    def _new_line(self, breaks: int) -> None:
        if not self.runs or self._begun:
            return
        if self.runs[-1].text.isspace() and "\n" not in self.runs[-1].text:
            self.runs.pop()  # what stood between this block and the one before
        end = "".join(run.text for run in self.runs[-3:])
        there = len(end) - len(end.rstrip("\n"))
        if there < breaks:
            self.runs.append(Run("\n" * (breaks - there)))
