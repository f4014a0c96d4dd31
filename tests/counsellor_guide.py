"""The guide for counsellors (``docs/counsellors``) as something to carry out: its files, its commands, and a place for them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from tests.unit.content_fixtures import BUS, HIRE, HOME, PERMIT, Files, write_content

GUIDE = ROOT / "docs" / "counsellors"
PAGES = ("README.md", "first-answer.md", "plain-language.md", "examples.md", "upkeep.md", "publishing.md")
"""In the order in which somebody new reads them."""

VERB = ".venv/bin/python -m knowledge "
TOPIC = {
    "id": "phone_internet_electricity",
    "group": "everyday",
    "name": {"fi": "Puhelin, netti, sähkö ja kodin arki", "en": "Phone, internet, electricity and home matters"},
    "expert": False,
}
"""The topic of the answer that the guide makes."""

NAMES = {
    "hiring": {"fi": "Ulkomaisen työntekijän palkkaaminen", "en": "Hiring a foreign worker"},
    "bus": {"fi": "Bussit (JOJO, Waltti)", "en": "Buses (JOJO, Waltti)"},
    "permit": {"fi": "Ensimmäinen oleskelulupa", "en": "First residence permit"},
    "home": {"fi": "Kotikunta", "en": "Home municipality"},
}

BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (knowledge/\S+)\n")
CODE_ONLY = shutil.ignore_patterns(
    "answers", "twins", "boundaries", "__pycache__", *("contacts.yml", "figures.yml", "municipalities.yml", "topics.yml")
)


@dataclass(frozen=True)
class Step:
    """A file to write (``text`` into ``path``) or a command to run. ``online``: what comes of it depends on the network."""

    command: str | None = None
    path: str = ""
    text: str = ""
    online: bool = False


def steps_of(language: str) -> Iterator[Step]:
    """Everything that the pages in a language tell to do, in their order."""
    for page in PAGES:
        for kind, more, text in BLOCK.findall((GUIDE / language / page).read_text(encoding="utf-8")):
            named = FILE.match(text)
            if kind == "sh":
                yield from (Step(command=line, online=more == "online") for line in text.splitlines())
            elif kind == "yaml" and named:
                yield Step(path=named[1], text=text)


def copy_of_the_guide(folder: Path) -> Path:
    """A folder in which commands run as in the guide's own: its code, and tiny content that does not grow old."""

    def last_long(files: Files) -> None:
        for name in (HIRE, BUS, PERMIT, HOME):
            files[name]["review_by"] = "2099-12-31"
        for topic in files["topics.yml"]:
            topic["name"] = NAMES[topic["id"]]
        files["topics.yml"].append(TOPIC)

    shutil.copytree(ROOT / "knowledge", folder / "knowledge", ignore=CODE_ONLY)
    shutil.copytree(ROOT / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    write_content(folder, last_long)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def lasting(text: str) -> str:
    """The text of a file of the guide with a review that is never overdue."""
    return re.sub(r"^review_by: \d{4}", "review_by: 2099", text, flags=re.MULTILINE)
