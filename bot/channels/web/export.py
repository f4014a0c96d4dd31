"""The call by which newcomers take what is stored about them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Response

from bot.channels.web.api import TheService, Token, limited
from bot.export import export

router = APIRouter()


@router.get(
    "/api/v1/conversations/{conversation_id}/export",
    summary="Everything stored about a conversation",
    dependencies=[Depends(limited)],
)
async def take(conversation_id: str, token: Token, service: TheService, response: Response) -> dict[str, Any]:
    """The conversation, its messages and feedback, and its cases with what happened to them, appointments and mail."""
    await service.parts.store.read(conversation_id, token)
    response.headers["Content-Disposition"] = f'attachment; filename="elo-guide-{conversation_id}.json"'
    return await export(service.database, conversation_id)
