"""What the desk arranges about a case: its urgency, and appointments. Each method is one transaction, with line and mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select

from bot.desk.accounts import Account
from bot.handoff.appointment_mails import Happening
from bot.handoff.appointments import Medium, NotBooked, SlotTaken, book, cancel, change
from bot.handoff.cases import Cases
from bot.handoff.hold import Hold, NotPossible, must
from bot.handoff.kinds import EventKind
from bot.handoff.lines import appointment_line
from bot.handoff.mailing import Mailing
from bot.handoff.tables import OPEN_STATES, AppointmentRow
from bot.settings import Settings

EVENTS: dict[Happening, EventKind] = {"booked": "time_booked", "changed": "time_changed", "cancelled": "time_cancelled"}


class Arranging:
    """Beside ``Cases``, and with its locks."""

    def __init__(self, cases: Cases, mailing: Mailing, settings: Settings, now: Callable[[], dt.datetime]) -> None:
        self._cases = cases
        self._mailing = mailing
        self._settings = settings
        self._now = now

    async def set_urgent(self, case_id: int, account: Account, urgent: bool) -> None:
        """Put an open case before the others, or back into line. Whoever may see it may do that."""
        async with self._cases.held(case_id, account) as hold:
            must(hold.case.state in OPEN_STATES, "ended_already")
            if hold.case.urgent != urgent:
                hold.case.urgent = urgent
                hold.note(self._now(), "urgent" if urgent else "not_urgent", account)

    async def appoint(self, case_id: int, account: Account, starts_at: dt.datetime, medium: Medium, link: str | None) -> None:
        """Book a time for a case that the account has claimed. Without a ``link`` Teams has that of the settings.

        The same time once more changes nothing. Raises ``NotPossible``.
        """
        async with self._cases.held(case_id, account) as hold:
            now = self._now()
            must(hold.is_of(account), "not_yours")
            booked = await _booked(hold)
            if booked is not None and booked.starts_at == starts_at:
                return
            if booked is not None:
                raise NotPossible("appointed_already")
            if starts_at <= now:
                raise NotPossible("time_past")
            parties = await self._mailing.parties(hold.session, hold.case, now)
            try:
                appointment = await book(
                    hold.session,
                    hold.case,
                    starts_at,
                    medium,
                    self._link(medium, link),
                    now,
                    parties,
                    minutes=self._settings.appointment_minutes,
                )
            except SlotTaken:
                raise NotPossible("time_taken") from None
            except ValueError:
                raise NotPossible("link_wrong") from None
            await self._tell(hold, account, appointment, "booked", now)

    async def change_appointment(
        self, case_id: int, account: Account, starts_at: dt.datetime, medium: Medium, link: str | None
    ) -> None:
        """Move the appointment, or hold it in another way. Raises ``NotPossible``."""
        async with self._cases.held(case_id, account) as hold:
            now = self._now()
            must(hold.is_of(account), "not_yours")
            booked = await _booked(hold)
            if booked is None:
                raise NotPossible("appointment_gone")
            if starts_at <= now and booked.starts_at != starts_at:
                raise NotPossible("time_past")
            parties = await self._mailing.parties(hold.session, hold.case, now)
            try:
                changed = await change(hold.session, booked, starts_at, medium, self._link(medium, link), now, parties)
            except SlotTaken:
                raise NotPossible("time_taken") from None
            except NotBooked:
                raise NotPossible("appointment_gone") from None
            except ValueError:
                raise NotPossible("link_wrong") from None
            if changed:
                await self._tell(hold, account, booked, "changed", now)

    async def cancel_appointment(self, case_id: int, account: Account) -> None:
        """Cancel what is booked. Raises ``NotPossible``."""
        async with self._cases.held(case_id, account) as hold:
            now = self._now()
            must(hold.is_of(account), "not_yours")
            booked = await _booked(hold)
            parties = await self._mailing.parties(hold.session, hold.case, now)
            if booked is None or not await cancel(hold.session, booked, now, parties):
                raise NotPossible("appointment_gone")
            await self._tell(hold, account, booked, "cancelled", now)

    async def cancel_coming(self, hold: Hold, now: dt.datetime) -> None:
        """A case that ends before its appointment needs none: the time is free again, and both sides are told."""
        booked = await _booked(hold)
        if booked is None or booked.starts_at <= now:
            return
        parties = await self._mailing.parties(hold.session, hold.case, now)
        if await cancel(hold.session, booked, now, parties):
            await self._tell(hold, None, booked, "cancelled", now)

    def _link(self, medium: Medium, link: str | None) -> str | None:
        return (link or self._settings.teams_link) if medium == "teams" else None

    async def _tell(
        self, hold: Hold, account: Account | None, appointment: AppointmentRow, happening: Happening, now: dt.datetime
    ) -> None:
        """A line to the newcomer, and one in the timeline."""
        await hold.say(appointment_line(now, hold.case.language, appointment, happening))
        hold.note(now, EVENTS[happening], account, appointment.starts_at.isoformat())


async def _booked(hold: Hold) -> AppointmentRow | None:
    query = select(AppointmentRow).where(AppointmentRow.case_id == hold.case.id, AppointmentRow.state == "booked")
    booked: AppointmentRow | None = await hold.session.scalar(query.limit(1))
    return booked
