"""The start of the desk: the queue for those who serve one, the account for everybody else; and the cases that were closed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.case_full import LARGEST_ID
from bot.desk.case_reading import read_closed, read_queue, waiting_ids
from bot.desk.gate import CurrentAccount, only
from bot.desk.marks import mark_of_queue
from bot.desk.pages import page, page_language
from bot.desk.showing import wording
from bot.service import Service

router = APIRouter()

AT_A_DESK = only("expert", "counsellor")

LEFT = {"released", "transferred", "consult_answered", "resolved"}
"""What may have been done to a case that is out of sight now; the queue says so."""


@router.get("")
async def start(request: Request, account: CurrentAccount, service: TheService, done: str = "") -> Response:
    """The queue; an administrator, who has none, sees their account."""
    if account.desk is None:
        return page(request, "start.html")
    return await _queue_page(request, "queue.html", account, service, done=done if done in LEFT else None)


@router.get("/queue", dependencies=[AT_A_DESK])
async def queue_part(request: Request, account: CurrentAccount, service: TheService) -> Response:
    """The lists of the queue, which the page asks for again when something has changed."""
    return await _queue_page(request, "queue_lists.html", account, service)


@router.get("/waiting", dependencies=[AT_A_DESK])
async def waiting(request: Request, account: CurrentAccount, service: TheService) -> Response:
    """How many cases wait, for pages of other things."""
    async with service.database.session() as session:
        return page(request, "waiting.html", waiting=await waiting_ids(session, account))


@router.get("/closed", dependencies=[AT_A_DESK])
async def closed(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> Response:
    """The cases closed last, a page at a time."""
    async with service.database.session() as session:
        cases, more = await read_closed(session, account, before)
    return page(request, "closed.html", cases=cases, more=more, before=before, **_wording(request, service))


async def _queue_page(request: Request, template: str, account: Account, service: Service, **values: Any) -> Response:
    async with service.database.session() as session:
        queue = await read_queue(session, account)
    return page(request, template, queue=queue, shown=mark_of_queue(queue), **_wording(request, service), **values)


def _wording(request: Request, service: Service) -> dict[str, Any]:
    return wording(page_language(request), service.parts.guide.content, service.parts.now())
