"""Tells open pages of the desk what has changed; they ask for the changed part themselves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.channels.web.api import LOOK_EVERY_SECONDS, TheService
from bot.conversations.database import OUTAGE
from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import Account
from bot.desk.case_full import LARGEST_ID, visible_case
from bot.desk.case_reading import ListedCase, read_queue
from bot.desk.cookies import SESSION, read_cookie
from bot.desk.gate import CurrentAccount, only
from bot.handoff.cases import UnknownCase
from bot.handoff.tables import CaseEventRow, OutboxRow
from bot.notify import DESK
from bot.service import Service

router = APIRouter()


@router.get("/events", dependencies=[only("expert", "counsellor")])
async def events(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> EventSourceResponse:
    """Server-Sent Events: ``queue`` when a list has changed, ``case-<id>`` when something was said or done in that case."""
    return EventSourceResponse(_stream(service, account, read_cookie(request, SESSION) or "", case), ping=15)


async def _stream(service: Service, account: Account, session_id: str, case_id: int | None) -> AsyncIterator[ServerSentEvent]:
    """Ends with the login; the browser comes back, and is sent away then."""
    news = service.notifier.listen(DESK)
    known: dict[str, object] = {}
    try:
        yield ServerSentEvent(comment="open")
        while not service.stopping and await service.desk_sessions.read(session_id, service.parts.now()):
            async with service.database.session() as session:
                current = await _marks(session, account, case_id)
            for name, mark in current.items():
                if known and known.get(name) != mark:
                    yield ServerSentEvent(json.dumps(mark[:1]), event=name)
            known = dict(current)
            await service.notifier.wait(DESK, news, LOOK_EVERY_SECONDS)
    except OUTAGE:
        return  # the browser comes back by itself
    finally:
        service.notifier.leave(DESK, news)


async def _marks(session: AsyncSession, account: Account, case_id: int | None) -> dict[str, tuple[object, ...]]:
    """What the account's pages show, short enough to compare. The first part of each is told with the event."""
    queue = await read_queue(session, account)
    lists = (queue.waiting, queue.elsewhere, queue.own, queue.asked, queue.colleagues)
    marks: dict[str, tuple[object, ...]] = {"queue": (queue.waiting_count, *(tuple(map(_mark, cases)) for cases in lists))}
    if case_id is not None:
        marks[f"case-{case_id}"] = await _mark_of_case(session, account, case_id)
    return marks


def _mark(case: ListedCase) -> tuple[object, ...]:
    return case.id, case.urgent, case.consulting, case.claimed_by, case.appointment, case.unanswered


async def _mark_of_case(session: AsyncSession, account: Account, case_id: int) -> tuple[object, ...]:
    try:
        case = await visible_case(session, case_id, account)
    except UnknownCase:
        return (None,)
    said = select(func.max(MessageRow.id)).where(MessageRow.conversation_id == case.conversation_id)
    owner = select(ConversationRow.owner).where(ConversationRow.id == case.conversation_id)
    done = select(func.max(CaseEventRow.id)).where(CaseEventRow.case_id == case_id)
    mails = select(func.count(), func.count(OutboxRow.sent_at), func.sum(OutboxRow.attempts)).where(OutboxRow.case_id == case_id)
    mailed = (await session.execute(mails)).one()
    return await session.scalar(said), await session.scalar(owner), await session.scalar(done), case.state, *mailed
