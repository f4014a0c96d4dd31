"""The object that the steps of a turn work on, and the parts of the service that they may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.conversation import Conversation
from bot.conversations.store import ConversationStore
from bot.dialogue import Dialogue
from bot.guide import Guide
from bot.handoff.cases import Cases
from bot.handoff.draft import Draft, Possible
from bot.handoff.handoff import Handoff
from bot.handoff.shown import ShownCase
from bot.language import LanguageDetector
from bot.messages import Message
from bot.outcome import Outcome
from bot.status import Status
from bot.texts import line_language, say
from knowledge.encoder import Vectors


@dataclass(frozen=True)
class Parts:
    """What a turn needs of the service. ``now`` is the clock, so that tests can set it."""

    guide: Guide
    dialogue: Dialogue
    detector: LanguageDetector
    store: ConversationStore
    handoff: Handoff
    cases: Cases
    now: Callable[[], dt.datetime]


@dataclass
class Turn:
    """One turn. A step that sets ``status`` ends the search for a reply."""

    conversation: Conversation
    received: Message
    text: str
    """The newcomer's words, or what stands on the button that was pressed."""
    payload: str | None = None
    explain: bool = False
    alone: bool = False
    """Whether no other turn was under way when this one began."""
    detected_language: str | None = None
    language: str = "en"
    search_text: str = ""
    """What is searched for: the newcomer's words in the script of their language."""
    redacted: str = ""
    vector: Vectors | None = None
    status: Status | None = None
    outcome: Outcome | None = None
    replies: list[Message] = field(default_factory=list)
    possible: Possible | None = None
    """What of a hand-off is possible now; None in the turns that do not need to know."""
    case: ShownCase | None = None
    """The newcomer's last case, in the turns in which they ask how it stands."""
    erase: bool = False
    hand_off: Draft | None = None
    """A case to begin when the turn ends."""
    withdraw: bool = False
    """Whether the newcomer's open case is to be withdrawn when the turn ends."""
    settles: int | None = None
    """The row of ``turns`` whose question this turn has answered, by the choice of an answer that was offered."""
    steps_ms: dict[str, float] = field(default_factory=dict)

    @property
    def reply_language(self) -> str:
        """The language of the fixed lines: the asker's when there is a catalogue, else English."""
        return line_language(self.language)

    @property
    def reads(self) -> str:
        """The language in which answers are read: the asker's, or easy Finnish when they chose it."""
        return self.conversation.reads or self.language

    def say(self, line: str, **values: object) -> str:
        """A fixed line as the asker reads it, in English where there is no catalogue."""
        return say(line, self.reads, **values)
