"""Published content of which one answer alone can be read in easy Finnish, whatever the real content has by now."""

from __future__ import annotations

import gzip
import json

from bot.settings import Settings
from knowledge.model import EASY_FINNISH

QUESTION, ANSWER = "miten saan kirjastokortin", "library_card"
TITLE, TEXT = "Kirjastokortti", "Saat kirjastokortin kirjastosta. Kortti ei maksa mitään."
WITHOUT = "Montako tuntia viikossa opiskelija saa tehdä töitä?"
"""Has an answer that cannot be read in easy Finnish."""


def give_easy_finnish(settings: Settings) -> None:
    """Change the content below ``settings.snapshot_dir``, which is a copy of what is published."""
    current = (settings.snapshot_dir / "current").read_text(encoding="utf-8").strip()
    path = settings.snapshot_dir / current / "content.json.gz"
    content = json.loads(gzip.decompress(path.read_bytes()))
    for name, answer in content["answers"].items():
        answer[EASY_FINNISH] = {"title": TITLE, "answer": TEXT} if name == ANSWER else None
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
