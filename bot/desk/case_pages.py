"""The page of a case, and the parts of it that change while it is open. Of these only the page is a look at the case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.audit import record
from bot.desk.case_full import (
    LARGEST_ID,
    FullCase,
    last_words,
    messages_after,
    one_message,
    read_case,
    visible_case,
)
from bot.desk.case_page import MATTER, Telling, case_page, case_values
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page, page_language
from bot.desk.showing import show_line, wording
from bot.desk.suggestions import suggest
from bot.service import Service

router = APIRouter(prefix="/cases/{case_id}")

CaseId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
MessageId = Annotated[int, Path(ge=0, le=LARGEST_ID)]

DONE = {
    "claimed", "released", "given_back", "transferred", "taken_over", "urgent", "not_urgent", "noted", "consult_asked",
    "consult_answered", "written", "resolved", "time_booked", "time_changed", "time_cancelled",
}  # fmt: skip
"""What the page can say was done: keys of its words."""


@router.get("")
async def whole_case(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case_id: CaseId,
    done: str = "",
    before: Annotated[int, Query(ge=1, le=LARGEST_ID)] = LARGEST_ID,
) -> Response:
    """The case in full. ``before`` pages back in a long conversation."""
    return await case_page(request, service, account, case_id, Telling(done=done if done in DONE else None), before)


@router.get("/messages")
async def new_messages(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case_id: CaseId,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)],
) -> Response:
    """The messages after the last one that the page shows, to be added to it."""
    async with service.database.session() as session:
        case = await visible_case(session, case_id, account)
        messages = await messages_after(session, case, after)
    words = wording(page_language(request), service.parts.guide.content, service.parts.now())
    response = page(request, "case_lines.html", case=case, lines=[show_line(message) for message in messages], **words)
    if any(message.sender == "newcomer" for message in messages):
        response.headers["HX-Trigger"] = "newcomer-wrote"
    return response


@router.get("/state")
async def state(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, seen: str = "") -> Response:
    """How the case stands. ``seen`` is how it stood when the page was made."""
    full = await _read(service, account, case_id)
    return page(request, "case_state.html", seen=seen, **case_values(request, service, account, full))


@router.get("/timeline")
async def timeline(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """What happened to the case."""
    full = await _read(service, account, case_id)
    return page(request, "case_timeline.html", **case_values(request, service, account, full))


@router.get("/suggestions")
async def suggestions(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Answers that may fit what the newcomer wrote last."""
    async with service.database.session() as session:
        case = await visible_case(session, case_id, account)
        last = await last_words(session, case)
    text, language = (last.text, last.language) if last else (case.matter, case.language)
    parts = service.parts
    found = await suggest(parts.guide, text, language, case.municipality, case.audience, parts.now())
    words = wording(page_language(request), parts.guide.content, parts.now())
    return page(request, "case_suggestions.html", suggestions=found, **words)


@router.post("/messages/{message_id}/show")
async def show_codes(
    request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, message_id: MessageId
) -> Response:
    """The identity codes in one message, or with id 0 in the matter: shown once, and noted in the audit log."""
    async with service.database.write() as session:
        case = await visible_case(session, case_id, account)
        message = None if message_id == MATTER else await one_message(session, case, message_id)
        shown = "matter" if message is None else f"message {message_id}"
        record(session, service.parts.now(), account, "identity_code_shown", case_id, shown)
    if "HX-Request" not in request.headers:
        return await case_page(request, service, account, case_id, Telling(unmasked=message_id))
    text = case.matter if message is None else message.text
    return page(request, "case_unmasked.html", text=text)


async def _read(service: Service, account: Account, case_id: int) -> FullCase:
    async with service.database.session() as session:
        return await read_case(session, case_id, account)
