"""The texts that people read: Markdown that every channel can show, figures instead of sums, links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.checking.reachable import bad_numbers, url_fault
from knowledge.content import Place
from knowledge.markdown import forbidden_markdown
from knowledge.model import CURATED_LANGUAGES, FIGURE_QUOTE, Answer
from knowledge.problems import Problem
from knowledge.yaml_lines import Location

TYPED_MONEY = re.compile(r"(?:€|\beur\b|\beuros?\b)\s*\d|\d\s*(?:€|eur\b|euro\w{0,4}\b)", re.IGNORECASE)
"""A sum typed into an answer. Sums change, so they are figures."""

ADDRESS = re.compile(r"\]\(([^)\s]*)\)|<?(https?:[^\s<>)\]]*)")


@dataclass(frozen=True)
class Shown:
    """A text that people read, where it stands, and in which language."""

    location: Location
    text: str
    language: str


def shown_texts(answer: Answer) -> Iterator[Shown]:
    """Titles, answers, titles of links and local variants."""
    for language, version in answer.readable().items():
        yield Shown((language, "title"), version.title, language)
        yield Shown((language, "answer"), version.answer, language)
        for number, link in enumerate(version.links):
            yield Shown((language, "links", number, "title"), link.title, language)
    for name, local in answer.municipalities.items():
        for language in CURATED_LANGUAGES:
            yield Shown(("municipalities", name, language), local.in_language(language), language)


def check_texts(answer: Answer, place: Place) -> Iterator[Problem]:
    """Every text that people read, and the addresses of sources and links."""
    for shown in shown_texts(answer):
        yield from _check_text(shown.text, shown.location, place)
    for number, source in enumerate(answer.sources):
        yield from _check_url(source.url, ("sources", number, "url"), place)
    for language, version in answer.readable().items():
        for number, link in enumerate(version.links):
            yield from _check_url(link.url, (language, "links", number, "url"), place)


def _check_text(text: str, location: Location, place: Place) -> Iterator[Problem]:
    for rule, offset in forbidden_markdown(text):
        yield place.problem_in(text, offset, rule, *location)
    bare = FIGURE_QUOTE.sub(lambda quote: " " * len(quote.group()), text)
    for brace in ("{{", "}}"):
        if brace in bare:
            yield place.problem_in(text, bare.index(brace), "braces-uneven", *location)
            break
    if money := TYPED_MONEY.search(bare.replace("*", " ")):
        yield place.problem_in(text, money.start(), "money-typed", *location)
    for address in ADDRESS.finditer(text):
        url = (address.group(1) or address.group(2) or "").rstrip(".,;:!?")
        if url.startswith("http") and (fault := url_fault(url)):
            yield place.problem_in(text, address.start(1 if address.group(1) else 2), fault, *location, url=url)
    for number, offset in bad_numbers(text):
        yield place.problem_in(text, offset, "phone-invalid", *location, number=number)


def _check_url(url: str, location: Location, place: Place) -> Iterator[Problem]:
    if fault := url_fault(url):
        yield place.problem(fault, *location, url=url)
