"""Errors as RFC 9457 problem documents that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.channels.web.headers import HEADERS
from bot.conversations.database import OUTAGE
from bot.conversations.store import UnknownConversation, WrongToken
from bot.dialogue import DialogueUnavailable
from bot.turns.engine import Unreadable

MEDIA_TYPE = "application/problem+json"

SENTENCES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "The body is not valid JSON. Check its spelling.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address. The calls are described in /openapi.json.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take such a call. The calls are described in /openapi.json.",
}
"""What to do about the errors that the framework itself finds."""


class Problem(Exception):
    """An error to be told to the caller."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem document. ``detail`` is a sentence that says what is wrong, and what to do."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Register a handler for every error that a call can end in."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return problem_response(error.status, error.detail, error.headers)

    async def unreadable(request: Request, error: Exception) -> JSONResponse:
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        if any(detail["type"] == "json_invalid" for detail in error.errors()):
            return problem_response(HTTPStatus.BAD_REQUEST, SENTENCES[HTTPStatus.BAD_REQUEST])
        told = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc'][1:]) or 'body'}: {detail['msg']}" for detail in error.errors()
        )
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, f"The call does not fit: {told}. See /openapi.json.")

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        return problem_response(HTTPStatus.NOT_FOUND, "There is no such conversation, or it was erased. Start a new one.")

    async def wrong_token(request: Request, error: Exception) -> JSONResponse:
        return problem_response(HTTPStatus.FORBIDDEN, "The token does not belong to this conversation. Start a new one.")

    async def outage(request: Request, error: Exception) -> JSONResponse:
        headers = {"Retry-After": "2"}
        return problem_response(
            HTTPStatus.SERVICE_UNAVAILABLE, "The message could not be stored right now. Send it again in a moment.", headers
        )

    async def dialogue_away(request: Request, error: Exception) -> JSONResponse:
        headers = {"Retry-After": "5"}
        return problem_response(
            HTTPStatus.SERVICE_UNAVAILABLE, "Not everything could be erased right now. Ask again in a moment.", headers
        )

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return problem_response(error.status_code, SENTENCES.get(error.status_code, f"{error.detail}."), error.headers)

    async def fault(request: Request, error: Exception) -> JSONResponse:
        # Starlette answers a fault outside of every middleware, so the security headers are put on here.
        sentence = "Something went wrong in the service, and it has been noted. Send it again in a moment."
        return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, sentence, HEADERS)

    app.add_exception_handler(Problem, known)
    app.add_exception_handler(Unreadable, unreadable)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(UnknownConversation, unknown)
    app.add_exception_handler(WrongToken, wrong_token)
    app.add_exception_handler(DialogueUnavailable, dialogue_away)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
    for kind in OUTAGE:
        app.add_exception_handler(kind, outage)
