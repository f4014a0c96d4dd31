"""In what two states of the content differ."""

from __future__ import annotations

from knowledge.compiled import Compiled
from knowledge.published import Changes

OTHER_PARTS = ("figures", "contacts", "municipalities", "topics", "boundaries", "twins")


def changes_between(before: Compiled | None, after: Compiled) -> Changes:
    """What ``after`` has more, less and otherwise. Everything is new after nothing."""
    if before is None:
        return Changes(added=sorted(after.answers))
    both = before.answers.keys() & after.answers.keys()
    return Changes(
        added=sorted(after.answers.keys() - before.answers.keys()),
        removed=sorted(before.answers.keys() - after.answers.keys()),
        changed=sorted(name for name in both if before.answers[name] != after.answers[name]),
        other=[part for part in OTHER_PARTS if getattr(before, part) != getattr(after, part)],
    )
