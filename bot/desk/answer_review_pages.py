"""The review queue: what is overdue, due soon, or a draft, and the button that says that an answer is still right."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.api import TheService
from bot.desk.answer_fields import Data, set_reviewed
from bot.desk.answer_list import months_later, review_queue
from bot.desk.answer_pages import SAVED, content_values, known_answer, today
from bot.desk.answer_problems import words_of
from bot.desk.answer_saving import ChangedMeanwhile, fingerprint_of, propose, save
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page
from bot.desk.words import word
from bot.service import Service
from knowledge.editing import CannotEdit

router = APIRouter(prefix="/answers")

IN_REVIEW = 30
"""How many answers of each kind the page shows."""


@router.get("/review-queue")
async def review(request: Request, account: CurrentAccount, service: TheService, done: str = "") -> Response:
    """What is overdue, what is due soon, and the drafts."""
    return await _review_page(request, service, account.language, done=done if done in SAVED else None)


@router.post("/{answer_id}/still-right")
async def still_right(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    answer_id: str,
    began: Annotated[str, Form()] = "",
    read: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Say that the answer is still right. ``read`` are the addresses of the sources that the person has read."""
    known_answer(await service.answers.content(), answer_id)
    day = today(service)

    def change(answer: Data, twin: Data) -> tuple[Data, Data]:
        set_reviewed(answer, account.role, day)
        answer["review_by"] = months_later(day, service.settings.review_months)
        for source in answer["sources"]:
            if source["url"] in (read or []):
                source["checked_on"] = day
        return answer, twin

    try:
        files = service.answers.files(answer_id)
        if files is None or fingerprint_of(files) != began:
            raise ChangedMeanwhile
        proposal = await propose(service.answers, files, change, day)
        if proposal.stopping:
            told = [words_of(each, account.language, with_place=False) for each in proposal.stopping]
            return await _review_page(
                request, service, account.language, HTTPStatus.UNPROCESSABLE_ENTITY, stopped=answer_id, told=told
            )
        message = word(account.language, "commit.still_right", id=answer_id)
        now = service.parts.now()
        done = await save(service.answers, service.database, proposal, account, now, "answer_still_right", message)
    except (ChangedMeanwhile, CannotEdit):
        return await _review_page(request, service, account.language, HTTPStatus.CONFLICT, stopped=answer_id)
    return RedirectResponse(f"/desk/answers/review-queue?done={done}", HTTPStatus.SEE_OTHER)


async def _review_page(
    request: Request, service: Service, language: str, status: int = HTTPStatus.OK, **values: object
) -> Response:
    content = await service.answers.content()
    queue = review_queue(content, language, today(service))
    began = {}
    for answer in (*queue.overdue[:IN_REVIEW], *queue.soon[:IN_REVIEW], *queue.drafts[:IN_REVIEW]):
        try:
            files = service.answers.files(answer.id)
        except (CannotEdit, OSError):
            files = None
        began[answer.id] = fingerprint_of(files) if files else ""
    return page(
        request,
        "answer_review.html",
        status,
        lists=[("overdue", queue.overdue), ("soon", queue.soon), ("drafts", queue.drafts)],
        most=IN_REVIEW,
        began=began,
        months=service.settings.review_months,
        **{"done": None, "stopped": None, "told": [], **values},
        **content_values(request, service, content),
    )
