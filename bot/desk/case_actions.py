"""What is done to a case from its page. Every action is a form; after it the browser is sent on to a page that says so."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.addresses import START
from bot.desk.case_full import visible_case
from bot.desk.case_page import Telling, case_page
from bot.desk.case_pages import CaseId
from bot.desk.colleagues import find_destination
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page, page_language
from bot.handoff.cases import LONGEST_WORDS
from bot.handoff.hold import NotPossible, UnknownCase
from bot.handoff.kinds import EventKind, TypedWrong
from bot.handoff.lines import desk_name
from bot.handoff.tables import CaseEventRow
from bot.service import Service

router = APIRouter(prefix="/cases/{case_id}")

Text = Annotated[str, Form()]

LONGEST_DETAIL = 2000

PRESSED_TWICE = dt.timedelta(seconds=30)
"""Within this time the same once more is taken for a button that was pressed twice."""


async def act(
    request: Request,
    service: Service,
    account: Account,
    case_id: int,
    action: Awaitable[object],
    done: str,
    event: EventKind | None,
    **typed: str,
) -> Response:
    """Do it, and send the browser on. When it cannot be done, the page says why and keeps what was typed.

    ``event`` is what the action writes into the timeline: when the same person did it a moment ago, a button was pressed
    twice. It is None where the action itself knows.
    """
    try:
        await action
    except NotPossible as problem:
        status = _status(problem)
        if status != HTTPStatus.CONFLICT or not await _has_just_done(service, account, case_id, event):
            return await case_page(request, service, account, case_id, Telling(None, problem.problem, status, typed))
    return RedirectResponse(await _where_to(service, account, case_id, done), HTTPStatus.SEE_OTHER)


@router.post("/claim")
async def claim(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Take a waiting case."""
    return await act(request, service, account, case_id, service.parts.cases.claim(case_id, account), "claimed", "claimed")


@router.post("/release")
async def release(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Put it back into the queue."""
    return await act(request, service, account, case_id, service.parts.cases.release(case_id, account), "released", "released")


@router.post("/take-over")
async def take_over(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Take it from a colleague of the same desk."""
    action = service.parts.cases.take_over(case_id, account)
    return await act(request, service, account, case_id, action, "taken_over", "taken_over")


@router.post("/give-back")
async def give_back(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId) -> Response:
    """Let the guide speak again."""
    action = service.parts.cases.give_back(case_id, account)
    return await act(request, service, account, case_id, action, "given_back", "given_back")


@router.post("/urgent")
async def set_urgent(
    request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, urgent: Annotated[bool, Form()]
) -> Response:
    """Put the case before the others, or back into line."""
    done: EventKind = "urgent" if urgent else "not_urgent"
    action = service.arranging.set_urgent(case_id, account, urgent)
    return await act(request, service, account, case_id, action, done, done)


@router.post("/transfer")
async def transfer(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, to: Text = "") -> Response:
    """Pass the case on to a desk or a colleague."""
    action = _transfer(request, service, account, case_id, to)
    return await act(request, service, account, case_id, action, "transferred", "transferred", to=to)


@router.post("/ask-expert")
async def ask_expert(
    request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, question: Text = ""
) -> Response:
    """Ask the permit expert for help; the case stays where it is."""
    action = service.parts.cases.ask_expert(case_id, account, question)
    return await act(request, service, account, case_id, action, "consult_asked", "consult", question=question)


@router.post("/answer-consult")
async def answer_consult(
    request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, reply: Text = ""
) -> Response:
    """Answer a colleague who asked for help."""
    action = service.parts.cases.answer_consult(case_id, account, reply)
    return await act(request, service, account, case_id, action, "consult_answered", "consult_answer", reply=reply)


@router.post("/note")
async def note(request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, note: Text = "") -> Response:
    """A private note."""
    action = service.parts.cases.note(case_id, account, note)
    return await act(request, service, account, case_id, action, "noted", "note", note=note)


@router.post("/resolve")
async def resolve(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    case_id: CaseId,
    outcome: Text = "",
    topic: Text = "",
    detail: Text = "",
) -> Response:
    """Close the case with what came of it."""
    action = _resolve(service, account, case_id, outcome, topic, detail)
    typed = {"outcome": outcome, "topic": topic, "detail": detail}
    return await act(request, service, account, case_id, action, "resolved", "resolved", **typed)


@router.post("/write")
async def write(
    request: Request, account: CurrentAccount, service: TheService, case_id: CaseId, words: Text = "", once: Text = ""
) -> Response:
    """Words to the newcomer. ``once`` is the number of the form: sent twice, the words are stored once."""
    language = service.parts.detector.detect(words, page_language(request)).language
    action = service.parts.cases.write(case_id, account, words, language, f"desk-{once[:40]}" if once.isalnum() else None)
    if "HX-Request" not in request.headers:
        return await act(request, service, account, case_id, action, "written", None, words=words)
    try:
        await action
    except NotPossible as problem:
        return _writing_box(request, case_id, words, problem.problem, _status(problem))
    response = _writing_box(request, case_id, "", None, HTTPStatus.OK)
    response.headers["HX-Trigger"] = "case-changed"
    return response


async def _transfer(request: Request, service: Service, account: Account, case_id: int, to: str) -> None:
    async with service.database.session() as session:
        case = await visible_case(session, case_id, account)
        destination = await find_destination(session, account, to)
    if destination is None:
        raise NotPossible("destination_missing")
    name = desk_name(destination.desk, case.language, service.parts.guide.content.municipalities)
    await service.parts.cases.transfer(case_id, account, destination.desk, name, destination.account)


async def _resolve(service: Service, account: Account, case_id: int, outcome: str, topic: str, detail: str) -> None:
    if topic and topic not in service.parts.guide.content.topics:
        raise NotPossible("topic_unknown")
    if len(detail) > LONGEST_DETAIL or "\x00" in detail:
        raise NotPossible("words_empty_or_long")
    await service.parts.cases.resolve(case_id, account, outcome, topic or None, detail.strip() or None)


def _status(problem: NotPossible) -> int:
    typed_wrong = problem.problem in get_args(TypedWrong)
    return HTTPStatus.UNPROCESSABLE_ENTITY if typed_wrong else HTTPStatus.CONFLICT


async def _has_just_done(service: Service, account: Account, case_id: int, event: EventKind | None) -> bool:
    """Whether the last thing in the timeline is what was asked for, by the same person."""
    newest = select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.id.desc()).limit(1)
    async with service.database.session() as session:
        last = await session.scalar(newest)
    if last is None or (last.kind, last.account_id) != (event, account.id):
        return False
    return service.parts.now() - last.at < PRESSED_TWICE


async def _where_to(service: Service, account: Account, case_id: int, done: str) -> str:
    """The case, or the queue when the case is out of sight now."""
    try:
        async with service.database.session() as session:
            await visible_case(session, case_id, account)
    except UnknownCase:
        return f"{START}?done={done}"
    return f"{START}/cases/{case_id}?done={done}"


def _writing_box(request: Request, case_id: int, words: str, problem: str | None, status: int) -> Response:
    return page(
        request,
        "case_write.html",
        status,
        case_id=case_id,
        words=words,
        problem=problem,
        focus=True,
        once=secrets.token_hex(12),
        longest=LONGEST_WORDS,
    )
