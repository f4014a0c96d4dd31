"""What a newcomer can be offered at this moment: whose case it would be, who is there, which ways lead to them."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Conversation
from bot.desk.presence import Presence
from bot.desk.tables import AccountRow
from bot.guide import Guide
from bot.handoff.appointments import booked_at
from bot.handoff.draft import EXPERT_DESK, PERMIT_EXPERT, Possible, Way
from bot.handoff.slots import free_slots
from bot.handoff.tables import CaseRow
from bot.opening import next_opening
from bot.settings import Settings
from knowledge.model import Contact

DAYS_AHEAD = 14
SLOTS_OFFERED = 6


class Offers(Protocol):
    """Finds out what can be offered."""

    async def possible_in(
        self, session: AsyncSession, conversation: Conversation, topic: str | None, now: dt.datetime
    ) -> Possible:
        """What can be offered now about ``topic``, as of an open transaction."""


class DeskOffers:
    """What the desk of this service can offer."""

    def __init__(self, guide: Guide, settings: Settings, presence: Presence) -> None:
        self._guide = guide
        self._settings = settings
        self._presence = presence

    async def possible_in(
        self, session: AsyncSession, conversation: Conversation, topic: str | None, now: dt.datetime
    ) -> Possible:
        """What can be offered now about ``topic``, as of an open transaction."""
        desk = await self._desk_for(session, conversation, topic)
        contact = contact_of(desk, self._guide)
        if not await _is_staffed(session, desk):
            return Possible(desk=desk, ways=[], opens_next=next_opening(contact, now) if contact else None)
        present = await self._presence.present_at(session, desk, now)
        waiting = await session.scalar(select(func.count()).where(CaseRow.desk == desk, CaseRow.state == "queued"))
        slots = await self._slots(session, desk, contact, now)
        ways: list[Way] = ["chat"] if present else []
        ways.append("callback")
        if slots:
            ways.append("appointment")
        ways.append("question")
        return Possible(
            desk=desk,
            ways=ways,
            present=present,
            queue=waiting or 0,
            opens_next=next_opening(contact, now) if contact else None,
            slots=slots,
            minutes=self._settings.appointment_minutes,
        )

    async def _desk_for(self, session: AsyncSession, conversation: Conversation, topic: str | None) -> str:
        """The permit expert takes the permit topics and whatever no counsellor of the municipality is there for."""
        topics = self._guide.content.topics
        place = conversation.municipality
        if place is None or (topic in topics and topics[topic].expert):
            return EXPERT_DESK
        return place if await _is_staffed(session, place) else EXPERT_DESK

    async def _slots(self, session: AsyncSession, desk: str, contact: Contact | None, now: dt.datetime) -> list[dt.datetime]:
        if contact is None or not contact.hours:
            return []
        booked = await booked_at(session, desk, now, now + dt.timedelta(days=DAYS_AHEAD))
        return free_slots(
            contact,
            booked,
            now,
            minutes=self._settings.appointment_minutes,
            notice_hours=self._settings.appointment_notice_hours,
            days=DAYS_AHEAD,
            most=SLOTS_OFFERED,
        )


def contact_of(desk: str, guide: Guide) -> Contact | None:
    """The contact point of a desk, by which its hours are known."""
    content = guide.content
    if desk == EXPERT_DESK:
        return content.contacts.get(PERMIT_EXPERT)
    return content.contacts.get(content.municipalities[desk].contact) if desk in content.municipalities else None


async def _is_staffed(session: AsyncSession, desk: str) -> bool:
    """Whether anybody works at the desk at all. A case must not be begun where nobody would ever see it."""
    role = AccountRow.role == "expert" if desk == EXPERT_DESK else AccountRow.municipality == desk
    works = AccountRow.role.in_(("expert", "counsellor")) & role & AccountRow.disabled.is_(False)
    return await session.scalar(select(AccountRow.id).where(works).limit(1)) is not None
