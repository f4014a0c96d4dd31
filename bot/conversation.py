"""A conversation as the turn sees it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from bot.texts import language_tag
from knowledge.model import EASY_FINNISH

Offered = Literal["nothing", "answers", "human", "erasure", "reason", "handoff", "withdrawal"]


class State(BaseModel):
    """What the next turn must know of the turns before."""

    question: str | None = None
    """The last question in the newcomer's own words, for follow-ups."""
    topic: str | None = None
    answer_id: str | None = None
    """The last answer shown."""
    answer_language: str | None = None
    language_chosen: bool = False
    """Whether the newcomer chose the language; then it is not detected any more."""
    easy_finnish: bool = False
    """Whether the newcomer chose to read easy Finnish: then what is in Finnish is in easy Finnish where that exists."""
    offered: Offered = "nothing"
    alternatives: list[str] = Field(default_factory=list)
    """Ids of the answers last offered to choose from."""
    open_choice: int | None = None
    """The row of ``turns`` with the question to which answers were offered, until one is chosen or something else is answered."""
    unknowns: int = 0
    """How many turns in a row were not answered."""
    feedback_on: str | None = None
    """The answer about which a reason for failure was asked."""
    form: bool = False
    """Whether the form of a hand-off is being filled in."""
    has_case: bool = False
    """Whether the conversation has been handed off, and the case was not withdrawn since."""


class Conversation(BaseModel):
    """One conversation. ``kept`` is false for a single question, of which nothing is stored."""

    id: str
    channel: str
    kept: bool = True
    owner: Literal["bot", "human"] = "bot"
    language: str | None = None
    municipality: str | None = None
    audience: str | None = None
    state: State = Field(default_factory=State)
    created_at: dt.datetime
    last_at: dt.datetime

    def wish(self, language: str | None) -> None:
        """Go on in ``language``. Easy Finnish is Finnish that is read otherwise; it is only ever chosen, never detected."""
        self.language = None if language is None else language_tag(language)
        self.state.easy_finnish = language == EASY_FINNISH

    @property
    def reads(self) -> str | None:
        """The language in which answers are read: that of the conversation, or easy Finnish."""
        return EASY_FINNISH if self.language == "fi" and self.state.easy_finnish else self.language
