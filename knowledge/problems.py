"""Problems found in content: collected, never raised one by one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """What a problem stops. An error stops publishing; an expiry only fails the check."""

    error = "error"
    expired = "expired"


@dataclass(frozen=True, order=True)
class Problem:
    """One problem in one place, told as ``path:line: what is wrong, and what to do``."""

    path: str
    line: int
    what: str
    remedy: str
    severity: Severity = Severity.error

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.remedy}."


def shown_path(path: Path, root: Path) -> str:
    """The path as a counsellor sees it: relative to the repository when it lies inside."""
    try:
        return str(path.relative_to(root))
    except ValueError:
        return str(path)
