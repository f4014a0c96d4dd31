"""The snapshots that were published: which there are, going back to one, and taking old ones away."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from knowledge.published import (
    UNREADABLE,
    Hold,
    Manifest,
    NothingPublished,
    current_id,
    fitting_manifest,
    make_current,
    read_manifest,
    snapshot_ids,
    write_hold,
)
from knowledge.publishing_lock import alone


@dataclass(frozen=True)
class Past:
    """A snapshot on disk. One that does not fit (an older form, another encoder) cannot be put back."""

    manifest: Manifest
    live: bool
    fits: bool


def read_history(folder: Path) -> list[Past]:
    """Every snapshot that can be read, the newest first."""
    current = current_id(folder)
    found = []
    for identifier in reversed(snapshot_ids(folder)):
        try:
            manifest = read_manifest(folder, identifier)
        except UNREADABLE:
            continue
        found.append(Past(manifest, identifier == current, _fits(folder, identifier)))
    return found


def roll_back(folder: Path, identifier: str | None, now: dt.datetime, by: str | None = None) -> Hold:
    """Make an older snapshot current: the one named, else the one that was live before the current one.

    Nothing is published by itself from then on, until somebody publishes by word: what was taken back stays taken back.
    Raises ``NothingPublished`` when there is no such snapshot, or it does not fit, and ``PublishedElsewhere``.
    """
    with alone(folder):
        current = current_id(folder)
        if current is None:
            raise NothingPublished("Nothing is published yet. Run `python -m knowledge publish`.")
        target = identifier or _before(folder, current)
        if target is None:
            raise NothingPublished(f"There is no snapshot before {current} to go back to. See `python -m knowledge history`.")
        fitting_manifest(folder, target, _encoder(folder))
        hold = Hold(put_back=target, instead_of=current, at=now, by=by)
        write_hold(folder, hold)
        make_current(folder, target)
        return hold


def keep_newest(folder: Path, count: int) -> list[str]:
    """Take away the oldest snapshots so that ``count`` stay; the live one stays in any case. Returns what was taken away."""
    with alone(folder):
        current = current_id(folder)
        old = [each for each in snapshot_ids(folder)[:-count] if each != current]
        for identifier in old:
            shutil.rmtree(folder / identifier)
        return old


def _before(folder: Path, current: str) -> str | None:
    """What was live before, or the newest that is older still when that one is gone or does not fit.

    Not the newest of all: that may be what was taken back before the current one was published. None also when the current one
    cannot be read: nothing then tells what fits.
    """
    try:
        was_live = read_manifest(folder, current).before
    except UNREADABLE:
        return None
    older = (each for each in snapshot_ids(folder) if each < current and (was_live is None or each <= was_live))
    return max((each for each in older if _fits(folder, each)), default=None)


def _fits(folder: Path, identifier: str) -> bool:
    try:
        fitting_manifest(folder, identifier, _encoder(folder))
    except (NothingPublished, *UNREADABLE):
        return False
    return True


def _encoder(folder: Path) -> str:
    """That of the current snapshot, which is the one that the service runs with."""
    return read_manifest(folder, current_id(folder) or "").encoder
