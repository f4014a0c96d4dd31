"""What has grown old or soon will: reviews, answers, figures, translations and sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.fingerprint import fingerprint
from knowledge.gaps import ending_answers, ending_figures, reviews
from knowledge.load import Content
from knowledge.model import Source

READ_AGAIN_AFTER = dt.timedelta(days=180)
"""How old the reading of a source may grow."""

KINDS = (
    "figure_ended",
    "answer_ended",
    "review_overdue",
    "translation_behind",
    "figure_ends",
    "answer_ends",
    "review_due",
    "source_old",
)
"""The worst first: what newcomers miss now, what may be wrong now, what will be."""


@dataclass(frozen=True)
class Stale:
    """One thing that has grown old.

    ``about`` is an answer, a figure, or the page of a source. ``day`` is when it ended or is due, or when the source was read;
    None for translations. ``more``: the answers that quote a figure, the languages that are behind, or what rests on a source.
    """

    kind: str
    about: str
    day: dt.date | None
    more: list[str]


def find_stale(content: Content, today: dt.date, read_again_after: dt.timedelta = READ_AGAIN_AFTER) -> list[Stale]:
    """Everything that is stale as of ``today`` or will be within ``gaps.SOON``, the worst kind first, then the earliest day."""
    found = [*_ends(content, today), *_translations(content), *_sources(content, today, today - read_again_after)]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.day or today, each.about))


def _ends(content: Content, today: dt.date) -> Iterator[Stale]:
    for row in ending_figures(content, today):
        yield Stale("figure_ended" if row["ended"] else "figure_ends", row["figure"], row["end"], row["quoted_in"])
    for row in ending_answers(content, today):
        yield Stale("answer_ended" if row["ended"] else "answer_ends", row["answer"], row["end"], [])
    for row in reviews(content, today):
        yield Stale("review_overdue" if row["overdue"] else "review_due", row["answer"], row["review_by"], [])


def _translations(content: Content) -> Iterator[Stale]:
    """Versions, easy Finnish among them, that were written from another Finnish text than the one that stands."""
    for answer in content.answers.values():
        master = fingerprint(answer.fi)
        behind = [code for code, version in answer.readable().items() if code != "fi" and version.based_on != master]
        if behind:
            yield Stale("translation_behind", answer.id, None, behind)


def _sources(content: Content, today: dt.date, oldest: dt.date) -> Iterator[Stale]:
    """Pages last read before ``oldest``, each once, with everything that rests on them. Of a figure its row of today."""
    read: dict[str, dt.date] = {}
    rests: dict[str, list[str]] = {}
    for name, source in _all_sources(content, today):
        page = source.url or source.title
        read[page] = min(read.get(page, source.checked_on), source.checked_on)
        rests.setdefault(page, []).append(name)
    for page, day in read.items():
        if day < oldest:
            yield Stale("source_old", page, day, list(dict.fromkeys(rests[page])))


def _all_sources(content: Content, today: dt.date) -> Iterator[tuple[str, Source]]:
    for answer in content.answers.values():
        yield from ((answer.id, source) for source in answer.sources)
    for name, contact in content.contacts.items():
        if contact.source is not None:
            yield name, contact.source
    for name, figure in content.figures.items():
        row = figure.row_on(today)
        if row is not None:
            yield name, Source(url=row.url, title=row.title, checked_on=row.checked_on)
