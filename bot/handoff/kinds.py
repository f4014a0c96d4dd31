"""Closed lists of what can happen to a case, and of why something cannot be done. The desk's catalogue has a line for each."""

from __future__ import annotations

from typing import Literal

EventKind = Literal[
    "created",
    "claimed",
    "released",
    "given_back",
    "transferred",
    "taken_over",
    "spoke",
    "note",
    "consult",
    "consult_answer",
    "urgent",
    "not_urgent",
    "time_booked",
    "time_changed",
    "time_cancelled",
    "resolved",
    "withdrawn",
    "expired",
]
"""What stands in the timeline of a case."""

TypedWrong = Literal[
    "words_empty_or_long",
    "outcome_missing",
    "topic_unknown",
    "destination_missing",
    "time_missing",
    "time_past",
    "time_unclear",
    "medium_missing",
    "link_wrong",
]
"""What somebody typed cannot be."""

Conflict = Literal[
    "claimed_already",
    "not_yours",
    "nothing_asked",
    "ended_already",
    "appointed_already",
    "appointment_gone",
    "time_taken",
]
"""The case, or the desk, is not in a state in which it can be done."""
