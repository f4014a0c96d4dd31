"""Lets nobody to the desk's pages who is not logged in, and no form through that another website sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.web.api import TheService
from bot.desk.accounts import Account, Role
from bot.desk.cookies import SESSION, read_cookie
from bot.desk.csrf import check_form
from bot.desk.pages import Visit
from bot.desk.sessions import TOUCH_EVERY

BACKGROUND = "X-Background"
"""Header of calls that a page makes by itself: they are no sign of life of the person. Event streams are none either."""


class LoginNeeded(Exception):
    """Nobody is logged in, or no longer."""


async def current_visit(request: Request, service: TheService) -> Visit:
    """Who is logged in, and notes their sign of life. Raises ``LoginNeeded``."""
    now = service.parts.now()
    session_id = read_cookie(request, SESSION)
    session = await service.desk_sessions.read(session_id, now) if session_id else None
    if session is None:
        raise LoginNeeded
    if now - session.last_at >= TOUCH_EVERY and not _made_by_itself(request):
        await service.desk_sessions.touch(session.id, now)
        await service.presence.touch(session.account.id, now)
    visit = Visit(session, present=await service.presence.is_present(session.account.id, now))
    request.state.visit = visit
    return visit


CurrentVisit = Annotated[Visit, Depends(current_visit)]


async def current_account(visit: CurrentVisit) -> Account:
    """The account that is logged in. Raises ``LoginNeeded``."""
    return visit.account


CurrentAccount = Annotated[Account, Depends(current_account)]


async def own_form(request: Request, visit: CurrentVisit) -> None:
    """Raises ``HTTPException`` 403 for an unsafe call without the session's token, or from another website."""
    await check_form(request, visit.session.csrf)


def only(*roles: Role) -> Any:
    """A dependency that lets only these roles in; the others get a 403 page."""

    async def check(account: CurrentAccount) -> None:
        if account.role not in roles:
            raise HTTPException(HTTPStatus.FORBIDDEN)

    return Depends(check)


def _made_by_itself(request: Request) -> bool:
    return BACKGROUND in request.headers or request.headers.get("accept") == "text/event-stream"
