"""Who writes to whom about the appointments of a case, by the settings and the content."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.store import make_key
from bot.guide import Guide
from bot.handoff.appointment_mails import Parties
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.possible import contact_of
from bot.handoff.smtp_address import read_mailbox
from bot.handoff.tables import CaseRow
from bot.settings import Settings
from bot.texts import say_of_case
from knowledge.model import Localised

NOBODY = "desk@guide.invalid"
"""Stands for the sender in calendar entries while no mail can be sent (RFC 2606: never anybody's address)."""


async def parties_of(session: AsyncSession, case: CaseRow, guide: Guide, settings: Settings, now: dt.datetime) -> Parties:
    """The parties of a case. Makes a new private link where the newcomer gets a mail that can lead back."""
    contact = contact_of(case.desk, guide)
    desk = contact.name if contact else Localised(fi=say_of_case("expert_desk", "fi"), en=say_of_case("expert_desk", "en"))
    site = settings.public_url.rstrip("/") if settings.public_url else None
    link = None
    if site and case.email:
        key = await make_key(session, case.conversation_id, now)
        link = f"{site}/chat#back={case.conversation_id}.{key}"
    return Parties(
        desk=desk,
        organizer=read_mailbox(settings.mail_from).addr_spec if settings.mail_from else NOBODY,
        desk_email=settings.desk_email if case.desk == EXPERT_DESK else contact.email if contact else None,
        desk_phone=contact.phones[0].number if contact and contact.phones else None,
        case_page=f"{site}/desk/cases/{case.id}" if site else None,
        private_link=link,
    )
