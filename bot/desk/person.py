"""The start page, and what a person does about themselves: presence, language, logging out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.api import TheService
from bot.desk.addresses import START, safe_next
from bot.desk.cookies import SESSION, drop_cookie
from bot.desk.gate import CurrentAccount, CurrentVisit, only
from bot.desk.pages import Visit, page

router = APIRouter()

Next = Annotated[str, Form()]


@router.get("/account")
async def own_account(request: Request) -> Response:
    """Who is logged in."""
    return page(request, "start.html")


@router.post("/logout")
async def log_out(request: Request, visit: CurrentVisit, service: TheService) -> Response:
    """End the session; whoever leaves is away."""
    now = service.parts.now()
    await service.desk_sessions.end(visit.session, now)
    if visit.account.desk:
        await service.presence.say(visit.account.id, False, now)
    response = RedirectResponse("/desk/login", HTTPStatus.SEE_OTHER)
    drop_cookie(request, response, SESSION)
    return response


@router.post("/language")
async def change_language(
    account: CurrentAccount, service: TheService, language: Annotated[Literal["fi", "en"], Form()], next: Next = START
) -> Response:
    """Read the desk in another language from now on."""
    await service.accounts.set_language(account.id, language)
    return RedirectResponse(safe_next(next), HTTPStatus.SEE_OTHER)


@router.get("/presence", dependencies=[only("expert", "counsellor")])
async def presence(request: Request) -> Response:
    """The presence switch as it stands; pages look at it by themselves now and then."""
    return page(request, "presence.html")


@router.post("/presence", dependencies=[only("expert", "counsellor")])
async def say_presence(
    request: Request,
    visit: CurrentVisit,
    service: TheService,
    present: Annotated[bool, Form()],
    next: Next = START,
) -> Response:
    """Say that one is present or away."""
    await service.presence.say(visit.account.id, present, service.parts.now())
    if "HX-Request" not in request.headers:
        return RedirectResponse(safe_next(next), HTTPStatus.SEE_OTHER)
    request.state.visit = Visit(visit.session, present=present)
    return page(request, "presence.html")


@router.post("/presence/seen", dependencies=[only("expert", "counsellor")])
async def seen(request: Request) -> Response:
    """A sign of life, which the gate has noted; sent by ``desk.js`` while somebody uses a page."""
    return page(request, "presence.html")
