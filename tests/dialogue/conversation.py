"""The format of the conversation tests, ``conversations/<act>.yml``: what a newcomer says or presses, and what must come of it.

What is expected is behaviour, not copy, so that the same conversations can be held over any channel.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.channels.web.calls import Payload
from bot.status import ExpertReason, Status
from knowledge.model import Audience

FOLDER = Path(__file__).resolve().parent / "conversations"


def _listed(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]


Statuses = Annotated[list[Status], BeforeValidator(_listed)]
Names = Annotated[list[str], BeforeValidator(_listed)]


class Strict(BaseModel):
    """Refuses keys that it does not know, so that a misspelled expectation is never passed over."""

    model_config = ConfigDict(extra="forbid")


class TurnTest(Strict):
    """One turn. Exactly one of ``says``, ``says_one_of`` and ``presses``; the rest is expected of the reply."""

    says: str | None = None
    says_one_of: list[str] = []
    """To bring about a choice or an unknown question, whatever the search can answer by now: said until the status fits."""
    presses: Annotated[int, Field(strict=True)] | Payload | None = None
    """A button: its payload, or its position among the buttons shown last (1 is the first, -1 the last)."""

    status: Statuses
    """The status of the reply, or those of which it must be one."""
    answer: Names = []
    """The reply is one of these answers."""
    finds: Names = []
    """One of these answers is shown, or offered to choose from."""
    picks: int | None = None
    """The answer is the one that stood at this position in the last choice."""
    repeats_turn: int | None = None
    """The answer or choice is the same as in that turn, counted from 1."""
    choices_include: Names = []
    choices_leave_out: Names = []
    language: str | None = None
    """The language of the message."""
    dir: Literal["ltr", "rtl"] | None = None
    expert_reason: ExpertReason | Literal["none"] | None = None
    contact: Names = []
    """Contacts that must be shown, with the answer or with the offer of a human."""
    buttons_at_least: int | None = None
    reviewed: bool | None = None
    """Whether the answer is shown as reviewed by a counsellor."""
    text_matches: re.Pattern[str] | None = None
    """A regular expression found in the text: sparingly, for what the words must carry."""
    asks: re.Pattern[str] | None = None
    """A regular expression found in the question of the form that is put at the end of the turn: the last of the messages."""
    erased: bool | None = None
    """Whether the conversation is gone after this turn."""

    @model_validator(mode="after")
    def _words_or_button(self) -> Self:
        if (self.says is not None) + bool(self.says_one_of) + (self.presses is not None) != 1:
            raise ValueError("a turn either says or presses something")
        return self


class ConversationTest(Strict):
    """One conversation from its beginning."""

    name: str
    language: str | None = None
    municipality: str | None = None
    audience: Audience | None = None
    known_failure: str | None = None
    """Why it cannot pass yet. Once it passes, the test fails until this line is removed."""
    turns: Annotated[list[TurnTest], Field(min_length=1)]
    file: str = ""

    @property
    def about(self) -> dict[str, str]:
        """What the conversation begins with."""
        given = {"language": self.language, "municipality": self.municipality, "audience": self.audience}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def id(self) -> str:
        """``repeat: the choice is offered again`` as ``repeat:the-choice-is-offered-again``."""
        return f"{self.file}:{re.sub(r'[^a-z0-9]+', '-', self.name.lower()).strip('-')}"


def read_conversations(folder: Path = FOLDER) -> list[ConversationTest]:
    """All conversation tests. Raises ``ValueError`` naming the file when one does not fit the format."""
    read: list[ConversationTest] = []
    for path in sorted(folder.glob("*.yml")):
        for number, listed in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            try:
                read.append(ConversationTest.model_validate({**listed, "file": path.stem}))
            except ValueError as error:
                raise ValueError(f"{path.name}, conversation {number} ({listed.get('name')}): {error}") from error
    return read
