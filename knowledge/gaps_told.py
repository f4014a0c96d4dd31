"""Gaps as lines to read: a heading for each kind, and a line for each gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from knowledge.gaps import SOON, Gaps, Row

Said = Mapping[str, str]


def as_text(gaps: list[Gaps], said: Said, language: str) -> str:
    """The gaps under their headings, in the words of the verb ``gaps``. Drafts are counted only."""
    told = []
    for each in gaps:
        heading = said[f"kind_{each.kind}"].format(days=SOON.days)
        told.append([f"{heading}: {len(each.rows) or said['none']}"])
        if each.kind in LINES:
            told[-1] += [f"  {LINES[each.kind](row, said, language)}" for row in each.rows]
    return "\n\n".join("\n".join(lines) for lines in told)


def _unknown_details(row: Row, said: Said, language: str) -> str:
    fields = ", ".join(said.get(f"detail_{field}", field.replace("_", " ")) for field in row["unknown"])
    return f"{row['contact']}, {row['name'][language]}: {fields} ({_answers(row, said)})"


def _to_check(row: Row, said: Said, language: str) -> str:
    source = row["source"]
    if source is None:
        page = said["no_source"]
    else:
        page = said["page"].format(date=source["page_date"] or said["unknown_date"], day=source["checked_on"])
        page += f", {source['url']}" if source["url"] else ""
    return f"{row['contact']}, {row['name'][language]}: {page} ({_answers(row, said)})"


def _municipality(row: Row, said: Said, language: str) -> str:
    name = row["name"].get(language) or row["name"].get("en", row["municipality"])
    return said["has_website" if row["website"] else "has_nothing"].format(name=name, contact=row["contact"])


def _topic(row: Row, said: Said, language: str) -> str:
    rest = ": " + said["without_details"].format(contacts=", ".join(row["contacts"])) if row["contacts"] else ""
    return f"{row['topic']}, {row['name'][language]}{rest}"


def _review(row: Row, said: Said, language: str) -> str:
    return f"{row['answer']}: " + said["overdue" if row["overdue"] else "due"].format(day=row["review_by"])


def _ending_answer(row: Row, said: Said, language: str) -> str:
    return f"{row['answer']}: {_end(row, said)}"


def _ending_figure(row: Row, said: Said, language: str) -> str:
    quoted = said["quoted"].format(answers=", ".join(row["quoted_in"])) if row["quoted_in"] else said["not_quoted"]
    return f"{row['figure']}: {_end(row, said)}; {quoted}"


def _end(row: Row, said: Said) -> str:
    return said["ended" if row["ended"] else "ends"].format(day=row["end"])


def _answers(row: Row, said: Said) -> str:
    return said["one_answer" if row["answers"] == 1 else "answers"].format(count=row["answers"])


LINES: dict[str, Callable[[Row, Said, str], str]] = {
    "unknown_details": _unknown_details,
    "to_check": _to_check,
    "municipalities": _municipality,
    "topics": _topic,
    "reviews": _review,
    "answers": _ending_answer,
    "figures": _ending_figure,
}
