"""Answer text: the plain Markdown that curators may use, and its safe HTML, plain text and steps."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": False})
_TAGS = {"p", "ol", "ul", "li", "strong", "em", "a", "br"}
_RULES = {
    "heading_open": "markdown-heading",
    "fence": "markdown-code-block",
    "code_block": "markdown-four-spaces",
    "code_inline": "markdown-code",
    "image": "markdown-image",
    "blockquote_open": "markdown-quotation",
    "hr": "markdown-line-across",
}
_HTML = re.compile(r"</?[a-zA-Z][^>]*>")
_SUSPECT = re.compile(
    r"[`<]|~~~|!\[|\](?!\((?:https?://|tel:|mailto:))[(\[:]"
    r"|^ {0,3}(?:#|>|[=_*-][ \t=_*-]*$)|^(?:\t| {4})|^[ \t]*(?:[-*+>]|\d+[.)])[ \t]+[#>]|[-*+.)](?: {5}|\t)",
    re.MULTILINE,
)
"""A text without any of these has nothing that is forbidden: it need not be parsed, which takes a hundred times as long."""


def forbidden_markdown(text: str) -> Iterator[tuple[str, int]]:
    """What of ``text`` goes past paragraphs, lists, bold, emphasis and links: the broken rule, and the offset of its line."""
    if not _SUSPECT.search(text):
        return
    yield from _forbidden(text)


def _forbidden(text: str) -> Iterator[tuple[str, int]]:
    starts = [0, *(end.end() for end in re.finditer("\n", text))]
    for token, line in _walk(_PARSER.parse(text)):
        if token.type in _RULES:
            yield _RULES[token.type], starts[line]
        if token.type == "link_open" and not str(token.attrGet("href")).startswith(("https://", "http://", "tel:", "mailto:")):
            yield "markdown-link", starts[line]
    if tag := _HTML.search(text):
        yield "markdown-html", tag.start()


def to_html(text: str) -> str:
    """Safe HTML of curated Markdown. Everything outside the small allowed set is dropped."""
    return nh3.clean(
        _PARSER.render(text).strip(),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "http", "tel", "mailto"},
        link_rel="noopener noreferrer",
    )  # fmt: skip


def to_text(text: str) -> str:
    """``text`` without Markdown marks: for screens that show no formatting. Links to pages become ``words (address)``."""
    lines: list[str] = []
    depth = 0
    counters: list[int | None] = []
    for token in _PARSER.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            counters.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counters.pop()
        elif token.type == "list_item_open":
            depth = 1
        elif token.type == "inline":
            prefix = ""
            if depth and counters:
                number = counters[-1]
                prefix = "- " if number is None else f"{number}. "
                if number is not None:
                    counters[-1] = number + 1
                depth = 0
            lines.append(prefix + _inline_text(token))
    return "\n".join(lines)


def steps_of(text: str) -> list[str]:
    """The items of the first numbered list as plain text: the steps to take, in order. Empty when there is none."""
    steps: list[str] = []
    inside = 0
    for token in _PARSER.parse(text):
        if token.type == "ordered_list_open":
            inside += 1
        elif token.type == "ordered_list_close":
            inside -= 1
            if not inside:
                break
        elif token.type == "list_item_open" and inside == 1:
            steps.append("")
        elif inside and token.type == "inline":
            steps[-1] = f"{steps[-1]} {_inline_text(token)}".strip()
    return steps


def _inline_text(token: Token) -> str:
    out: list[str] = []
    addresses: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            out.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif child.type == "link_open":
            addresses.append(str(child.attrGet("href")))
        elif child.type == "link_close":
            address = addresses.pop()
            out.append("" if address.startswith(("tel:", "mailto:")) else f" ({address})")
    return "".join(out)


def _walk(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Every token, with the number of its line counted from 0."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        yield token, line
        within = line
        for child in token.children or []:
            within += child.type in ("softbreak", "hardbreak")
            yield child, within


def as_html_text(text: str) -> str:
    """What somebody typed, as HTML that shows just those characters: no mark-up of theirs comes through."""
    return "<p>" + html.escape(text).replace("\n", "<br>") + "</p>"
