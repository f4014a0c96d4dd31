"""What browsers load of the widget: scripts, style sheets and words, compressed once when the service starts.

Every address of a part holds a fingerprint of all parts, so that browsers may keep them for ever and parts of different
versions never meet. ``widget.js`` alone has an address that stays: it is checked at each visit, and names the fingerprint.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.texts import CHOICES, Words, widget_words
from bot.widget.compact import compact_script, compact_styles
from bot.widget.join import join_pair

FOLDER = Path(__file__).resolve().parent / "static"
PARTS = "./widget/"
"""How ``widget.js`` names the folder of the other parts."""

JOINED = ("start.js", "chat.js")
"""Scripts that come with all that they import: what a page loads at first, and what the first press loads besides."""

OF_TELEGRAM = "telegram"
"""How the names of the words begin that only a service with a Telegram bot needs."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
SWITCHED_OFF = b"// ELO Guide is switched off: see ELO_WIDGET.\n"


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    compressed: bytes
    media_type: str
    tag: str


class Assets:
    """All files of the widget."""

    def __init__(self, *, switched_on: bool = True, telegram: bool = False) -> None:
        """``telegram``: whether a conversation can go on there. Without it the widget has neither words nor a button for it."""
        sources = {path.name: path.read_text(encoding="utf-8") for path in sorted((FOLDER / "widget").iterdir())}
        joined = sources | dict(zip(JOINED, join_pair(*JOINED, sources), strict=True))
        files = {name: _compact(name, text).encode() for name, text in joined.items()}
        for language in CHOICES:
            words = widget_words(language)
            for part in ("button", "chat"):
                files[f"{part}-{language}.json"] = _words(words[part], telegram=telegram)
        self.fingerprint = hashlib.sha256(b"\0".join(name.encode() + b"\0" + body for name, body in files.items())).hexdigest()[
            :12
        ]
        self.parts = {name: _asset(name, body) for name, body in files.items()}
        entry = _compact("widget.js", (FOLDER / "widget.js").read_text(encoding="utf-8")).replace(
            PARTS, f"{PARTS}{self.fingerprint}/"
        )
        self.entry = _asset("widget.js", entry.encode() if switched_on else SWITCHED_OFF)


def _words(words: Mapping[str, Words], *, telegram: bool) -> bytes:
    said = {name: line for name, line in words.items() if telegram or not name.startswith(OF_TELEGRAM)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _compact(name: str, text: str) -> str:
    return compact_styles(text) if name.endswith(".css") else compact_script(text)


def _asset(name: str, body: bytes) -> Asset:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Asset(body, gzip.compress(body, 9, mtime=0), TYPES[Path(name).suffix], tag)
