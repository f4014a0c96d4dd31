"""The form of an answer: what it looks like while it is written, who else has it open, and the saving."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.answer_fields import fields_of, groups_of
from bot.desk.answer_form import Edited, edited_form, form_page, given_in, new_form, told_at, why_not
from bot.desk.answer_pages import Text, content_values, known_answer, today
from bot.desk.answer_saving import ChangedMeanwhile, fingerprint_of, propose, save
from bot.desk.answer_view import see_proposed
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page
from bot.desk.words import word
from bot.service import Service
from knowledge.model import LANGUAGES

router = APIRouter(prefix="/answers")

FormText = Annotated[str, Form()]


@router.post("/new-answer/preview")
async def preview_new(
    request: Request, account: CurrentAccount, service: TheService, id: FormText = "", topic: FormText = "", place: FormText = ""
) -> Response:
    """What newcomers would see of an answer that does not exist yet."""
    content = await service.answers.content()
    if why_not(content, id, topic) is not None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _preview(request, service, account, new_form(service, content, id, topic, await given_in(request)), place)


@router.get("/{answer_id}/edit")
async def edit(request: Request, account: CurrentAccount, service: TheService, answer_id: str, more: Text = "") -> Response:
    """The form with what the files say."""
    edited = await edited_form(service, answer_id, {}, more)
    return await form_page(request, service, account, edited)


@router.post("/{answer_id}/edit")
async def save_edited(
    request: Request, account: CurrentAccount, service: TheService, answer_id: str, began: FormText = "", more: FormText = ""
) -> Response:
    """Save what the form says, unless that brings an error, or somebody else has saved meanwhile."""
    return await _save(request, service, account, await edited_form(service, answer_id, await given_in(request), more), began)


@router.post("/{answer_id}/preview")
async def preview(
    request: Request, account: CurrentAccount, service: TheService, answer_id: str, place: FormText = "", more: FormText = ""
) -> Response:
    """What newcomers would see, and what is wrong at which field."""
    return await _preview(request, service, account, await edited_form(service, answer_id, await given_in(request), more), place)


@router.post("/{answer_id}/open-form")
async def form_is_open(
    request: Request, account: CurrentAccount, service: TheService, answer_id: str, known: FormText = ""
) -> Response:
    """The form says that it is open, and hears who else has it. ``known`` are those of whom the page tells already."""
    known_answer(await service.answers.content(), answer_id)
    others = await service.open_forms.open(answer_id, account, service.parts.now())
    if ",".join(str(other.id) for other in others) == known:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return page(request, "answer_others.html", others=others)


@router.get("/new-answer")
async def new(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    id: Text = "",
    topic: Text = "",
    example: Text = "",
    spoken: Text = "fi",
) -> Response:
    """What the new answer is called and about; then its form. ``example`` is a question that somebody asked, in ``spoken``."""
    asked = {f"{spoken}.title": "", f"{spoken}.examples": example} if example and spoken in LANGUAGES else {}
    if not id and not topic:
        return await _first_step(request, service, example=example, spoken=spoken)
    content = await service.answers.content()
    problem = why_not(content, id, topic)
    if problem is None and (id in content.answers or id in content.boundaries or service.answers.files(id)):
        problem = "id_taken"
    if problem is not None:
        values = {"id": id, "topic": topic, "problem": problem, "example": example, "spoken": spoken}
        return await _first_step(request, service, HTTPStatus.UNPROCESSABLE_ENTITY, **values)
    return await form_page(request, service, account, new_form(service, content, id, topic, asked))


@router.post("/new-answer")
async def save_new(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    id: FormText = "",
    topic: FormText = "",
    began: FormText = "",
) -> Response:
    """Save a new answer with its twin test. When somebody else has made one of this name meanwhile, both are shown."""
    content = await service.answers.content()
    problem = why_not(content, id, topic)
    if problem is not None:
        return await _first_step(request, service, HTTPStatus.UNPROCESSABLE_ENTITY, id=id, topic=topic, problem=problem)
    given = await given_in(request)
    if service.answers.files(id):
        return await _save(request, service, account, await edited_form(service, id, given, ""), began)
    return await _save(request, service, account, new_form(service, content, id, topic, given), began)


async def _save(request: Request, service: Service, account: Account, edited: Edited, began: str) -> Response:
    proposal = await propose(service.answers, edited.files, edited.change(account, service), today(service))
    here = f"/desk/answers/{edited.identifier}"
    if not proposal.texts:
        await service.open_forms.close(edited.identifier, account)
        return RedirectResponse(f"{here}?done=unchanged", HTTPStatus.SEE_OTHER)
    if fingerprint_of(edited.files) != began:
        return await form_page(request, service, account, edited, proposal, conflict=True)
    if proposal.stopping:
        return await form_page(request, service, account, edited, proposal)
    message = word(account.language, "commit.new" if edited.topic else "commit.edited", id=edited.identifier)
    what = "answer_added" if edited.topic else "answer_edited"
    try:
        done = await save(service.answers, service.database, proposal, account, service.parts.now(), what, message)
    except ChangedMeanwhile:
        again = replace(edited, files=service.answers.files(edited.identifier) or edited.files, topic=None)
        proposal = await propose(service.answers, again.files, again.change(account, service), today(service))
        return await form_page(request, service, account, again, proposal, conflict=True)
    await service.open_forms.close(edited.identifier, account)
    return RedirectResponse(f"{here}?done={done}", HTTPStatus.SEE_OTHER)


async def _preview(request: Request, service: Service, account: Account, edited: Edited, place: str) -> Response:
    proposal = await propose(service.answers, edited.files, edited.change(account, service), today(service))
    fields = fields_of(proposal.answer, proposal.twin)
    groups = groups_of(fields)
    return page(
        request,
        "answer_preview.html",
        versions=see_proposed(proposal, service.parts.now(), place if place in proposal.content.municipalities else None),
        groups=groups,
        told=told_at(service, account, proposal, groups),
        **content_values(request, service, proposal.content),
    )


async def _first_step(request: Request, service: Service, status: int = HTTPStatus.OK, **values: object) -> Response:
    content = await service.answers.content()
    usual = {"id": "", "topic": "", "problem": None, "example": "", "spoken": "fi"}
    return page(request, "answer_new.html", status, **{**usual, **values}, **content_values(request, service, content))
