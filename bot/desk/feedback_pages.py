"""The pages of feedback: the answers that were judged, the worst first, and one of them with reasons and words."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from actions.conversation import REASONS
from bot.channels.web.api import TheService
from bot.desk.gate import CurrentAccount
from bot.desk.missed_pages import ON_A_PAGE, PageNumber, titled, words_of
from bot.desk.pages import page
from bot.opening import FINLAND

router = APIRouter(prefix="/feedback")

PERIODS = (1, 3, 12, 24)
"""Months that can be looked at."""

WORDS_SHOWN = 100

Months = Annotated[int, Query(ge=1, le=max(PERIODS))]


@router.get("")
async def all_answers(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    months: Months = 12,
    number: Annotated[PageNumber, Query(alias="page")] = 1,
) -> Response:
    """Every answer that was judged, the worst first."""
    now = service.parts.now()
    found = await service.answer_feedback.all(account, begins(months, now), now)
    first = (number - 1) * ON_A_PAGE
    rows = [(judged, titled(service, account, judged.answer_id)) for judged in found[first : first + ON_A_PAGE]]
    return page(
        request,
        "feedback.html",
        rows=rows,
        answers=len(found),
        periods=PERIODS,
        months=months,
        number=number,
        more=first + ON_A_PAGE < len(found),
        reasons=REASONS,
        **words_of(request, service),
    )


@router.get("/{answer_id}")
async def one_answer(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    answer_id: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,79}$")],
    months: Months = 12,
) -> Response:
    """One answer: month by month, and why it did not help."""
    now = service.parts.now()
    since = begins(months, now)
    found = await service.answer_feedback.all(account, since, now)
    judged = next((each for each in found if each.answer_id == answer_id), None)
    if judged is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return page(
        request,
        "feedback_answer.html",
        judged=judged,
        answer=titled(service, account, answer_id),
        said=await service.answer_feedback.said(account, answer_id, since, WORDS_SHOWN),
        months=months,
        reasons=REASONS,
        **words_of(request, service),
    )


def begins(months: int, now: dt.datetime) -> dt.datetime:
    """The first moment of the period: that of this month, and of so many months altogether."""
    local = now.astimezone(FINLAND)
    number = local.year * 12 + local.month - months
    return dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=FINLAND)
