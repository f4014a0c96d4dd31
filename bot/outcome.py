"""What an action found out or decided: sent through Rasa as data, made into words by the service."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.handoff.draft import Draft
from bot.status import ExpertReason, Status


class Outcome(BaseModel):
    """The outcome of one action of the dialogue."""

    action: Literal[
        "answer",
        "choose",
        "offer_human",
        "language",
        "municipality",
        "audience",
        "feedback",
        "erase",
        "repeat",
        "start_over",
        "form",
        "end_form",
        "hand_off",
        "case_status",
        "ask_withdraw",
        "withdraw_case",
    ]
    status: Status
    answer_id: str | None = None
    alternatives: list[str] = Field(default_factory=list)
    topic: str | None = None
    question: str | None = None
    """The question in full, for follow-ups."""
    expert: ExpertReason | None = None
    municipality_asked: str | None = None
    """A municipality named in the question itself."""
    set: dict[str, str | None] = Field(default_factory=dict)
    """What changes in the conversation: language, municipality, audience."""
    feedback: dict[str, Any] | None = None
    problem: str | None = None
    """Why the form asks again: the name of a line in ``bot/texts/form/``, without ``problem_``."""
    matter: str | None = None
    """What the form will pass on, as far as it is known."""
    hand_off: Draft | None = None
    explain: dict[str, Any] | None = None
