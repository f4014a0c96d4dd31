"""The content folder as it is now, to try before it is published. Nothing is published, and what is live stays as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from knowledge.check import check_content
from knowledge.checking.references import BOUNDARIES
from knowledge.compiled import Compiled
from knowledge.encoder import Encoder
from knowledge.load import load_content
from knowledge.problems import Severity
from knowledge.published import FORMAT, Manifest, content_fingerprint
from knowledge.snapshot import Snapshot
from knowledge.training import Before, Texts, make_retrieval

DRAFT = "draft"
"""The id of what is not published."""


class DraftUnreadable(Exception):
    """So much of the content cannot be read that nothing can be tried."""


@dataclass(frozen=True)
class Draft:
    """What would be published, and the errors that stand against it. What cannot be read is left out."""

    snapshot: Snapshot
    errors: list[str]


def make_draft(root: Path, encoder: Encoder, texts: Texts, before: Before | None, now: dt.datetime) -> Draft:
    """Fit the content of ``root`` in memory, from what is live when little has changed. Raises ``DraftUnreadable``."""
    content = load_content(root)
    errors = [str(problem) for problem in check_content(content, now.date()) if problem.severity is Severity.error]
    if len(content.answers) < 2 or any(name not in content.boundaries for name in BOUNDARIES):
        raise DraftUnreadable("\n".join(errors))
    compiled = Compiled.of(content)
    made = make_retrieval(compiled, texts, before)
    manifest = Manifest(
        id=DRAFT,
        format=FORMAT,
        published_at=now,
        encoder=encoder.name,
        answers=len(compiled.answers),
        examples=len(made.retrieval.examples),
        content=content_fingerprint(root),
    )
    return Draft(Snapshot(manifest, compiled, made.retrieval), errors)
