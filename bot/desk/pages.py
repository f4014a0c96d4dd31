"""Makes the desk's pages from the templates of ``bot/desk/templates``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from bot.desk import files
from bot.desk.accounts import LANGUAGES, Account
from bot.desk.navigation import navigation_for
from bot.desk.sessions import DeskSession
from bot.desk.words import word
from bot.service import Service

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}
"""Beside those of bot/channels/web/headers.py. Pages hold personal data: nobody keeps them. With the referrer policy
``no-referrer`` browsers would send ``Origin: null`` with the desk's own forms, and bot/desk/csrf.py would refuse them."""

templates = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Visit:
    """Who sees the page: kept in ``request.state.visit`` once the login was looked at (bot/desk/gate.py)."""

    session: DeskSession
    present: bool

    @property
    def account(self) -> Account:
        return self.session.account


def visit_of(request: Request) -> Visit | None:
    """Who is logged in, where the login was looked at."""
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit


def page_language(request: Request) -> str:
    """The language of the person's account; before the login that of ``?lang=``, then of ``Accept-Language``, then Finnish."""
    visit = visit_of(request)
    if visit is not None:
        return visit.account.language
    accepted = request.headers.get("accept-language", "").split(",")
    wishes = [request.query_params.get("lang", ""), *(each.split(";")[0].strip()[:2].lower() for each in accepted)]
    return next((wish for wish in wishes if wish in LANGUAGES), "fi")


def page(request: Request, template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """A page, or a part of one for htmx, as a response."""
    return HTMLResponse(render(request, template, **values), status, HEADERS)


def render(request: Request, template: str, **values: object) -> str:
    """HTML from a template and its values; event streams send it as it is.

    Every template has ``t(key, **values)`` for words, ``language``, ``languages``, ``account`` (None before the login),
    ``csrf`` for forms, ``present``, ``navigation``, ``path`` of the whole page, ``static(name)`` for files, and
    ``municipality_name(id)``.
    """
    visit = visit_of(request)
    language = page_language(request)
    account = visit.account if visit else None
    known = {
        "t": partial(word, language),
        "language": language,
        "languages": LANGUAGES,
        "account": account,
        "csrf": visit.session.csrf if visit else None,
        "present": visit.present if visit else False,
        "navigation": navigation_for(account),
        "path": page_path(request),
        "static": files.address,
        "municipality_name": partial(_municipality_name, request, language),
    }
    return templates.get_template(template).render(known | values)


def page_path(request: Request) -> str:
    """The path of the page in the browser; what htmx asks for has another one of its own."""
    try:
        return urlsplit(request.headers.get("hx-current-url", str(request.url))).path
    except ValueError:  # what htmx sends is an address, but not everything that is sent comes from htmx
        return request.url.path


def _municipality_name(request: Request, language: str, municipality: str | None) -> str:
    service: Service = request.app.state.service
    known = service.parts.guide.content.municipalities.get(municipality or "")
    return str(known.name.get(language, municipality)) if known else municipality or ""
