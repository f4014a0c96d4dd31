"""A served desk with a small content folder of its own, and forms of answers as a browser sends them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from tests.service.case_desk import CaseDesk, Person, words_of
from tests.service.desk_browser import ServedDesk
from tests.unit.content_fixtures import BUS, write_content

ANSWERS = "/desk/answers"
TICKET = f"{ANSWERS}/bus_ticket"
Fields = dict[str, str]


class AnswerDesk(CaseDesk):
    """The desk of ``write_content``. Every test begins with the files as they were."""

    def __init__(self, served: ServedDesk, address: str) -> None:
        super().__init__(served, address)
        self.root = served.content

    def begin(self, *changes: Callable[[Any], object]) -> None:
        """Write all files anew, with these changes made first, under no version control."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self.root.parent / ".git", ignore_errors=True)
        write_content(self.root.parent, *changes)

    def text(self, name: str = BUS) -> str:
        return (self.root / name).read_bytes().decode()

    def write(self, text: str, name: str = BUS) -> None:
        (self.root / name).write_bytes(text.encode())

    def git(self, *arguments: str) -> str:
        """What git says in the folder."""
        who = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"]
        done = subprocess.run(["git", *who, *arguments], cwd=self.root.parent, capture_output=True, text=True, check=True)
        return done.stdout

    def put_under_git(self) -> None:
        self.git("init", "--quiet")
        self.git("add", "knowledge")
        self.git("commit", "--quiet", "-m", "Everything")


class FormReader(HTMLParser):
    """The fields of one form as a browser would send them untouched, those outside of it that belong to it among them."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._form, self._inside = form, False
        self._area: tuple[str, str] | None = None
        self._select: tuple[str, str | None] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = got.get("id") == self._form
        if not (self._inside or got.get("form") == self._form or (tag == "option" and self._select)):
            return
        name = got.get("name", "")
        if tag == "input" and name and (got.get("type") != "checkbox" or "checked" in got):
            self.fields.append((name, got.get("value", "")))
        elif tag == "textarea":
            self._area = (name, "")
        elif tag == "select":
            self._select = (name, None)
        elif tag == "option" and self._select and (self._select[1] is None or "selected" in got):
            self._select = (self._select[0], got.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._area:
            self.fields.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None
        if tag == "select" and self._select:
            self.fields.append((self._select[0], self._select[1] or ""))
            self._select = None


def form_of(page: httpx.Response) -> Fields:
    """The form of an answer, to be changed and sent."""
    fields: Fields = {}
    for name, value in FormReader(page.text, "answer-form").fields:
        fields[name] = f"{fields[name]},{value}" if name == "audience" and name in fields else value
    assert fields["csrf"], words_of(page)
    return fields


def open_form(person: Person, path: str = f"{TICKET}/edit") -> Fields:
    return form_of(person.see(path))


def problems_at(page: httpx.Response, field: str) -> str:
    """What is told at a field."""
    found = re.search(rf'<ul class="problems" id="problems-{field}"[^>]*>(.*?)</ul>', page.text, re.DOTALL)
    assert found, f"there is no field {field}"
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def new_answer(identifier: str = "bus_card", **more: str) -> Fields:
    """A whole new answer, as somebody who means it well fills the form in."""
    fields = {
        "sources.0.url": "https://example.fi/card",
        "sources.0.title": "Bussi",
        "sources.0.checked_on": "2026-11-20",
        "fi.title": "Mistä saan bussikortin?",
        "fi.answer": "Kortin saa asiakaspalvelusta.\r\n\r\n1. Mene sinne.\r\n2. Pyydä kortti.",
        "fi.examples": "\r\n".join(f"bussikortti kysymys {number}" for number in range(12)),
        "en.title": "Where do I get a bus card?",
        "en.answer": "You get the card at the service point.",
        "en.examples": "\r\n".join(f"bus card question {number}" for number in range(12)),
        "en.matches": "yes",
        "twin.finds.fi": "mikä on bussikortti",
        "twin.near_misses.fi": "mikä sää on lapissa",
    }
    return {**fields, "id": identifier, "topic": "bus", **more}


def folder_of(desk: AnswerDesk) -> Path:
    """Where the publisher of the tests looks."""
    return Path(desk.served.service.settings.run_dir)
