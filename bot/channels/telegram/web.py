"""Where Telegram pushes updates, and the call by which a conversation of the web is continued in Telegram."""

from __future__ import annotations

import datetime as dt
import hmac
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from bot.channels.telegram.links import VALID_FOR, make_link
from bot.channels.telegram.secret import webhook_secret
from bot.channels.web.api import TheService, Token, limited
from bot.channels.web.problems import SENTENCES, Problem
from bot.messages import Shape

WEBHOOK_PATH = "/telegram/webhook"

LARGEST_UPDATE = 1024 * 1024
"""Bytes. An update that is refused would be pushed again and again, with all that come after it waiting."""

router = APIRouter()


class TelegramLink(Shape):
    """A link that continues the conversation in Telegram: once, until ``expires_at``."""

    url: str
    expires_at: dt.datetime


@router.post(
    "/api/v1/conversations/{conversation_id}/telegram",
    summary="Continue in Telegram",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(limited)],
)
async def continue_in_telegram(conversation_id: str, token: Token, service: TheService) -> TelegramLink:
    """A one-time link into Telegram. From the moment that it is followed, messages reach the person there.

    404 when the guide is not in Telegram, 503 while Telegram cannot be reached.
    """
    await service.parts.store.read(conversation_id, token)
    if service.telegram is None:
        raise Problem(HTTPStatus.NOT_FOUND, "This guide is not in Telegram. Go on here.")
    if service.telegram.user_name is None:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "Telegram cannot be reached right now. Try again in a moment.", {"Retry-After": "5"}
        )
    now = service.parts.now()
    async with service.database.write() as session:
        link = await make_link(session, conversation_id, now)
    return TelegramLink(url=f"https://t.me/{service.telegram.user_name}?start={link}", expires_at=now + VALID_FOR)


@router.post(WEBHOOK_PATH, include_in_schema=False)
async def take_update(
    request: Request, service: TheService, x_telegram_bot_api_secret_token: Annotated[str, Header()] = ""
) -> Response:
    """An update from Telegram. It is stored when this returns; an error makes Telegram push it again."""
    if service.telegram is None or service.settings.telegram_webhook_url is None:
        raise Problem(HTTPStatus.NOT_FOUND, SENTENCES[HTTPStatus.NOT_FOUND])
    if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), webhook_secret(service.settings).encode()):
        raise Problem(HTTPStatus.FORBIDDEN, "Only Telegram may push updates.")
    try:
        pushed = await request.json()
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, SENTENCES[HTTPStatus.BAD_REQUEST]) from error
    await service.telegram.receive(pushed)
    return Response()
