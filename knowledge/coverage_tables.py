"""Coverage as tables: for a terminal, by topic and language or municipality, and a short one for the README."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from rich.table import Table

from knowledge.coverage import Coverage, Missing, Tally
from knowledge.model import CURATED_LANGUAGES, EASY_FINNISH, Importance

MARKS = ("<!-- coverage -->", "<!-- /coverage -->")
"""What the table stands between in the README."""

NONE = "–"
TOPIC_WIDTH, NAME_WIDTH = 36, 7


class By(StrEnum):
    """What the columns of the table are."""

    topic = "topic"
    language = "language"
    municipality = "municipality"


class MarksMissing(Exception):
    """The README does not say where the table belongs."""


def coverage_table(
    found: Coverage, by: By, importance: Importance | None, said: Mapping[str, str], language: str, *, narrow: bool
) -> Table:
    """A row for each topic, and one for all. With ``importance``, of answers of that importance only.

    ``narrow``: long names go over several lines, so that the table fits into a window.
    """
    table = Table(header_style="bold", padding=0 if narrow and by is not By.topic else (0, 1))
    table.add_column(said["topic"], max_width=TOPIC_WIDTH if narrow else None)
    widest = NAME_WIDTH if narrow and by is not By.topic else None
    for heading in _headings(found, by, said):
        table.add_column(heading, justify="right", overflow="fold", max_width=widest)
    if by is By.topic:
        table.columns[-1].justify = "left"
        table.columns[-1].ratio = 1 if narrow else None
    for topic in found.topics:
        tally = topic.importance[importance] if importance else topic.total
        cells = _cells(tally, by)
        if by is By.topic:
            cells.append("; ".join(_told(each, found, said) for each in topic.missing))
        style = "red" if not topic.total.answers else "yellow" if any(each.kind == "easy" for each in topic.missing) else None
        table.add_row(topic.name.in_language(language), *cells, style=style if by is By.topic else None)
    table.add_section()
    table.add_row(said["total"], *_cells(found.importance[importance] if importance else found.total, by), style="bold")
    return table


def readme_table(found: Coverage, said: Mapping[str, str]) -> str:
    """One row for each group and one for all, as Markdown. Holds on any day until the content changes."""
    columns = ("group", "answers", "required", "reviewed", "easy", "examples", "variants", "contacts")
    required = dict.fromkeys(found.groups, 0)
    for topic in found.topics:
        required[topic.group] += topic.importance[Importance.required].answers
    rows = [(group.replace("_", " "), tally, required[group]) for group, tally in found.groups.items()]
    rows.append((f"**{said['total']}**", found.total, found.importance[Importance.required].answers))
    lines = [[said[column] for column in columns], ["---", *["--:"] * (len(columns) - 1)]]
    for name, tally, count in rows:
        easy, examples, variants, contacts = _measures(tally)
        lines.append([name, *map(str, (tally.answers, count, tally.reviewed, easy, examples, variants, contacts))])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_into(page: str, table: str) -> str:
    """``page`` with ``table`` between the marks. Raises ``MarksMissing``."""
    before, first, rest = page.partition(MARKS[0])
    _, last, after = rest.partition(MARKS[1])
    if not (first and last):
        raise MarksMissing
    return f"{before}{first}\n{table}\n{last}{after}"


def _headings(found: Coverage, by: By, said: Mapping[str, str]) -> list[str]:
    if by is By.language:
        return [said["short_answers"], *found.languages]
    if by is By.municipality:
        return [said["short_answers"], *found.municipalities]
    return [*(said[f"short_{key}"] for key in ("answers", "reviewed", "easy", "examples", "contacts")), said["missing"]]


def _cells(tally: Tally, by: By) -> list[str]:
    if by is By.language:
        shown = [f"{each.readable or NONE}/{each.with_examples or NONE}" for each in tally.languages.values()]
        return [str(tally.answers), *shown]
    if by is By.municipality:
        places = tally.municipalities.values()
        return [str(tally.answers), *(f"{each.with_contact or NONE}/{each.variants or NONE}" for each in places)]
    easy, examples, _, contacts = _measures(tally)
    return [str(count or NONE) for count in (tally.answers, tally.reviewed, easy, examples, contacts)]


def _measures(tally: Tally) -> tuple[int, int, int, int]:
    """Answers in easy Finnish; languages with examples besides the curated ones; local variants; municipalities with contact."""
    languages = tally.languages.items()
    return (
        tally.languages[EASY_FINNISH].readable,
        sum(each.with_examples > 0 for code, each in languages if code not in CURATED_LANGUAGES),
        sum(each.variants for each in tally.municipalities.values()),
        sum(each.with_contact > 0 for each in tally.municipalities.values()),
    )


def _told(missing: Missing, found: Coverage, said: Mapping[str, str]) -> str:
    if missing.kind == "contact" and missing.of == found.municipalities:
        return said["missing_contact_everywhere"]
    return said[f"missing_{missing.kind}"].format(count=len(missing.of), of=", ".join(missing.of))
