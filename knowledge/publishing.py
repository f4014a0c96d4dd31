"""Publishing: content becomes the live snapshot, or nothing changes."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from knowledge.changes import changes_between
from knowledge.check import check_content
from knowledge.compiled import Compiled
from knowledge.encoder import Encoder
from knowledge.gate import GateQuestion, GateUnreadable, Worse, questions_for_required, read_gate, worse_ones
from knowledge.live import Live, read_live
from knowledge.load import load_content
from knowledge.model import Twin
from knowledge.problems import Severity
from knowledge.published import (
    FORMAT,
    Changes,
    Manifest,
    NothingPublished,
    clear_unfinished,
    content_fingerprint,
    current_id,
    make_current,
    read_hold,
    write_hold,
)
from knowledge.publishing_lock import alone
from knowledge.read_cache import CHECKED, ReadCache
from knowledge.replies import Replies, ask, replies_of
from knowledge.snapshot import Snapshot, write_snapshot
from knowledge.training import Made, Texts, make_retrieval
from knowledge.tuning import Tuning, read_tuning
from knowledge.twin_tests import FailedTwin, failed_twins, questions_of
from knowledge.vector_cache import VECTORS


class Result(BaseModel):
    """What publishing came to. Nothing has changed unless ``published``."""

    published: bool
    left: Literal["already", "held"] | None = None
    """Why nothing was tried: this content is live already, or a rollback holds. Only when publishing ``if_changed``."""
    id: str | None = None
    answers: int = 0
    examples: int = 0
    full: bool = False
    """Whether everything was fitted anew."""
    changes: Changes = Changes()
    problems: list[str] = []
    """Errors of the content, as the check tells them."""
    twins: list[FailedTwin] = []
    worse: list[Worse] = []
    seconds: float = 0.0


Step = Literal["check", "fit", "ask", "write"]
"""What publishing is at: reading and checking; encoding and fitting; twin tests and gate; writing and switching."""

Confirm = Callable[[list[Worse]], bool]
"""Asked before questions to required answers get worse; True goes on."""


def publish(
    root: Path,
    folder: Path,
    encoder: Encoder,
    now: dt.datetime,
    *,
    by: str | None = None,
    full: bool = False,
    if_changed: bool = False,
    confirm: Confirm = lambda worse: False,
    step: Callable[[Step], None] = lambda name: None,
    tuning: Tuning | None = None,
) -> Result:
    """Publish the content of ``root`` below ``folder``: checked, fitted, tested, and only then made current, in one move.

    Content that has merely expired is published: it is shown without the figure, or not at all. A failed twin test stops
    publishing, except of the first snapshot: an empty guide helps nobody. ``full`` fits everything anew and runs every twin test;
    else only what changed is fitted, with what is near, and those twins are run. ``if_changed`` is for whatever publishes by
    itself: it leaves content alone that is live already, and everything after a rollback. Raises ``PublishedElsewhere``.
    """
    began = time.monotonic()
    with alone(folder):
        if if_changed and (left := _why_left(root, folder, encoder)):
            return Result(published=False, left=left)
        result = _publish(root, folder, encoder, now, by, full, confirm, step, tuning or read_tuning())
    result.seconds = round(time.monotonic() - began, 2)
    return result


def _publish(
    root: Path,
    folder: Path,
    encoder: Encoder,
    now: dt.datetime,
    by: str | None,
    full: bool,
    confirm: Confirm,
    step: Callable[[Step], None],
    tuning: Tuning,
) -> Result:
    step("check")
    clear_unfinished(folder)
    fingerprint = content_fingerprint(root)
    content = load_content(root, ReadCache(folder / CHECKED))
    errors = [str(problem) for problem in check_content(content, now.date()) if problem.severity is Severity.error]
    try:
        gate = read_gate(root)
    except GateUnreadable as error:
        errors.append(str(error))
    if errors:
        return Result(published=False, problems=errors)
    live = read_live(folder, encoder.name)
    step("fit")
    compiled, texts = Compiled.of(content), Texts(folder, encoder)
    made = make_retrieval(compiled, texts, live.before if live and not full else None)
    manifest = Manifest(
        id=_new_id(now, folder),
        format=FORMAT,
        published_at=now,
        encoder=encoder.name,
        answers=len(compiled.answers),
        examples=len(made.retrieval.examples),
        content=fingerprint,
        by=by,
        changes=changes_between(live.content if live else None, compiled),
        changed_since_full=made.changed_since_full,
        before=current_id(folder),
    )
    snapshot = Snapshot(manifest, compiled, made.retrieval)
    step("ask")
    gate = questions_for_required(gate, compiled.answers, live.content.answers if live else {})
    twins = _twins_to_run(compiled, made, live)
    replies = ask(snapshot, encoder, texts, tuning, [*(each.text for each in gate), *questions_of(twins)])
    failed = failed_twins(twins, replies.to)
    worse = _worse(gate, live, folder, encoder, texts, tuning, replies)
    result = Result(
        published=False,
        answers=manifest.answers,
        examples=manifest.examples,
        full=made.again is None,
        changes=manifest.changes,
        twins=failed,
        worse=worse,
    )
    if (failed and live) or (worse and not confirm(worse)):
        return result
    step("write")
    kept = Replies(tuning=replies.tuning, to={each.text: replies.to[each.text] for each in gate})
    write_snapshot(folder, snapshot, made.trained, kept.model_dump_json())
    make_current(folder, manifest.id)
    write_hold(folder, None)
    return result.model_copy(update={"published": True, "id": manifest.id})


def _new_id(now: dt.datetime, folder: Path) -> str:
    """An id that is free. Ids are in the order of publishing, also within a second."""
    fraction = now.microsecond * 0x10000 // 1_000_000
    while (folder / (identifier := f"{now:%Y%m%dT%H%M%S}-{fraction:04x}")).exists():
        fraction += 1
    return identifier


def _why_left(root: Path, folder: Path, encoder: Encoder) -> Literal["already", "held"] | None:
    live = read_live(folder, encoder.name)
    if live is None or not (folder / VECTORS).exists():
        return None
    if live.manifest.content == content_fingerprint(root):
        return "already"
    return "held" if read_hold(folder) else None


def _twins_to_run(compiled: Compiled, made: Made, live: Live | None) -> list[Twin]:
    """The twins of whatever was fitted again, and those that changed themselves."""
    if made.again is None or live is None:
        return list(compiled.twins.values())
    before = live.content.twins
    return [twin for name, twin in compiled.twins.items() if name in made.again or before.get(name) != twin]


def _worse(
    gate: list[GateQuestion],
    live: Live | None,
    folder: Path,
    encoder: Encoder,
    texts: Texts,
    tuning: Tuning,
    after: Replies,
) -> list[Worse]:
    if live is None:
        return []
    try:
        before = replies_of(folder, live.manifest.id, encoder, texts, tuning, [each.text for each in gate])
    except NothingPublished:
        return []
    return worse_ones(gate, before.to, after.to)
