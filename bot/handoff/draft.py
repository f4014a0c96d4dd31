"""What the form of the dialogue gathers before a case begins, and what is possible just now."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

Way = Literal["chat", "callback", "appointment", "question"]

PERMIT_EXPERT = "permit_expert"
"""The contact of the residence-permit expert in knowledge/contacts.yml."""

EXPERT_DESK = "expert"
"""The desk of the residence-permit expert, who serves every municipality. Other desks have the id of their municipality."""


class Draft(BaseModel):
    """A case in the making. What is None was not told; nothing is kept unless ``consent`` is given."""

    consent: bool = False
    way: Way
    matter: str = Field(max_length=2000)
    municipality: str | None = None
    audience: str | None = None
    language: str
    interpreter: bool = False
    phone: str | None = None
    """As E.164."""
    email: str | None = None
    wished_time: str | None = Field(None, max_length=200)
    slot: dt.datetime | None = None
    """The beginning of the appointment that was chosen."""


class Possible(BaseModel):
    """What the newcomer can be offered at this moment."""

    desk: str
    """Whose case it would be: ``expert``, or a municipality's id."""
    ways: list[Way]
    """In the order in which they are offered. Empty when nobody works at the desk: then there is only the contact card."""
    present: bool = False
    """Whether somebody of the desk is there now."""
    queue: int = 0
    """How many cases wait at the desk."""
    opens_next: dt.datetime | None = None
    """When the desk opens next, where its hours are known and it is closed."""
    slots: list[dt.datetime] = Field(default_factory=list)
    """Beginnings of free appointments, the next ones first."""
    minutes: int = 30
    """The length of an appointment."""
