"""Books, changes and cancels appointments, each together with its mails, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.tables import Moment
from bot.handoff.appointment_mails import Parties, write_mails
from bot.handoff.tables import AppointmentRow, CaseRow

Medium = Literal["teams", "phone"]

LINK = re.compile(r"https://[^\s<>\"]{1,490}")


class SlotTaken(Exception):
    """Somebody else has an appointment at this desk that overlaps the time. Nothing was written."""


class NotBooked(Exception):
    """The appointment has been cancelled, or changed by somebody else meanwhile. Nothing was written."""


async def book(
    session: AsyncSession,
    case: CaseRow,
    starts_at: dt.datetime,
    medium: Medium,
    link: str | None,
    now: dt.datetime,
    parties: Parties,
    *,
    minutes: int = 30,
) -> AppointmentRow:
    """Book a time at the desk of a stored case. ``link`` is for Teams.

    Raises ``SlotTaken``, after which the transaction can go on, and ``ValueError`` for a link that is none.
    """
    await _one_at_a_time(session, case.desk)
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    values: dict[str, ColumnElement[Any]] = {
        "case_id": literal(case.id),
        "desk": literal(case.desk),
        "starts_at": literal(starts_at, Moment),
        "ends_at": literal(ends_at, Moment),
        "medium": literal(medium),
        "link": literal(_checked(link, medium), AppointmentRow.link.type),
        "state": literal("booked"),
        "uid": literal(str(uuid.uuid4())),
    }
    free = select(*values.values()).where(~_is_taken(case.desk, starts_at, ends_at))
    booking = insert(AppointmentRow).from_select(list(values), free).returning(AppointmentRow.id)
    number = (await session.execute(booking)).scalar_one_or_none()
    if number is None:
        raise SlotTaken(starts_at)
    appointment = await session.get_one(AppointmentRow, number)
    await write_mails(session, "booked", appointment, case, parties, now)
    return appointment


async def change(
    session: AsyncSession,
    appointment: AppointmentRow,
    starts_at: dt.datetime,
    medium: Medium,
    link: str | None,
    now: dt.datetime,
    parties: Parties,
) -> bool:
    """Move the appointment, or give it another medium or link; its length stays. False, and no mail, when all is as it was.

    Raises ``SlotTaken`` or ``NotBooked``, after which the transaction can go on, and ``ValueError`` for a link that is none.
    """
    link = _checked(link, medium)
    if (appointment.starts_at, appointment.medium, appointment.link) == (starts_at, medium, link):
        return False
    await _one_at_a_time(session, appointment.desk)
    ends_at = starts_at + (appointment.ends_at - appointment.starts_at)
    changed = await _update(
        session,
        appointment,
        ~_is_taken(appointment.desk, starts_at, ends_at, beside=appointment.id),
        starts_at=starts_at,
        ends_at=ends_at,
        medium=medium,
        link=link,
    )
    if not changed:
        await session.refresh(appointment)
        raise SlotTaken(starts_at) if appointment.state == "booked" else NotBooked(appointment.id)
    case = await session.get_one(CaseRow, appointment.case_id)
    await write_mails(session, "changed", appointment, case, parties, now)
    return True


async def cancel(session: AsyncSession, appointment: AppointmentRow, now: dt.datetime, parties: Parties) -> bool:
    """Cancel the appointment; False, and no mail, when it was cancelled before."""
    if not await _update(session, appointment, state="cancelled"):
        return False
    case = await session.get_one(CaseRow, appointment.case_id)
    await write_mails(session, "cancelled", appointment, case, parties, now)
    return True


async def of_case(session: AsyncSession, case_id: int) -> list[AppointmentRow]:
    """The appointments of a case, cancelled ones among them, the earliest first."""
    query = select(AppointmentRow).where(AppointmentRow.case_id == case_id)
    return list(await session.scalars(query.order_by(AppointmentRow.starts_at, AppointmentRow.id)))


async def booked_at(session: AsyncSession, desk: str, since: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Beginnings of what is booked at a desk and is not over at ``since`` and begins before ``until``, earliest first."""
    query = select(AppointmentRow.starts_at).where(*_overlaps(AppointmentRow, desk, since, until))
    return list(await session.scalars(query.order_by(AppointmentRow.starts_at)))


async def _one_at_a_time(session: AsyncSession, desk: str) -> None:
    """Let one transaction at a time decide what is free at a desk. SQLite lets only one write anyway.

    The unique index knows equal beginnings alone. Without this, two times that overlap could be booked at the same instant.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"appointments of {desk}"))))


def _is_taken(desk: str, since: dt.datetime, until: dt.datetime, beside: int | None = None) -> ColumnElement[bool]:
    other = aliased(AppointmentRow)
    query = select(other.id).where(*_overlaps(other, desk, since, until))
    return (query if beside is None else query.where(other.id != beside)).exists()


def _overlaps(row: type[AppointmentRow], desk: str, since: dt.datetime, until: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (row.desk == desk, row.state == "booked", row.starts_at < until, row.ends_at > since)


async def _update(session: AsyncSession, appointment: AppointmentRow, *conditions: ColumnElement[bool], **values: object) -> bool:
    """Change what is still booked, counting the change."""
    statement = (
        update(AppointmentRow)
        .where(AppointmentRow.id == appointment.id, AppointmentRow.state == "booked", *conditions)
        .values(sequence=AppointmentRow.sequence + 1, **values)
        .returning(AppointmentRow.id)
        .execution_options(synchronize_session=False)
    )
    if (await session.execute(statement)).scalar_one_or_none() is None:
        return False
    await session.refresh(appointment)
    return True


def _checked(link: str | None, medium: Medium) -> str | None:
    if link is None or medium == "phone":
        return None
    if not LINK.fullmatch(link):
        raise ValueError("a link begins with https:// and has no spaces")
    return link
