"""The calls about the case of a conversation: how it stands, withdrawing it, and the private link back."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Depends

from bot.channels.web.api import TheService, Token, limited
from bot.conversations.store import make_key
from bot.handoff.shown import ShownCase
from bot.messages import Shape

case_router = APIRouter(prefix="/api/v1/conversations/{conversation_id}")


class CaseStatus(Shape):
    """The last case of a conversation; None when there was none."""

    case: ShownCase | None


class PrivateLink(Shape):
    """The way back to a conversation from another browser: ``/chat#back=<id>.<token>``. Whoever has it can read and write."""

    id: str
    token: str
    path: str


@case_router.get("/case", summary="How the case stands")
async def case_status(conversation_id: str, token: Token, service: TheService) -> CaseStatus:
    """The last case: its state, who has it, and the place in the queue."""
    conversation = await service.parts.store.read(conversation_id, token)
    return CaseStatus(case=await service.parts.handoff.shown(conversation))


@case_router.post("/case/withdraw", summary="Withdraw the open case", dependencies=[Depends(limited)])
async def withdraw(conversation_id: str, token: Token, service: TheService) -> CaseStatus:
    """Ends the open case, whoever has it; without one nothing happens. The guide speaks again."""
    await service.parts.store.read(conversation_id, token)
    await service.parts.cases.withdraw(conversation_id)
    conversation = await service.parts.store.read(conversation_id, token)
    return CaseStatus(case=await service.parts.handoff.shown(conversation))


@case_router.post("/link", summary="A private link back", status_code=HTTPStatus.CREATED, dependencies=[Depends(limited)])
async def private_link(conversation_id: str, token: Token, service: TheService) -> PrivateLink:
    """A further token of the conversation, to come back from another browser."""
    await service.parts.store.read(conversation_id, token)
    async with service.database.write() as session:
        key = await make_key(session, conversation_id, service.parts.now())
    return PrivateLink(id=conversation_id, token=key, path=f"/chat#back={conversation_id}.{key}")
