"""The addresses of the widget: its script, its parts, and the pages that use it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web.problems import SENTENCES, Problem
from bot.handoff.draft import PERMIT_EXPERT
from bot.messages import ShownContact
from bot.service import Service
from bot.showing import show_contacts
from bot.turns.compose import FIRST_STOP
from bot.widget.assets import Asset, Assets
from bot.widget.pages import chat_page, page_language, privacy_page
from knowledge.model import EASY_FINNISH, Audience

CHECKED_EACH_TIME = "no-cache"
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Accept-Encoding"}
"""Any page may load the script. Whether it may talk with the API is another question: ``ELO_ALLOWED_ORIGINS``."""

Text = Annotated[str, Header()]


def widget_router(service: Service) -> APIRouter:
    """The routes, over files that are read once."""
    settings = service.settings
    switched_on = settings.widget == "on"
    assets = Assets(switched_on=switched_on, telegram=service.telegram is not None)
    router = APIRouter(include_in_schema=False)

    @router.get("/widget.js")
    async def entry(accept_encoding: Text = "", if_none_match: Text = "") -> Response:
        return _sent(assets.entry, CHECKED_EACH_TIME, accept_encoding, if_none_match)

    @router.get("/widget/{fingerprint}/{name}")
    async def part(fingerprint: str, name: str, accept_encoding: Text = "", if_none_match: Text = "") -> Response:
        asset = assets.parts.get(name)
        if asset is None:
            raise Problem(HTTPStatus.NOT_FOUND, SENTENCES[HTTPStatus.NOT_FOUND])
        # A page that was opened before an update asks for parts of then: it gets those of now, and does not keep them.
        caching = KEPT_FOR_EVER if fingerprint == assets.fingerprint else CHECKED_EACH_TIME
        return _sent(asset, caching, accept_encoding, if_none_match)

    @router.get("/")
    @router.get("/chat")
    async def page(
        request: Request, lang: str | None = None, municipality: str | None = None, accept_language: Text = ""
    ) -> HTMLResponse:
        language = page_language(lang, accept_language)
        known = municipality if municipality in service.parts.guide.content.municipalities else None
        audience = request.query_params.get("audience")
        wish = "data-lang" if lang == EASY_FINNISH else "lang"
        attributes = {wish: lang, "municipality": known, "audience": audience if audience in set(Audience) else None}
        contacts = _who_can_be_reached(service, language, known)
        return HTMLResponse(
            chat_page(language, assets.fingerprint, attributes, contacts, switched_on=switched_on),
            headers={"Cache-Control": CHECKED_EACH_TIME, "Vary": "Accept-Language"},
        )

    @router.get("/privacy")
    async def privacy(lang: str | None = None, accept_language: Text = "") -> Response:
        if settings.privacy_url:
            return RedirectResponse(settings.privacy_url)
        page = privacy_page(page_language(lang, accept_language), assets.fingerprint)
        return HTMLResponse(page, headers={"Cache-Control": CHECKED_EACH_TIME, "Vary": "Accept-Language"})

    return router


def _sent(asset: Asset, caching: str, accept_encoding: str, if_none_match: str) -> Response:
    headers = {**OPEN_TO_ALL, "Cache-Control": caching, "ETag": asset.tag}
    if asset.tag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if "gzip" in accept_encoding:
        return Response(asset.compressed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def _who_can_be_reached(service: Service, language: str, municipality: str | None) -> list[ShownContact]:
    content = service.parts.guide.content
    local = content.municipalities[municipality].contact if municipality else FIRST_STOP
    names = [name for name in (PERMIT_EXPERT, local) if name in content.contacts]
    return show_contacts(names, content, language, service.parts.now())
