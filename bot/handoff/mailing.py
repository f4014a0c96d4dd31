"""Which mails a case causes, and to whom: written into the outbox in the transaction that causes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.store import make_key
from bot.desk.tables import AccountRow
from bot.guide import Guide
from bot.handoff.appointment_mails import Parties
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.lines import desk_name
from bot.handoff.notices import confirm_question, remind_of_case, tell_of_new_case
from bot.handoff.possible import contact_of
from bot.handoff.smtp_address import read_mailbox
from bot.handoff.tables import CaseRow
from bot.settings import Settings
from knowledge.model import Localised

Notice = Callable[[AsyncSession, CaseRow, str, str, str | None, dt.datetime], Coroutine[Any, Any, bool]]


class Mailing:
    """Knows the addresses of desks and pages."""

    def __init__(self, settings: Settings, guide: Guide) -> None:
        self._settings = settings
        self._guide = guide

    async def new_case(self, session: AsyncSession, case: CaseRow, now: dt.datetime) -> None:
        """Tell the desk of a new case, and confirm a question that was left to the newcomer."""
        await self._tell_desk(session, case, tell_of_new_case, now)
        link = await self.private_link(session, case, now) if case.way == "question" else None
        if link is not None:
            await confirm_question(session, case, self._desk(case), link, now)

    async def reminder(self, session: AsyncSession, case: CaseRow, now: dt.datetime) -> None:
        """Remind the desk of a case that waits."""
        await self._tell_desk(session, case, remind_of_case, now)

    async def parties(self, session: AsyncSession, case: CaseRow, now: dt.datetime) -> Parties:
        """Who writes to whom about an appointment of the case."""
        contact = contact_of(case.desk, self._guide)
        addresses = await self._addresses(session, case)
        sender = self._settings.mail_from
        return Parties(
            desk=self._desk(case),
            organizer=read_mailbox(sender).addr_spec if sender else "",
            desk_email=addresses[0][0] if addresses else None,
            shown_email=self._settings.desk_email if case.desk == EXPERT_DESK else contact.email if contact else None,
            desk_phone=contact.phones[0].number if contact and contact.phones else None,
            desk_language=addresses[0][1] if addresses else "fi",
            case_page=self._page(case),
            private_link=await self.private_link(session, case, now),
        )

    async def private_link(self, session: AsyncSession, case: CaseRow, now: dt.datetime) -> str | None:
        """A new link back to the conversation; None without an address to send it to, or without ``ELO_PUBLIC_URL``."""
        if not case.email or not self._settings.public_url:
            return None
        key = await make_key(session, case.conversation_id, now)
        return f"{self._settings.public_url}/chat#back={case.conversation_id}.{key}"

    async def _tell_desk(self, session: AsyncSession, case: CaseRow, notice: Notice, now: dt.datetime) -> None:
        for address, language in await self._addresses(session, case):
            await notice(session, case, address, language, self._page(case), now)

    async def _addresses(self, session: AsyncSession, case: CaseRow) -> list[tuple[str, str]]:
        """Where the desk gets its mail, with the language: the shared address of the expert's desk, and whoever wants mail."""
        serves = AccountRow.role == "expert" if case.desk == EXPERT_DESK else AccountRow.municipality == case.desk
        wants = select(AccountRow.email, AccountRow.language).where(
            serves,
            AccountRow.role.in_(("expert", "counsellor")),
            AccountRow.notify_by_email.is_(True),
            AccountRow.disabled.is_(False),
            AccountRow.email.is_not(None),
        )
        shared = self._settings.desk_email if case.desk == EXPERT_DESK else None
        found = {shared: "fi"} if shared else {}
        for email, language in await session.execute(wants.order_by(AccountRow.id)):
            found.setdefault(str(email), language)
        return list(found.items())

    def _desk(self, case: CaseRow) -> Localised:
        places = self._guide.content.municipalities
        return Localised(fi=desk_name(case.desk, "fi", places), en=desk_name(case.desk, "en", places))

    def _page(self, case: CaseRow) -> str | None:
        return f"{self._settings.public_url}/desk/cases/{case.id}" if self._settings.public_url else None
