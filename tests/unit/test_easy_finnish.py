"""Easy Finnish of the real content: every required answer has it, with the figures, numbers and pages of its Finnish text."""

import re
from collections.abc import Callable
from typing import Any

from knowledge.load import load_content
from knowledge.model import EASY_FINNISH, FIGURE_QUOTE, Importance, Version

REQUIRED = [answer for answer in load_content().answers.values() if answer.importance is Importance.required]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
STEP = re.compile(r"^\s*\d+\.\s", re.MULTILINE)


def test_every_required_answer_has_easy_finnish() -> None:
    assert REQUIRED
    assert [answer.id for answer in REQUIRED if EASY_FINNISH not in answer.readable()] == []


def test_it_quotes_the_same_figures() -> None:
    assert _answers_where(_figures, lambda finnish, easy: finnish != easy) == []


def test_it_says_every_number_and_date() -> None:
    assert _answers_where(_numbers, lambda finnish, easy: not finnish <= easy) == []


def test_its_text_links_to_no_other_page() -> None:
    assert _answers_where(_addresses, lambda finnish, easy: not easy <= finnish) == []


def test_it_leads_on_to_the_same_pages() -> None:
    assert _answers_where(_pages, lambda finnish, easy: finnish != easy) == []


def _answers_where(part: Callable[[Version], Any], differ: Callable[[Any, Any], bool]) -> list[str]:
    """The ids of the answers whose two texts ``differ`` in ``part``."""
    pairs = [(answer, answer.fi_easy) for answer in REQUIRED]
    return [answer.id for answer, easy in pairs if easy is not None and differ(part(answer.fi), part(easy))]


def _figures(version: Version) -> set[str]:
    return set(FIGURE_QUOTE.findall(version.answer))


def _numbers(version: Version) -> set[str]:
    """Numbers and dates of the text; those in addresses, in names of figures and before steps are none."""
    return set(NUMBER.findall(STEP.sub("", FIGURE_QUOTE.sub("", LINK.sub("]", version.answer)))))


def _addresses(version: Version) -> set[str]:
    return set(LINK.findall(version.answer))


def _pages(version: Version) -> list[str]:
    return [link.url for link in version.links]
