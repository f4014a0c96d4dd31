"""Booking, moving and cancelling the appointment of a case. Days and times in the form are Finnish time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.case_actions import act
from bot.desk.case_pages import CaseId
from bot.desk.gate import CurrentAccount
from bot.handoff.appointments import Medium
from bot.handoff.hold import NotPossible
from bot.opening import FINLAND
from bot.service import Service

router = APIRouter(prefix="/cases/{case_id}/appointment")

Text = Annotated[str, Form()]

LONGEST_AHEAD = dt.timedelta(days=366)


@router.post("")
async def appoint(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case_id: CaseId,
    day: Text = "",
    time: Text = "",
    medium: Text = "",
    link: Text = "",
) -> Response:
    """Book a time."""
    action = _appoint(service, account, case_id, day, time, medium, link)
    typed = {"day": day, "time": time, "medium": medium, "link": link}
    return await act(request, service, account, case_id, action, "time_booked", None, **typed)


@router.post("/change")
async def change(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case_id: CaseId,
    day: Text = "",
    time: Text = "",
    medium: Text = "",
    link: Text = "",
) -> Response:
    """Move it, or hold it in another way."""
    action = _change(service, account, case_id, day, time, medium, link)
    typed = {"day": day, "time": time, "medium": medium, "link": link}
    return await act(request, service, account, case_id, action, "time_changed", None, **typed)


@router.post("/cancel")
async def cancel(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Cancel it."""
    action = service.arranging.cancel_appointment(case_id, account)
    return await act(request, service, account, case_id, action, "time_cancelled", "time_cancelled")


def finnish_time(day: str, time: str, now: dt.datetime) -> dt.datetime:
    """The moment that a day and a time of day mean in Finland.

    Raises ``NotPossible`` when something is missing, too far away, or does not exist: clocks skip an hour in March.
    """
    try:
        local = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(time).replace(tzinfo=None), FINLAND)
    except ValueError:
        raise NotPossible("time_missing") from None
    if not now - LONGEST_AHEAD < local < now + LONGEST_AHEAD or local.astimezone(dt.UTC).astimezone(FINLAND) != local:
        raise NotPossible("time_unclear")
    return local.astimezone(dt.UTC)


async def _appoint(service: Service, account: Account, case_id: int, *form: str) -> None:
    await service.arranging.appoint(case_id, account, *_read(service, *form))


async def _change(service: Service, account: Account, case_id: int, *form: str) -> None:
    await service.arranging.change_appointment(case_id, account, *_read(service, *form))


def _read(service: Service, day: str, time: str, medium: str, link: str) -> tuple[dt.datetime, Medium, str | None]:
    starts_at = finnish_time(day, time, service.parts.now())
    if medium not in ("phone", "teams"):
        raise NotPossible("medium_missing")
    return starts_at, cast(Medium, medium), link.strip() or None
