"""Keeps other websites from sending the desk's forms with a person's cookies."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

SAFE = {"GET", "HEAD", "OPTIONS"}
HEADER = "X-CSRF-Token"
FIELD = "csrf"


async def check_form(request: Request, expected: str | None) -> None:
    """Raises ``HTTPException`` 403 for an unsafe call that does not come from a page of the desk with the token ``expected``."""
    if request.method in SAFE:
        return
    given = request.headers.get(HEADER)
    if given is None:
        given = (await request.form()).get(FIELD)  # type: ignore[assignment]  # a field may be a file
    if not isinstance(given, str) or not expected or not _same(given, expected) or not comes_from_here(request):
        raise HTTPException(HTTPStatus.FORBIDDEN)


def comes_from_here(request: Request) -> bool:
    """What the browser says about where the call comes from. Old browsers, and what is no browser, say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
