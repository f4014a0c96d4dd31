"""The desk's cookies: over https with the prefix ``__Host-``, so that no other site of the domain can set them."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response

SESSION = "elo_desk"
FORM = "elo_desk_form"
"""Token of forms that are sent before a login."""
CODE = "elo_desk_code"
"""Ticket of somebody whose password was right, and whose one-time code is awaited."""
SIGN_ON = "elo_desk_sso"
"""What single sign-on must find again when the person comes back from the provider."""


def read_cookie(request: Request, name: str) -> str | None:
    """The value of a cookie."""
    return request.cookies.get(_full_name(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str, lasts: dt.timedelta | None = None) -> None:
    """Set a cookie that scripts cannot read; without ``lasts`` it is gone when the browser is closed."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=None if lasts is None else int(lasts.total_seconds()),
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(_full_name(request, name), path="/", secure=_is_secure(request), httponly=True, samesite="lax")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _full_name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name
