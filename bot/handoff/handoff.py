"""The hand-off as a turn sees it: what can be offered, and the beginning of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.tables import ConversationRow
from bot.desk.presence import Presence
from bot.guide import Guide
from bot.handoff.appointments import Medium, SlotTaken, book
from bot.handoff.beginning import begin, new_case
from bot.handoff.draft import Draft, Possible
from bot.handoff.lines import appointment_line, system_line
from bot.handoff.mailing import Mailing
from bot.handoff.possible import DeskOffers, Offers
from bot.handoff.shown import ShownCase, place_in_queue, show_case
from bot.handoff.summary import summarise
from bot.handoff.tables import OPEN_STATES, CaseEventRow, CaseRow
from bot.messages import Message
from bot.opening import FINLAND, moment_text
from bot.settings import Settings


class Handoff:
    """One object for all that a turn asks of the hand-off."""

    def __init__(
        self,
        database: Database,
        guide: Guide,
        settings: Settings,
        presence: Presence,
        now: Callable[[], dt.datetime],
        offers: Offers | None = None,
    ) -> None:
        self._database = database
        self._guide = guide
        self._settings = settings
        self._presence = presence
        self._now = now
        self.mailing = Mailing(settings, guide)
        self._offers = offers or DeskOffers(guide, settings, presence)

    async def possible(self, conversation: Conversation, topic: str | None, now: dt.datetime) -> Possible:
        """What can be offered now about ``topic``."""
        async with self._database.session() as session:
            return await self._offers.possible_in(session, conversation, topic, now)

    async def shown(self, conversation: Conversation) -> ShownCase | None:
        """The last case of a conversation as its newcomer sees it."""
        language = conversation.language or "en"
        async with self._database.session() as session:
            places = self._guide.content.municipalities
            return await show_case(session, conversation.id, conversation.owner, language, places, self._presence, self._now())

    async def begin(self, session: AsyncSession, conversation: Conversation, draft: Draft) -> list[Message]:
        """Begin a case at the end of a turn, in its transaction; gives the lines that tell how it stands.

        When the conversation has an open case already, that one stays and is told of.
        """
        now, language = self._now(), conversation.language
        row = await session.get(ConversationRow, conversation.id)
        open_case = await session.scalar(
            select(CaseRow).where(CaseRow.conversation_id == conversation.id, CaseRow.state.in_(OPEN_STATES)).limit(1)
        )
        if row is None or not draft.consent:
            return []
        if open_case is not None:
            return [system_line(now, language, "open_already")]
        summary = await summarise(session, conversation)
        possible = await self._offers.possible_in(session, conversation, summary["topic"], now)
        case = new_case(draft, row, possible.desk, summary, now)
        begin(session, case)
        await session.flush()
        session.add(CaseEventRow(case_id=case.id, at=now, kind="created"))
        lines = await self._appointed(session, case, draft, now)
        await self.mailing.new_case(session, case, now)
        return lines + await self._waiting(session, case, possible, now)

    async def _appointed(self, session: AsyncSession, case: CaseRow, draft: Draft, now: dt.datetime) -> list[Message]:
        if draft.way != "appointment" or draft.slot is None:
            return []
        by_teams = not draft.phone or (self._settings.teams_link and draft.email)  # who gave no number cannot be called
        medium: Medium = "teams" if by_teams else "phone"
        link = self._settings.teams_link if medium == "teams" else None
        try:
            parties = await self.mailing.parties(session, case, now)
            minutes = self._settings.appointment_minutes
            appointment = await book(session, case, draft.slot, medium, link, now, parties, minutes=minutes)
        except SlotTaken:
            case.wished_time = moment_text(draft.slot.astimezone(FINLAND), "fi")
            return [system_line(now, case.language, "slot_taken")]
        return [appointment_line(now, case.language, appointment, "booked")]

    async def _waiting(self, session: AsyncSession, case: CaseRow, possible: Possible, now: dt.datetime) -> list[Message]:
        """A chat has a place in the queue; when nobody is there after all, that is said at once."""
        if case.way != "chat":
            return []
        if not possible.present:
            case.told_to_wait_at = now
            return [nobody_line(now, case.language, possible.opens_next)]
        return [system_line(now, case.language, "place_in_queue", place=await place_in_queue(session, case))]


def nobody_line(now: dt.datetime, language: str, opens_next: dt.datetime | None) -> Message:
    """Nobody is at the desk, and until when."""
    if opens_next is None:
        return system_line(now, language, "nobody_there")
    return system_line(now, language, "nobody_there_until", when=moment_text(opens_next, language))
