"""The closed lists of curation: why a question is missed, and what is decided on it."""

from __future__ import annotations

from typing import Literal

Cause = Literal["unknown", "clarify", "not_helped"]
CAUSES: tuple[Cause, ...] = ("unknown", "clarify", "not_helped")
"""The guide did not know; it offered answers and none was chosen; it answered and that did not help."""

Decision = Literal["attached", "begun", "dismissed"]
DECISIONS: tuple[Decision, ...] = ("attached", "begun", "dismissed")
"""Attached to an answer, a new answer was begun for it, or nothing is to be done."""

Reason = Literal["out_of_scope", "not_understandable", "already_answered", "no_question", "other"]
REASONS: tuple[Reason, ...] = ("out_of_scope", "not_understandable", "already_answered", "no_question", "other")
"""Why a question is dismissed."""
