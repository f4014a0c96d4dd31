"""Reads the content folder into ``Content``, collecting every problem of form on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.model import Answer, Boundary, Contact, Figure, Municipality, Topic, Twin
from knowledge.problems import Problem, shown_path
from knowledge.yaml_lines import Document, Location, UnreadableYaml, read_yaml

NAME = re.compile(r"^[a-z][a-z0-9_-]{0,79}$")
"""What names a figure, a contact or a municipality."""

CONTENT = Path(__file__).resolve().parent
"""The folder with ``answers/``, ``topics.yml`` and the rest."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Place:
    """Where something was read, so that a later check can name the line."""

    path: str
    document: Document
    base: Location = ()

    def line(self, *location: int | str) -> int:
        return self.document.line_of((*self.base, *location))


@dataclass
class Content:
    """All content as read, with the place of each part and the problems of form found while reading."""

    root: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    boundaries: dict[str, Boundary] = field(default_factory=dict)
    twins: dict[str, Twin] = field(default_factory=dict)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, kind: str, identifier: str) -> Place:
        return self.places[kind, identifier]


def load_content(root: Path = CONTENT) -> Content:
    """Read every file below ``root``. Never raises for bad content: see ``Content.problems``."""
    content = Content(root)
    for path in sorted((root / "answers").rglob("*")):
        if path.is_file() and not (path.suffix == ".yml" and path.parent.parent == root / "answers"):
            content.problems.append(
                Problem(shown_path(path, root.parent), 1, "the file is not read here", "Name it answers/<group>/<id>.yml")
            )
        elif path.is_file():
            _load_answer(content, path)
    _load_mapping(content, root / "figures.yml", "figure", Figure, content.figures)
    _load_mapping(content, root / "contacts.yml", "contact", Contact, content.contacts)
    _load_mapping(content, root / "municipalities.yml", "municipality", Municipality, content.municipalities)
    _load_topics(content, root / "topics.yml")
    for path in sorted((root / "boundaries").glob("*.yml")):
        _load_one(content, path, "boundary", Boundary, content.boundaries)
    for path in sorted((root / "twins").rglob("*.yml")):
        _load_one(content, path, "twin", Twin, content.twins)
    return content


def _load_answer(content: Content, path: Path) -> None:
    answer = _load_one(content, path, "answer", Answer, content.answers)
    if answer is None:
        return
    shown = shown_path(path, content.root.parent)
    place = content.place("answer", answer.id)
    if path.stem != answer.id:
        content.problems.append(
            Problem(shown, place.line("id"), f"the id {answer.id!r} is not the file's name", f"Name the file {answer.id}.yml")
        )


def _load_one(content: Content, path: Path, kind: str, model: type[Model], into: dict[str, Model]) -> Model | None:
    document = _read(content, path)
    if document is None:
        return None
    place = Place(shown_path(path, content.root.parent), document)
    value = _validate(content, place, document.data, model)
    if value is None:
        return None
    identifier = str(value.id)  # type: ignore[attr-defined]
    if (kind, identifier) in content.places:
        other = content.place(kind, identifier).path
        content.problems.append(
            Problem(place.path, place.line("id"), f"the id {identifier!r} is already taken by {other}", "Choose another id")
        )
        return None
    into[identifier] = value
    content.places[kind, identifier] = place
    return value


def _load_mapping(content: Content, path: Path, kind: str, model: type[Model], into: dict[str, Model]) -> None:
    document = _read(content, path)
    if document is None:
        return
    shown = shown_path(path, content.root.parent)
    if not isinstance(document.data, dict):
        content.problems.append(Problem(shown, 1, "the file is not a mapping of names", f"Write one {kind} under each name"))
        return
    for name, data in document.data.items():
        place = Place(shown, document, (str(name),))
        if not isinstance(name, str) or not NAME.match(name):
            content.problems.append(Problem(shown, place.line(), f"{name!r} is not a name", "Use small letters, digits, - and _"))
            continue
        value = _validate(content, place, data, model)
        if value is not None:
            into[name] = value
            content.places[kind, name] = place


def _load_topics(content: Content, path: Path) -> None:
    document = _read(content, path)
    if document is None:
        return
    shown = shown_path(path, content.root.parent)
    if not isinstance(document.data, list):
        content.problems.append(Problem(shown, 1, "the file is not a list of topics", "Begin each topic with a dash"))
        return
    for number, data in enumerate(document.data):
        place = Place(shown, document, (number,))
        topic = _validate(content, place, data, Topic)
        if topic is None:
            continue
        if topic.id in content.topics:
            content.problems.append(
                Problem(shown, place.line("id"), f"the topic {topic.id!r} is listed twice", "Remove one of the two")
            )
        content.topics[topic.id] = topic
        content.places["topic", topic.id] = place


def _read(content: Content, path: Path) -> Document | None:
    shown = shown_path(path, content.root.parent)
    try:
        document = read_yaml(path)
    except UnreadableYaml as error:
        content.problems.append(
            Problem(shown, error.line, f"this is not valid YAML: {error.what}", "Mend the spelling of this line or the one above")
        )
        return None
    except OSError as error:
        content.problems.append(
            Problem(shown, 1, f"the file cannot be read: {error.strerror}", "Put the file back or mend its rights")
        )
        return None
    for name, line in document.repeated:
        content.problems.append(Problem(shown, line, f"the key {name!r} stands twice", "Keep one of the two"))
    return document


def _validate(content: Content, place: Place, data: Any, model: type[Model]) -> Model | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors():
            location = tuple(part for part in detail["loc"] if not _is_union_branch(part))
            what, remedy = _told_plainly(detail, location)
            content.problems.append(Problem(place.path, place.line(*location), what, remedy))
        return None


def _is_union_branch(part: int | str) -> bool:
    """Pydantic puts the name of the tried class or type into the location of a union's error."""
    return isinstance(part, str) and (part in _BRANCHES or part.startswith(("constrained-", "function-")))


_BRANCHES = {"LanguageVersion", "Version", "MoreExamples", "Localised", "date", "int", "float"}


def _told_plainly(detail: Any, location: Location) -> tuple[str, str]:
    name = ".".join(str(part) for part in location) or "the file"
    kind = detail["type"]
    if kind == "missing":
        return f"{name} is missing", f"Add {location[-1]}"
    if kind == "extra_forbidden":
        return f"{name} is not a known key", "Check the spelling, or remove it"
    if kind == "enum" or kind == "literal_error":
        return f"{name} is {detail['input']!r}", f"Use {detail['ctx']['expected']}"
    if kind.startswith("date"):
        return f"{name} is not a date", "Write it as year-month-day, for example 2026-11-22"
    if kind == "string_pattern_mismatch":
        return f"{name} is {detail['input']!r}, which does not fit", f"It must match {detail['ctx']['pattern']}"
    if kind == "value_error":
        return f"{name}: {detail['ctx']['error']}", "Mend the values"
    message = detail["msg"]
    return f"{name}: {message[0].lower()}{message[1:]}", "Mend the value"
