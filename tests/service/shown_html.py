"""What a browser makes of a page: its elements with their attributes, its words, and where its links lead."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

LINKS = {"href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect"}
SAFE_SCHEMES = {"", "http", "https", "mailto", "tel"}


class Shown(HTMLParser):
    """One page, read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.made: set[tuple[str, frozenset[str]]] = set()
        """Each kind of element, with the names of its attributes."""
        self.schemes: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.add((tag, frozenset(name for name, _ in attrs)))
        self.schemes |= {urlsplit((value or "").strip()).scheme for name, value in attrs if name in LINKS}

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.made.add(("comment", frozenset()))
