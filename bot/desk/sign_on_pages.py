"""The way to single sign-on and back."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.desk.addresses import START, safe_next
from bot.desk.audit import record
from bot.desk.cookies import SIGN_ON, drop_cookie, read_cookie, set_cookie
from bot.desk.login import let_in
from bot.desk.pages import page
from bot.desk.sign_on import Pending, Reason, SignOn, SignOnFailed
from bot.service import Service

log = structlog.get_logger(__name__)

TAKES = dt.timedelta(minutes=10)
"""Time for the login at the provider."""

BACK = "/desk/sso/back"
"""Address to be registered at the provider, after that of the guide."""

STATUS: dict[Reason, HTTPStatus] = {
    "denied": HTTPStatus.FORBIDDEN,
    "unknown": HTTPStatus.FORBIDDEN,
    "stale": HTTPStatus.BAD_REQUEST,
    "failed": HTTPStatus.BAD_GATEWAY,
    "unavailable": HTTPStatus.BAD_GATEWAY,
}


def sign_on_router(service: Service, sign_on: SignOn) -> APIRouter:
    """The pages of single sign-on."""
    router = APIRouter()

    @router.get("/sso")
    async def go(request: Request, next: str = START) -> Response:
        try:
            address, pending = await sign_on.begin(_back(request))
        except SignOnFailed as failed:
            return await _tell(request, failed)
        response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        set_cookie(request, response, SIGN_ON, f"{pending} {safe_next(next)}", TAKES)
        return response

    @router.get("/sso/back")
    async def come_back(request: Request) -> Response:
        kept, _, wished = (read_cookie(request, SIGN_ON) or "").partition(" ")
        now = service.parts.now()
        try:
            person = await sign_on.finish(_back(request), Pending.read(kept), dict(request.query_params), now)
            account = await service.accounts.sign_on(sign_on.issuer, person.subject, person.email)
            if account is None:
                raise SignOnFailed("unknown", "no account that may come in")
        except SignOnFailed as failed:
            return await _tell(request, failed)
        response = await let_in(request, service, account, safe_next(wished), "single sign-on")
        drop_cookie(request, response, SIGN_ON)
        return response

    async def _tell(request: Request, failed: SignOnFailed) -> Response:
        log.warning("single sign-on failed", reason=str(failed))
        async with service.database.write() as session:
            record(session, service.parts.now(), None, "login_failed", detail=f"single sign-on: {failed.reason}")
        response = page(request, "sign_on.html", STATUS[failed.reason], reason=failed.reason)
        drop_cookie(request, response, SIGN_ON)
        return response

    return router


def _back(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{BACK}"
