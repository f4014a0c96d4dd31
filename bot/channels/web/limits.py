"""How much one caller may send: size of a body, messages in a minute."""

from __future__ import annotations

from http import HTTPStatus

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.problems import Problem, problem_response

LARGEST_BODY = 64 * 1024
"""Bytes of a request at most."""


class RateLimit:
    """A moving window of a minute, for addresses and for conversations apart."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(per_minute)

    async def count(self, kind: str, name: str) -> None:
        """Count one call. Raises ``Problem`` with ``Retry-After`` when there were too many."""
        if not await self._limiter.hit(self._item, kind, name):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Too many messages in a short time. Wait a moment, then send it again.",
                {"Retry-After": "10"},
            )


class BodyLimit:
    """Refuses bodies over ``LARGEST_BODY``, whether or not their length is announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > LARGEST_BODY:
            await self._refuse(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST_BODY:
                await self._refuse(scope, receive, send)
                return
        given = False

        async def whole() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, whole, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request is larger than {LARGEST_BODY} bytes. Send a shorter message."
        )
        await response(scope, receive, send)
