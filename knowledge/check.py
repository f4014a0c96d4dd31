"""The content checker: what must hold between the parts. Collects every problem before it stops."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping

from knowledge.fingerprint import fingerprint
from knowledge.load import Content, Place
from knowledge.markdown import forbidden_markdown
from knowledge.model import (
    CURATED_LANGUAGES,
    EXAMPLES_PER_LANGUAGE,
    EXAMPLES_WHEN_REQUIRED,
    FIGURE_QUOTE,
    Answer,
    ExpertRole,
    Importance,
    Version,
)
from knowledge.problems import Problem, Severity, shown_path
from knowledge.yaml_lines import Location

BOUNDARIES = ("out_of_scope", "abuse", "instructions", "own_case", "general_case")
"""The lines that the guide must see: each has its file of examples."""

TYPED_MONEY = re.compile(r"(?:€|\beur\b|\beuros?\b)\s*\d|\d\s*(?:€|eur\b|euro\w{0,4}\b)", re.IGNORECASE)
"""A sum typed into an answer. Sums change, so they are figures."""


def check_content(content: Content, today: dt.date) -> list[Problem]:
    """Every problem of ``content`` as of ``today``: those of form found while loading, and those between the parts."""
    problems = list(content.problems)
    for answer in content.answers.values():
        problems += _check_answer(content, answer, today)
    problems += _check_examples_are_apart(content)
    problems += _check_titles_are_apart(content)
    problems += _check_contacts(content, today)
    problems += _check_municipalities(content)
    problems += _check_boundaries(content)
    return sorted(set(problems))


def plain_words(text: str) -> str:
    """``text`` folded for comparison: case, spacing and closing punctuation do not make a new example."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip("?!. ")


def _check_answer(content: Content, answer: Answer, today: dt.date) -> Iterator[Problem]:
    place = content.place("answer", answer.id)

    def problem(location: tuple[int | str, ...], what: str, remedy: str, severity: Severity = Severity.error) -> Problem:
        return Problem(place.path, place.line(*location), what, remedy, severity)

    topic = content.topics.get(answer.topic)
    if topic is None:
        yield problem(("topic",), f"the topic {answer.topic!r} is not in topics.yml", "Use a topic of the list")
    else:
        if f"/{topic.group}/" not in f"/{place.path}":
            yield problem(
                ("topic",), f"the topic belongs to the group {topic.group!r}", f"Move the file to answers/{topic.group}/"
            )
        if topic.expert and answer.expert is ExpertRole.never:
            yield problem(
                ("expert",), "the permit expert takes this topic, but the answer never offers it", "Use always or own_case"
            )
    for number, contact in enumerate(answer.contacts):
        if contact not in content.contacts:
            yield problem(("contacts", number), f"the contact {contact!r} is not in contacts.yml", "Use a contact of the list")
    for name in answer.municipalities:
        if name not in content.municipalities:
            yield problem(("municipalities", name), f"{name!r} is not a municipality of the list", "See municipalities.yml")
    for number, source in enumerate(answer.sources):
        if source.checked_on > today:
            yield problem(("sources", number, "checked_on"), "the source was checked in the future", "Write the day it was read")
    if answer.valid_until is not None and answer.valid_until < today:
        yield problem(
            ("valid_until",),
            f"the answer ended on {answer.valid_until}",
            "Write what holds now, or remove the file",
            Severity.expired,
        )
    if answer.review_by < today:
        yield problem(
            ("review_by",), f"the review was due on {answer.review_by}", "Check the sources, then set a new day", Severity.expired
        )
    for language, version in answer.readable().items():
        texts: dict[Location, str] = {(language, "title"): version.title, (language, "answer"): version.answer}
        texts |= {(language, "links", number, "title"): link.title for number, link in enumerate(version.links)}
        yield from _check_texts(content, place, texts, today)
        if language != "fi":
            yield from _check_translation(place, answer, language, version)
    for name, local in answer.municipalities.items():
        local_texts: dict[Location, str] = {
            ("municipalities", name, language): local.in_language(language) for language in CURATED_LANGUAGES
        }
        yield from _check_texts(content, place, local_texts, today)
    least = EXAMPLES_WHEN_REQUIRED if answer.importance is Importance.required else EXAMPLES_PER_LANGUAGE
    for language in CURATED_LANGUAGES:
        count = len(answer.examples()[language])
        if count < least:
            yield problem((language, "examples"), f"{language} has {count} examples", f"Write at least {least}")


def _check_texts(content: Content, place: Place, texts: Mapping[Location, str], today: dt.date) -> Iterator[Problem]:
    for location, text in texts.items():
        line = place.line(*location)
        for what, remedy in forbidden_markdown(text):
            yield Problem(place.path, line, what, remedy)
        for name in FIGURE_QUOTE.findall(text):
            yield from _check_quote(content, place.path, line, name, today)
        if "{{" in FIGURE_QUOTE.sub("", text) or "}}" in FIGURE_QUOTE.sub("", text):
            yield Problem(place.path, line, "a figure is quoted with uneven braces", "Write {{ figure-name }}")
        if TYPED_MONEY.search(FIGURE_QUOTE.sub("", text).replace("*", "")):
            yield Problem(place.path, line, "a sum of money is typed into the text", "Put it into figures.yml and quote it")


def _check_quote(content: Content, path: str, line: int, name: str, today: dt.date) -> Iterator[Problem]:
    figure = content.figures.get(name)
    if figure is None:
        yield Problem(path, line, f"the figure {name!r} is not in figures.yml", "Add it, or mend the name")
    elif figure.row_on(today) is None:
        yield Problem(path, line, f"the figure {name!r} has no row for {today}", "Add a row to figures.yml", Severity.expired)


def _check_translation(place: Place, answer: Answer, language: str, version: Version) -> Iterator[Problem]:
    current = fingerprint(answer.fi)
    line = place.line(language, "based_on")
    remedy = "Compare it with the Finnish text, then run `python -m knowledge stamp` for the file"
    if version.based_on is None:
        yield Problem(place.path, line, f"{language} does not say which Finnish text it is based on", remedy)
    elif version.based_on != current:
        yield Problem(place.path, line, f"{language} is older than the Finnish text", remedy)


def _check_boundaries(content: Content) -> Iterator[Problem]:
    folder = shown_path(content.root / "boundaries", content.root.parent)
    for name in BOUNDARIES:
        if name not in content.boundaries:
            yield Problem(f"{folder}/{name}.yml", 1, f"the boundary {name!r} is missing", "Put the file back, or mend its id")
    for name in content.answers.keys() & content.boundaries.keys():
        place = content.place("answer", name)
        yield Problem(place.path, place.line("id"), f"{name!r} is the id of a boundary", "Choose another id")


def _check_examples_are_apart(content: Content) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for answer in content.answers.values():
        place = content.place("answer", answer.id)
        for language, examples in answer.examples().items():
            for number, example in enumerate(examples):
                words = plain_words(example)
                if words in seen:
                    where = "in this file" if seen[words] == answer.id else f"under {seen[words]}"
                    yield Problem(
                        place.path,
                        place.line(language, "examples", number),
                        f"the example {example!r} stands also {where}",
                        "Keep it where it fits best",
                    )
                seen.setdefault(words, answer.id)


def _check_titles_are_apart(content: Content) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for answer in content.answers.values():
        place = content.place("answer", answer.id)
        for language, version in answer.readable().items():
            key = (language, plain_words(version.title))
            if key in seen:
                yield Problem(
                    place.path,
                    place.line(language, "title"),
                    f"{seen[key]} has the same title",
                    "Say in the title what is different: people choose by it",
                )
            seen.setdefault(key, answer.id)


def _check_contacts(content: Content, today: dt.date) -> Iterator[Problem]:
    for name, contact in content.contacts.items():
        place = content.place("contact", name)
        if contact.municipality is not None and contact.municipality not in content.municipalities:
            yield Problem(
                place.path,
                place.line("municipality"),
                f"{contact.municipality!r} is not a municipality of the list",
                "See municipalities.yml",
            )
        if contact.source is not None and contact.source.checked_on > today:
            yield Problem(place.path, place.line("source"), "the source was checked in the future", "Write the day it was read")


def _check_municipalities(content: Content) -> Iterator[Problem]:
    for name, municipality in content.municipalities.items():
        if municipality.contact not in content.contacts:
            place = content.place("municipality", name)
            yield Problem(
                place.path, place.line("contact"), f"the contact {municipality.contact!r} is not in contacts.yml", "Add it there"
            )
