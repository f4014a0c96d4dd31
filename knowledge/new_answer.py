"""A new answer and its twin, from templates that guide the writer. What is still to fill in is told by the check."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from string import Template

import yaml

from knowledge.check import plain_words
from knowledge.load import Content
from knowledge.model import (
    CURATED_LANGUAGES,
    EXAMPLES_PER_LANGUAGE,
    EXAMPLES_WHEN_REQUIRED,
    IDENTIFIER,
    LANGUAGES,
    LONGEST_TITLE,
    Audience,
    ExpertRole,
    Importance,
)

TEMPLATES = Path(__file__).resolve().parent / "verbs" / "templates"
REVIEW_AFTER = dt.timedelta(days=183)
"""When a new answer is to be looked at again, unless its writer says so."""


@dataclass(frozen=True)
class Wanted:
    """What is known of a new answer. ``examples`` by language; a source has its address and its title, and was read ``today``."""

    id: str
    topic: str
    title_fi: str
    title_en: str = ""
    audience: tuple[Audience, ...] = (Audience.person,)
    importance: Importance = Importance.useful
    expert: ExpertRole | None = None
    review_by: dt.date | None = None
    source: tuple[str, str] | None = None
    examples: Mapping[str, list[str]] = field(default_factory=dict)


Reason = tuple[str, dict[str, str]]
"""Why an answer is not made: a line of the verb ``new``, with its values."""


class AnswerRefused(Exception):
    """The new answer cannot be made. Nothing was written."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(", ".join(key for key, _ in reasons))
        self.reasons = reasons


def files_of(content: Content, wanted: Wanted) -> tuple[Path, Path]:
    """Where the answer and its twin belong. Raises ``KeyError`` for a topic that is not in the list."""
    name = Path(content.topics[wanted.topic].group) / f"{wanted.id}.yml"
    return content.root / "answers" / name, content.root / "twins" / name


def reasons_against(content: Content, wanted: Wanted) -> list[Reason]:
    """Everything that speaks against making the answer: what exists already, and what does not exist."""
    return list(_reasons(content, wanted))


def make_answer(content: Content, wanted: Wanted, today: dt.date, language: str) -> tuple[Path, Path]:
    """Write the answer and its twin, with comments in ``language`` (fi or en).

    Raises ``AnswerRefused`` before anything is written.
    """
    reasons = reasons_against(content, wanted)
    if reasons:
        raise AnswerRefused(reasons)
    answer, twin = files_of(content, wanted)
    for path, kind in ((answer, "answer"), (twin, "twin")):
        template = Template((TEMPLATES / f"{kind}.{language}.txt").read_text(encoding="utf-8"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            lines = template.substitute(_values(content, wanted, today)).rstrip().splitlines()
            file.writelines(f"{line.rstrip()}\n" for line in lines)
    return answer, twin


def expert_of(content: Content, wanted: Wanted) -> ExpertRole:
    """When the permit expert is offered: as wanted, else by whether the expert takes the topic."""
    return wanted.expert or (ExpertRole.own_case if content.topics[wanted.topic].expert else ExpertRole.never)


def suggested_id(title: str) -> str:
    """An id made of the words of an English title: ``How do I buy a ticket?`` becomes ``how_do_i_buy_a_ticket``."""
    words = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")
    return re.sub(r"^[^a-z]+", "", words)[:80].rstrip("_")


def _reasons(content: Content, wanted: Wanted) -> Iterator[Reason]:
    if not IDENTIFIER.fullmatch(wanted.id):
        yield "bad_id", {"id": wanted.id}
    elif wanted.id in content.boundaries:
        yield "id_of_boundary", {"id": wanted.id}
    else:
        for folder in ("answers", "twins"):
            for path in sorted((content.root / folder).glob(f"*/{wanted.id}.yml")):
                yield "exists", {"id": wanted.id, "path": str(path)}
    if wanted.topic not in content.topics:
        near = get_close_matches(wanted.topic, content.topics, n=3, cutoff=0.5) or list(content.topics)
        yield "no_topic", {"topic": wanted.topic, "near": ", ".join(near)}
    for language, title in (("fi", wanted.title_fi), ("en", wanted.title_en)):
        if len(title) > LONGEST_TITLE:
            yield "long_title", {"title": title, "most": str(LONGEST_TITLE)}
        for answer in content.answers.values():
            other = answer.versions().get(language)
            if title and other is not None and plain_words(other.title) == plain_words(title):
                yield "same_title", {"title": title, "id": answer.id}
    unknown = [code for code in wanted.examples if code not in LANGUAGES]
    if unknown:
        yield "no_language", {"languages": ", ".join(unknown), "known": ", ".join(LANGUAGES)}


def _values(content: Content, wanted: Wanted, today: dt.date) -> dict[str, str]:
    url, title = wanted.source or ("", "")
    more = {code: texts for code, texts in wanted.examples.items() if code not in CURATED_LANGUAGES and texts}
    return {
        "id": wanted.id,
        "topic": wanted.topic,
        "audience": ", ".join(wanted.audience),
        "expert": expert_of(content, wanted),
        "importance": wanted.importance,
        "review_by": str(wanted.review_by or today + REVIEW_AFTER),
        "source_url": url,
        "source_title": _quoted(title),
        "checked_on": str(today) if url else "",
        "title_fi": _quoted(wanted.title_fi),
        "title_en": _quoted(wanted.title_en),
        "least": str(EXAMPLES_WHEN_REQUIRED if wanted.importance is Importance.required else EXAMPLES_PER_LANGUAGE),
        "examples_fi": _listed(wanted.examples.get("fi", [])),
        "examples_en": _listed(wanted.examples.get("en", [])),
        "more": "".join(f"\n{code}:\n  examples:\n{_listed(texts)}\n" for code, texts in more.items()),
    }


def _listed(texts: list[str]) -> str:
    return "\n".join(f"    - {_quoted(text)}".rstrip() for text in texts or [""])


def _quoted(text: str) -> str:
    """``text`` on one line as YAML reads it back, in quotation marks where it needs them; nothing stays nothing."""
    flat = " ".join(text.split())
    return yaml.safe_dump(flat, allow_unicode=True, width=1_000_000).removesuffix("...\n").strip() if flat else ""
