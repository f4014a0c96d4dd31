"""The mails of an appointment: to the newcomer, when they gave an address, and to the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.calendar import Method, calendar_file
from bot.handoff.letters import letter, line, mail_language
from bot.handoff.outbox import queue
from bot.handoff.tables import AppointmentRow, CaseRow
from bot.opening import FINLAND, moment_text
from knowledge.model import Localised

Happening = Literal["booked", "changed", "cancelled"]


@dataclass(frozen=True)
class Parties:
    """Who writes to whom about an appointment, and how each finds back to the case."""

    desk: Localised
    """Name of the desk's contact: a role."""
    organizer: str
    """Address in whose name calendar entries are made: that of ``ELO_MAIL_FROM``."""
    desk_email: str | None = None
    """Where the desk gets its mail. None: it gets none."""
    shown_email: str | None = None
    """An address of the desk that newcomers may know. None: nobody's own address is told."""
    desk_phone: str | None = None
    desk_language: str = "fi"
    case_page: str | None = None
    """Address of the case at the desk."""
    private_link: str | None = None
    """Address by which the newcomer comes back to the conversation."""


async def write_mails(
    session: AsyncSession, happening: Happening, appointment: AppointmentRow, case: CaseRow, parties: Parties, now: dt.datetime
) -> None:
    """Put the mails about what happened into the outbox, in the caller's transaction."""
    if case.email:
        await _to_newcomer(session, happening, appointment, case, case.email, parties, now)
    if parties.desk_email:
        await _to_desk(session, happening, appointment, case, parties.desk_email, parties, now)


async def _to_newcomer(
    session: AsyncSession,
    happening: Happening,
    appointment: AppointmentRow,
    case: CaseRow,
    to: str,
    parties: Parties,
    now: dt.datetime,
) -> None:
    language = mail_language(case.language)
    desk = parties.desk.in_language(language)
    ways = "\n".join(_ways(parties, language))
    place = _place(appointment, language, "")
    words = letter(
        f"appointment_{happening}_newcomer",
        language,
        when=_when(appointment, language),
        minutes=_minutes(appointment),
        desk=desk,
        place=place,
        ways=ways,
    )
    entry = calendar_file(
        appointment,
        _method(happening),
        now,
        organizer=parties.organizer,
        organizer_name=desk,
        attendee=to,
        summary=line("calendar_newcomer", language, desk=desk),
        description=f"{place}\n{ways}",
        location=line(f"calendar_at_{appointment.medium}", language),
    )
    key = f"appointment/{appointment.id}/{appointment.sequence}/newcomer"
    await queue(session, key, to, words.subject, words.body, now, case.id, entry, _method(happening))


async def _to_desk(
    session: AsyncSession,
    happening: Happening,
    appointment: AppointmentRow,
    case: CaseRow,
    to: str,
    parties: Parties,
    now: dt.datetime,
) -> None:
    language = mail_language(parties.desk_language)
    place = _place(appointment, language, "desk_")
    page = page_line(case, parties.case_page, language)
    words = letter(
        f"appointment_{happening}_desk",
        language,
        when=_when(appointment, language),
        minutes=_minutes(appointment),
        case=case.id,
        place=place,
        page=page,
    )
    summary = line("calendar_desk", language, case=case.id)
    entry = calendar_file(
        appointment,
        _method(happening),
        now,
        organizer=parties.organizer,
        organizer_name=parties.desk.in_language(language),
        attendee=to,
        summary=summary,
        description=f"{place}\n{page}",
        location=line(f"calendar_at_{appointment.medium}", language),
    )
    key = f"appointment/{appointment.id}/{appointment.sequence}/desk"
    await queue(session, key, to, words.subject, words.body, now, case.id, entry, _method(happening))


def page_line(case: CaseRow, page: str | None, language: str) -> str:
    """Where the desk finds the case: its address, or else its number."""
    return line("page", language, page=page) if page else line("no_page", language, case=case.id)


def _when(appointment: AppointmentRow, language: str) -> str:
    return moment_text(appointment.starts_at.astimezone(FINLAND), language)


def _minutes(appointment: AppointmentRow) -> int:
    return int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)


def _method(happening: Happening) -> Method:
    return "CANCEL" if happening == "cancelled" else "REQUEST"


def _place(appointment: AppointmentRow, language: str, whose: str) -> str:
    if appointment.medium == "phone":
        return line(f"{whose}at_phone", language)
    if appointment.link:
        return line(f"{whose}at_teams", language, link=appointment.link)
    return line(f"{whose}at_teams_later", language)


def _ways(parties: Parties, language: str) -> list[str]:
    """How the newcomer tells us that the time does not suit."""
    ways = [line("way_link", language, link=parties.private_link) if parties.private_link else line("way_conversation", language)]
    if parties.desk_phone:
        ways.append(line("way_phone", language, phone=parties.desk_phone))
    if parties.shown_email:
        ways.append(line("way_email", language, email=parties.shown_email))
    return ways
