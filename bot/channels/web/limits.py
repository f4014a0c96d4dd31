"""How much one caller may send: size of a body, messages in a minute."""

from __future__ import annotations

import time
from collections.abc import Mapping
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

    async def seconds_to_wait(self, kind: str, name: str) -> float:
        """Count one call when there is room for it, and 0; else the seconds after which there will be."""
        if await self._limiter.hit(self._item, kind, name):
            return 0.0
        window = await self._limiter.get_window_stats(self._item, kind, name)
        return max(0.05, window.reset_time - time.time())


class BodyLimit:
    """Refuses bodies over ``LARGEST_BODY``, whether or not their length is announced.

    ``larger`` names exceptions by path; one that ends with a slash is for all paths below it.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int]) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        largest = self._largest(scope["path"])
        if not announced.isdigit() or int(announced) > largest:
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
            if len(body) > largest:
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

    def _largest(self, path: str) -> int:
        below = (size for prefix, size in self._larger.items() if prefix.endswith("/") and path.startswith(prefix))
        return self._larger.get(path, next(below, LARGEST_BODY))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        largest = self._largest(scope["path"])
        response = problem_response(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request is larger than {largest} bytes. Send a shorter message."
        )
        await response(scope, receive, send)
