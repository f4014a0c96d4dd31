"""What a newcomer reads: the shapes of messages and answers in the API, the events and the database."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.status import ExpertReason, Status

Sender = Literal["newcomer", "bot", "expert", "system"]
Kind = Literal["text", "answer", "choice", "offer", "emergency", "notice"]


class Shape(BaseModel):
    """Base of the API's shapes."""

    model_config = ConfigDict(extra="forbid")


class ShownSource(Shape):
    """Where the statements of an answer were read."""

    url: str | None
    title: str
    checked_on: dt.date
    page_date: str | None = None


class ShownLink(Shape):
    """A page to go on to."""

    url: str
    title: str


class ShownPhone(Shape):
    """A phone number as people write it, and as a phone dials it."""

    number: str
    href: str
    label: str | None = None


class OpenSpan(Shape):
    """A stretch of time in which a contact point is open."""

    opens: dt.datetime
    closes: dt.datetime


class ShownContact(Shape):
    """A contact point by role, in one language. ``to_check`` says that the details come from an older page.

    ``open_now`` and ``opens_next`` hold for the moment of the message; from ``open_spans`` a client can tell later, too.
    """

    id: str
    name: str
    helps_with: str
    phones: list[ShownPhone] = []
    email: str | None = None
    address: str | None = None
    website: str | None = None
    hours: list[str] = []
    open_now: bool | None = None
    opens_next: str | None = None
    open_spans: list[OpenSpan] = []
    always_open: bool = False
    unknown: list[str] = []
    note: str | None = None
    to_check: bool = False
    source: ShownSource | None = None


class ShownAnswer(Shape):
    """A curated answer in one language, as of a day."""

    id: str
    topic: str
    title: str
    text: str
    html: str
    steps: list[str] = []
    links: list[ShownLink] = []
    contacts: list[ShownContact] = []
    sources: list[ShownSource]
    checked_on: dt.date
    reviewed: bool
    language: str
    fallback_from: str | None = None


class Alternative(Shape):
    """One of the answers to choose from."""

    id: str
    topic: str
    title: str


class Button(Shape):
    """A ready reply: its words, and what is sent when it is pressed."""

    title: str
    payload: str


class ExpertOffer(Shape):
    """Whether to turn to the permit expert or another human, why, and whom."""

    recommended: bool
    reason: ExpertReason | None = None
    contacts: list[ShownContact] = []


class Message(Shape):
    """One message of a conversation. ``id`` 0 is a message that is not kept."""

    id: int = 0
    at: dt.datetime
    sender: Sender
    kind: Kind
    status: Status | None = None
    text: str
    html: str
    language: str
    dir: Literal["ltr", "rtl"]
    answer: ShownAnswer | None = None
    alternatives: list[Alternative] = []
    buttons: list[Button] = []
    expert: ExpertOffer | None = None
    author: str | None = None
    """The role of the human who writes, such as "Residence permit expert"; None for everybody else."""
    client_id: str | None = None
    reply_to: int | None = None
