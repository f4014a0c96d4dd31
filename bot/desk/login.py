"""The login: password, then a one-time code where the account has one."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desk.accounts import Account
from bot.desk.addresses import LOGIN, START, safe_next
from bot.desk.cookies import CODE, FORM, SESSION, drop_cookie, read_cookie, set_cookie
from bot.desk.credentials import TICKET_LASTS, Credentials
from bot.desk.csrf import check_form
from bot.desk.pages import page
from bot.service import Service

ADDRESS_LIMIT = "desk login"
"""Attempts are counted for each address too, apart from its messages: see ``ELO_QUESTIONS_PER_MINUTE``."""

Text = Annotated[str, Form()]


async def open_form(request: Request) -> None:
    """Raises ``HTTPException`` 403 for a form of before the login whose token is not that of the browser's cookie."""
    await check_form(request, read_cookie(request, FORM))


def login_router(service: Service) -> APIRouter:
    """The pages of the login."""
    credentials = Credentials(service.database, service.accounts.hasher)
    router = APIRouter(dependencies=[Depends(open_form)])

    @router.get("/login")
    async def login_page(request: Request, next: str = START) -> Response:
        session_id = read_cookie(request, SESSION)
        if session_id and await service.desk_sessions.read(session_id, service.parts.now()):
            return RedirectResponse(safe_next(next), HTTPStatus.SEE_OTHER)
        return _login_page(request, service, next)

    @router.post("/login")
    async def log_in(request: Request, login: Text = "", password: Text = "", next: Text = START) -> Response:
        await _count(request, service)
        checked = await credentials.check_password(login, password, service.parts.now())
        if checked is None:
            return _login_page(request, service, next, login, HTTPStatus.UNPROCESSABLE_ENTITY)
        if checked.ticket is None:
            return await let_in(request, service, checked.account, safe_next(next), "password")
        response = open_page(request, "code.html", next=safe_next(next), failed=False)
        set_cookie(request, response, CODE, checked.ticket, TICKET_LASTS)
        return response

    @router.post("/login/code")
    async def give_code(request: Request, code: Text = "", next: Text = START) -> Response:
        await _count(request, service)
        ticket = read_cookie(request, CODE)
        if ticket is None:
            return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
        account = await credentials.check_code(ticket, code, service.parts.now())
        if account is None:
            return open_page(request, "code.html", HTTPStatus.UNPROCESSABLE_ENTITY, next=safe_next(next), failed=True)
        return await let_in(request, service, account, safe_next(next), "password and code")

    return router


def open_page(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """A page of before the login, with the token of its form in the page and in a cookie."""
    token = read_cookie(request, FORM) or secrets.token_urlsafe(32)
    response = page(request, template, status, csrf=token, **values)
    set_cookie(request, response, FORM, token)
    return response


async def let_in(request: Request, service: Service, account: Account, next: str, how: str) -> Response:
    """Begin a session with a new id, whatever id the browser came with, and go on to ``next``."""
    before = read_cookie(request, SESSION)
    session_id = await service.desk_sessions.begin(account, service.parts.now(), how, before)
    response = RedirectResponse(next, HTTPStatus.SEE_OTHER)
    set_cookie(request, response, SESSION, session_id)
    for name in (FORM, CODE):
        drop_cookie(request, response, name)
    return response


def _login_page(request: Request, service: Service, next: str, login: str = "", status: int = HTTPStatus.OK) -> Response:
    return open_page(
        request,
        "login.html",
        status,
        next=safe_next(next),
        login=login,
        failed=status != HTTPStatus.OK,
        sign_on=service.settings.oidc_issuer is not None,
        sign_on_name=service.settings.oidc_name,
    )


async def _count(request: Request, service: Service) -> None:
    await service.rate_limit.count(ADDRESS_LIMIT, request.client.host if request.client else "unknown")
