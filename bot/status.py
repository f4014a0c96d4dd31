"""The closed list of what a turn can come to."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Used in the API, the database and the reports."""

    answered = "answered"
    clarify = "clarify"
    unknown = "unknown"
    out_of_scope = "out_of_scope"
    emergency = "emergency"
    handoff = "handoff"
    smalltalk = "smalltalk"
    control = "control"
    human = "human"
    failed = "failed"


class ExpertReason(StrEnum):
    """Why the permit expert is recommended."""

    asked = "asked"
    own_case = "own_case"
    expert_topic = "expert_topic"
    unknown = "unknown"
