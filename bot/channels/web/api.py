"""The calls of the HTTP API, version 1."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.channels.web.calls import Ask, Asked, Begun, Health, History, NewConversation, Replies, Sent
from bot.channels.web.problems import Problem
from bot.conversation import Conversation
from bot.conversations.store import UnknownConversation, new_conversation_id
from bot.language import direction
from bot.messages import ExpertOffer, Message
from bot.service import Service
from bot.status import Status
from bot.texts import line_language, say
from bot.turns.engine import WEB
from knowledge.markdown import to_html

STOP_EVERY_SECONDS = 5.0
"""A stream that hears nothing looks so often whether the service is stopping."""

After = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""Id of the message after which to go on; the databases count with 64 bits."""

router = APIRouter()


def service_of(request: Request) -> Service:
    """The running service."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]


def bearer(authorization: Annotated[str, Header()] = "") -> str:
    """The conversation's token. Raises ``Problem`` when there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "Send the conversation's token: Authorization: Bearer <token>.",
            {"WWW-Authenticate": "Bearer"},
        )
    return token.strip()


Token = Annotated[str, Depends(bearer)]


async def limited(request: Request, service: TheService) -> None:
    """Count the call against the limit of its address."""
    await service.rate_limit.count("address", request.client.host if request.client else "unknown")


@router.get("/health", summary="Whether the service can answer", responses={503: {"model": Health}})
async def health(service: TheService, response: Response) -> Health:
    """200 when a question can be answered, 503 when not; names each part."""
    rasa, database = await asyncio.gather(service.parts.dialogue.is_ready(), service.database.is_reachable())
    manifest = service.parts.guide.manifest
    ok = rasa and database
    response.status_code = HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE
    return Health(
        status="ok" if ok else "unavailable",
        service="ok",
        rasa="ok" if rasa else "unavailable",
        database="ok" if database else "unavailable",
        knowledge={"status": "ok", "snapshot": manifest.id, "answers": manifest.answers, "encoder": manifest.encoder},
    )


@router.post("/api/v1/ask", summary="One question, nothing kept", dependencies=[Depends(limited)])
async def ask(call: Ask, service: TheService) -> Asked:
    """The same result as the first message of a new conversation."""
    conversation = _new_conversation(call, service, "ask")
    turn, took_ms = await service.engine.ask(conversation, call.question, explain=call.explain)
    shown = turn.replies[0]
    explain = None
    if call.explain:
        explain = {"turn_ms": turn.steps_ms, "search": turn.outcome.explain if turn.outcome else None}
    return Asked(
        status=turn.status or Status.failed,
        language=shown.language,
        detected_language=turn.detected_language,
        text=shown.text,
        html=shown.html,
        dir=shown.dir,
        answer=shown.answer,
        alternatives=shown.alternatives,
        buttons=shown.buttons,
        expert=shown.expert or ExpertOffer(recommended=False),
        took_ms=took_ms,
        explain=explain,
    )


@router.post(
    "/api/v1/conversations", summary="Begin a conversation", status_code=HTTPStatus.CREATED, dependencies=[Depends(limited)]
)
async def begin(call: NewConversation, service: TheService) -> Begun:
    """A new conversation with its token and the greeting."""
    conversation = _new_conversation(call, service, WEB)
    language = line_language(conversation.language)
    text = say("greeting", conversation.reads or language)
    greeting = Message(
        at=service.parts.now(),
        sender="bot",
        kind="notice",
        text=text,
        html=to_html(text),
        language=language,
        dir=direction(language),
    )
    token, messages = await service.parts.store.create(conversation, [greeting])
    return Begun(id=conversation.id, token=token, messages=messages)


@router.post("/api/v1/conversations/{conversation_id}/messages", summary="Send a message", dependencies=[Depends(limited)])
async def send(conversation_id: str, call: Sent, token: Token, service: TheService) -> Replies:
    """One turn: the replies to this message. A repeated ``client_id`` gives the replies of the first time."""
    await service.rate_limit.count("conversation", conversation_id)
    received, replies = await service.engine.take(
        conversation_id, token, client_id=call.client_id, text=call.text, payload=call.payload, title=call.title
    )
    return Replies(received=received, messages=replies)


@router.get("/api/v1/conversations/{conversation_id}/messages", summary="The history")
async def history(conversation_id: str, token: Token, service: TheService, after: After = 0) -> History:
    """The messages with an id above ``after``, oldest first, at most 500."""
    await service.parts.store.read(conversation_id, token)
    return History(messages=await service.parts.store.messages(conversation_id, after))


@router.get("/api/v1/conversations/{conversation_id}/events", summary="Messages as they come", response_class=EventSourceResponse)
async def events(
    conversation_id: str,
    token: Token,
    service: TheService,
    request: Request,
    last_event_id: Annotated[str, Header()] = "",
    after: After = 0,
) -> EventSourceResponse:
    """Server-Sent Events, one for each message, resumed by ``Last-Event-ID``."""
    await service.parts.store.read(conversation_id, token)
    start = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else after
    return EventSourceResponse(_stream(service, conversation_id, token, start), ping=15)


async def _stream(service: Service, conversation_id: str, token: str, after: int) -> AsyncIterator[ServerSentEvent]:
    news = service.notifier.listen(conversation_id)
    try:
        yield ServerSentEvent(comment="open")  # at once: a client that hears nothing knows that something holds streams back
        while not service.stopping:
            messages = await service.parts.store.messages(conversation_id, after)
            for message in messages:
                after = message.id
                yield ServerSentEvent(message.model_dump_json(), event="message", id=str(message.id))
            if not messages:
                news.up_to = after
                while not service.stopping and not await service.notifier.wait(news, STOP_EVERY_SECONDS):
                    pass
                await service.parts.store.read(conversation_id, token)
    except UnknownConversation:
        return  # erased: nothing more will come
    finally:
        service.notifier.leave(conversation_id, news)


@router.delete("/api/v1/conversations/{conversation_id}", summary="Erase a conversation", status_code=HTTPStatus.NO_CONTENT)
async def erase(conversation_id: str, token: Token, service: TheService) -> None:
    """Erases it everywhere: messages, feedback, and Rasa's tracker."""
    await service.parts.store.read(conversation_id, token)
    await service.engine.erase(conversation_id)


def _new_conversation(call: Ask | NewConversation, service: Service, channel: str) -> Conversation:
    if call.municipality is not None and call.municipality not in service.parts.guide.content.municipalities:
        known = ", ".join(service.parts.guide.content.municipalities)
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"The municipality {call.municipality!r} is not known. Use one of: {known}."
        )
    now: dt.datetime = service.parts.now()
    conversation = Conversation(
        id=new_conversation_id(),
        channel=channel,
        municipality=call.municipality,
        audience=call.audience,
        created_at=now,
        last_at=now,
    )
    conversation.wish(call.language)
    return conversation
