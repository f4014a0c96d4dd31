"""Errors at the desk are pages in the person's language; those of the API stay as they are (bot/channels/web/problems.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from bot.channels.web.headers import HEADERS
from bot.desk.addresses import login_address
from bot.desk.gate import LoginNeeded
from bot.desk.pages import page, page_language, page_path
from bot.desk.words import catalogue
from bot.handoff.hold import UnknownCase
from knowledge.editing import CannotEdit

Handler = Callable[[Request, Exception], Awaitable[Response]]


def tell_desk_problems(app: FastAPI) -> None:
    """Put the desk's pages over every handler of errors that the application has by now."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _as_page(cast(Handler, handler)))
    app.add_exception_handler(LoginNeeded, _to_login)
    app.add_exception_handler(UnknownCase, _as_page(_unknown_case))
    app.add_exception_handler(CannotEdit, _cannot_edit)


def _as_page(handler: Handler) -> Handler:
    async def tell(request: Request, error: Exception) -> Response:
        told = await handler(request, error)
        if not _is_at_desk(request):
            return told
        key = f"problem.{told.status_code}"
        known = key if f"{key}_title" in catalogue(page_language(request)) else "problem.other"
        answer = page(request, "problem.html", told.status_code, problem=known)
        retry = told.headers.get("retry-after")
        answer.headers.update({"Retry-After": retry} if retry else {})
        if told.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            for name, value in HEADERS.items():  # answered outside of every middleware
                answer.headers.setdefault(name, value)
        return answer

    return tell


async def _unknown_case(request: Request, error: Exception) -> Response:
    return Response(status_code=HTTPStatus.NOT_FOUND)


async def _cannot_edit(request: Request, error: Exception) -> Response:
    return page(request, "problem.html", HTTPStatus.CONFLICT, problem="problem.cannot_edit")


async def _to_login(request: Request, error: Exception) -> Response:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if "HX-Request" in request.headers:  # htmx would put the login page into a corner of this one
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": login_address(page_path(request))})
    if request.headers.get("accept") == "text/event-stream":
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    return RedirectResponse(login_address(path if request.method == "GET" else ""), HTTPStatus.SEE_OTHER)


def _is_at_desk(request: Request) -> bool:
    return request.url.path == "/desk" or request.url.path.startswith("/desk/")
