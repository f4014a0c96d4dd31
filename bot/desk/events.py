"""Tells open pages of the desk what has changed; they ask for the changed part themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.channels.web.api import TheService
from bot.conversations.database import OUTAGE
from bot.desk.accounts import Account
from bot.desk.case_full import LARGEST_ID, visible_case
from bot.desk.case_reading import read_queue, waiting_ids
from bot.desk.cookies import SESSION, read_cookie
from bot.desk.gate import CurrentAccount, only
from bot.desk.marks import mark_of_case, mark_of_queue, mark_of_waiting
from bot.notify import DESK, News
from bot.service import Service

router = APIRouter()

QUEUE_EVERY_SECONDS = 1.0
"""The lists are looked at so often at most: every turn of every conversation wakes the desk."""


@router.get("/events", dependencies=[only("expert", "counsellor")])
async def events(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    shown: str = "",
    last_event_id: Annotated[str, Header()] = "",
) -> EventSourceResponse:
    """Server-Sent Events: ``queue`` when a list has changed, ``case-<id>`` when something was said or done in that case.

    ``shown`` are the marks of what the page shows, with a dot between: what has changed since the page was made, or while
    the line was broken, is told at once.
    """
    conversation_id = None
    if case is not None:
        async with service.database.session() as session:
            conversation_id = (await visible_case(session, case, account)).conversation_id
    stream = _Stream(service, read_cookie(request, SESSION) or "", case, conversation_id)
    return EventSourceResponse(stream.run(last_event_id or shown), ping=15)


class _Stream:
    """The events of one page. It ends with the login; the browser then comes back, and is sent away."""

    def __init__(self, service: Service, session_id: str, case_id: int | None, conversation_id: str | None) -> None:
        self._service = service
        self._session_id = session_id
        self._case_id = case_id
        self._conversation_id = conversation_id
        self._looked_at = float("-inf")
        """When the lists were last looked at, on the clock of ``time.monotonic``."""

    async def run(self, shown: str) -> AsyncIterator[ServerSentEvent]:
        """Look whenever something is told of, and now and then."""
        names = ["queue"] if self._case_id is None else ["queue", f"case-{self._case_id}"]
        marks = dict(zip(names, shown.split("."), strict=False))
        listened = [DESK] if self._conversation_id is None else [DESK, self._conversation_id]
        news = {key: self._service.notifier.listen(key) for key in listened}
        try:
            yield ServerSentEvent(comment="open")
            while (account := await self._account()) is not None:
                for name, mark in (await self._look(account, news)).items():
                    if marks.get(name) != mark:
                        marks[name] = mark
                        yield ServerSentEvent(name, event=name, id=".".join(marks.get(each, "") for each in names))
                await self._wait(news)
        except OUTAGE:
            return
        finally:
            for key, event in news.items():
                self._service.notifier.leave(key, event)

    async def _account(self) -> Account | None:
        """Whose page it is, as the account is now; None when the login has ended."""
        if self._service.stopping:
            return None
        session = await self._service.desk_sessions.read(self._session_id, self._service.parts.now())
        return None if session is None else session.account

    async def _look(self, account: Account, news: dict[str, News]) -> dict[str, str]:
        marks: dict[str, str] = {}
        async with self._service.database.session() as session:
            if self._case_id is not None:
                if self._conversation_id is not None:
                    news[self._conversation_id].clear()
                marks[f"case-{self._case_id}"] = await mark_of_case(session, account, self._case_id)
            idle = time.monotonic() - self._looked_at
            if idle >= self._service.settings.look_seconds or (news[DESK].is_set() and idle >= QUEUE_EVERY_SECONDS):
                news[DESK].clear()
                self._looked_at = time.monotonic()
                if self._case_id is None:
                    marks["queue"] = mark_of_queue(await read_queue(session, account))
                else:
                    marks["queue"] = mark_of_waiting(await waiting_ids(session, account))
        return marks

    async def _wait(self, news: dict[str, News]) -> None:
        """Until something is told of that may be looked at already; at most ``ELO_LOOK_SECONDS``."""
        awaited = [event for event in news.values() if not event.is_set()]
        pending = news[DESK].is_set()
        seconds = QUEUE_EVERY_SECONDS - (time.monotonic() - self._looked_at) if pending else self._service.settings.look_seconds
        waits = [asyncio.ensure_future(event.wait()) for event in awaited]
        try:
            if waits:
                await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(max(seconds, 0))
        finally:
            for each in waits:
                each.cancel()
