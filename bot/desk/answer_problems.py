"""What is wrong with an answer that somebody is writing, and at which field of the form it is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.desk.answer_folder import AnswerFolder
from knowledge.check import check_content
from knowledge.load import Content
from knowledge.problems import Problem, Severity, shown_path
from knowledge.source_text import UnreadableFile
from knowledge.yaml_lines import parse_yaml

EVERYWHERE = ""
"""The place of what belongs to no field."""


@dataclass(frozen=True)
class Told:
    """A problem as the form tells it."""

    field: str
    text: str
    stops: bool
    """Whether the answer cannot be saved with it."""


def problems_with(folder: AnswerFolder, files: Mapping[Path, str], today: dt.date) -> tuple[Content, list[Problem]]:
    """The content as it would be with these texts in these files, and every problem that it would have."""
    proposed = folder.content_with(files)
    return proposed, check_content(proposed, today)


def newly_wrong(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """The errors that were not there before. Where in a file they stand does not matter: lines move."""
    known = Counter(map(_apart_from_place, before))
    new = []
    for problem in after:
        if known[_apart_from_place(problem)]:
            known[_apart_from_place(problem)] -= 1
        elif problem.severity is Severity.error:
            new.append(problem)
    return new


def tell(
    problems: Iterable[Problem],
    stopping: Iterable[Problem],
    files: Mapping[Path, str],
    root: Path,
    fields: Iterable[str],
    language: str,
) -> list[Told]:
    """The problems of these files each at its field; those that stop the saving also when they are told of other files."""
    told, stops, known = [], set(stopping), set(fields)
    shown = {shown_path(path, root.parent): text for path, text in files.items()}
    for problem in problems:
        here = problem.path in shown
        if here or problem in stops:
            field = _field(problem, shown[problem.path], known) if here else EVERYWHERE
            told.append(Told(field, words_of(problem, language, with_place=not here), problem in stops))
    return told


def words_of(problem: Problem, language: str, with_place: bool) -> str:
    """The problem in words of the desk's language; ``with_place`` begins with the file."""
    what, remedy = problem.in_words(language)
    return f"{problem.path}: {what}; {remedy}" if with_place else f"{what}; {remedy}"


def _apart_from_place(problem: Problem) -> tuple[object, ...]:
    return problem.path, problem.rule, problem.values


def _field(problem: Problem, text: str, known: set[str]) -> str:
    """The field at whose line the problem is, or the one that begins last before it."""
    twin = "/twins/" in f"/{problem.path}"
    try:
        known_places = parse_yaml(text.encode()).positions.keys
    except UnreadableFile:
        return EVERYWHERE
    before = [(place, location) for location, place in known_places.items() if place <= (problem.line, problem.column)]
    nearest = max((place for place, _ in before), default=(0, 0))
    for _, location in sorted((each for each in before if each[0] == nearest), key=lambda each: -len(each[1])):
        name = _name((*(("twin",) if twin else ()), *map(str, location)), known)
        if name is not None:
            return name
    return EVERYWHERE


def _name(parts: tuple[str, ...], known: set[str]) -> str | None:
    """The field of a place in the file: the stamp of a translation is the tick that sets it."""
    if parts[-1:] == ("based_on",):
        parts = (*parts[:-1], "matches")
    if parts[:1] == ("municipalities",):
        parts = ("local",)
    return next((name for length in range(len(parts), 0, -1) if (name := ".".join(parts[:length])) in known), None)
