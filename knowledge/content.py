"""The content as read: every part, its place in the files, and what was found wrong with its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.model import Answer, Boundary, Contact, Figure, Municipality, Topic, Twin
from knowledge.problems import Problem, Severity, named
from knowledge.read_cache import ReadCache
from knowledge.yaml_lines import Location, Positions


@dataclass
class Place:
    """Where something was read, so that a check can name line and column.

    ``key`` tells the bytes of the file from any others; it is empty for what a cache should not keep.
    """

    path: str
    positions: Callable[[], Positions]
    base: Location = ()
    key: str = ""

    def line(self, *location: int | str) -> int:
        return self.positions().of((*self.base, *location))[0]

    def problem(self, rule: str, *location: int | str, severity: Severity = Severity.error, **values: object) -> Problem:
        """The problem that a rule is broken at ``location``."""
        return Problem(self.path, *self.positions().of((*self.base, *location)), rule, named(values), severity)

    def problem_in(
        self, text: str, offset: int, rule: str, *location: int | str, severity: Severity = Severity.error, **values: object
    ) -> Problem:
        """The problem that a rule is broken at the sign ``offset`` of the text at ``location``."""
        position = self.positions().inside((*self.base, *location), text, offset)
        return Problem(self.path, *position, rule, named(values), severity)


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
    unread: set[tuple[str, str | None]] = field(default_factory=set)
    """Kind and name of what is there and could not be read; None for the name when a whole file of them could not."""
    cache: ReadCache = field(default_factory=ReadCache)
    """What was read and checked before."""

    def lacks(self, kind: str, name: str) -> bool:
        """Whether there is no such part. One that is there and could not be read has been told already, and is not lacking."""
        there = (kind, name) in self.places or (kind, name) in self.unread or (kind, None) in self.unread
        return not there

    def place(self, kind: str, identifier: str) -> Place:
        return self.places[kind, identifier]
