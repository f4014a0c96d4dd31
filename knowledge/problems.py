"""Problems found in content: collected, never raised one by one. Their words: ``knowledge/checking/problems.<language>.yml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).resolve().parent / "checking"


LONGEST_VALUE = 200
"""Characters of a value that a problem shows."""


class Severity(StrEnum):
    """What a problem stops: an error stops publishing and fails the check, an expiry fails the check, advice stops nothing."""

    error = "error"
    expired = "expired"
    advice = "advice"


@dataclass(frozen=True, order=True)
class Problem:
    """One problem in one place: the rule that was broken, with the values that its words name."""

    path: str
    line: int
    column: int
    rule: str
    values: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.error

    def told(self, language: str) -> str:
        """``path:line:column: what is wrong; what to do`` in ``fi`` or ``en``. What does not stop publishing is marked so."""
        mark = "" if self.severity is Severity.error else f"{_catalogue(language)['severities'][self.severity]}: "
        what, remedy = self.in_words(language)
        return f"{self.path}:{self.line}:{self.column}: {mark}{what}; {remedy}"

    def in_words(self, language: str) -> tuple[str, str]:
        """What is wrong, and what to do, in ``fi`` or ``en``."""
        words = _catalogue(language)["rules"][self.rule]
        values = dict(self.values)
        return _line(words["what"].format(**values)), _line(words["remedy"].format(**values))

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.in_words("en")[0]

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return self.in_words("en")[1]

    def as_data(self, language: str) -> dict[str, Any]:
        """The problem for programs, its words in ``language``."""
        what, remedy = self.in_words(language)
        place = {"path": self.path, "line": self.line, "column": self.column}
        return {**place, "rule": self.rule, "severity": str(self.severity), "what": what, "remedy": remedy}

    def as_row(self) -> list[Any]:
        """The problem for a cache; see ``from_row``."""
        return [self.path, self.line, self.column, self.rule, self.values, self.severity]

    @classmethod
    def from_row(cls, row: list[Any]) -> Problem:
        """What ``as_row`` gave, also after a way through JSON."""
        path, line, column, rule, values, severity = row
        return cls(path, line, column, rule, tuple((name, value) for name, value in values), Severity(severity))

    def __str__(self) -> str:
        return self.told("en")


def tally(problems: Iterable[Problem], answers: int, language: str) -> str:
    """How many problems of each severity there are, in one line."""
    counts = Counter(problem.severity for problem in problems)
    line: str = _catalogue(language)["tally"]
    return line.format(answers=answers, **{str(severity): counts[severity] for severity in Severity})


def stops(problems: Iterable[Problem]) -> list[Problem]:
    """Those of the problems that stop publishing."""
    return [problem for problem in problems if problem.severity is Severity.error]


def named(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The values of a problem, as it keeps them: short text, in order of their names."""
    return tuple(sorted((name, _short(str(value))) for name, value in values.items()))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _line(text: str) -> str:
    """A problem is one line, whatever was written into the content."""
    return " ".join(text.split())


def shown_path(path: Path, root: Path) -> str:
    """The path as a counsellor sees it: relative to the repository when it lies inside."""
    try:
        return str(path.relative_to(root))
    except ValueError:
        return str(path)


@cache
def _catalogue(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((WORDS / f"problems.{language}.yml").read_text(encoding="utf-8"))
    return loaded


def reading(language: str) -> str:
    """What is said while the content is read."""
    line: str = _catalogue(language)["reading"]
    return line
