"""The form of an answer: what it looks like while it is written, who else has it open, and the saving."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.channels.web.api import TheService
from bot.desk.accounts import Account
from bot.desk.answer_fields import Data, Fields, blank_fields, changed, fields_of, groups_of, languages_of, rows_of
from bot.desk.answer_folder import AnswerFiles
from bot.desk.answer_list import months_later
from bot.desk.answer_pages import AnswerId, Text, content_values, known_answer, today
from bot.desk.answer_problems import Told, tell
from bot.desk.answer_saving import ChangedMeanwhile, Proposal, data_in, fingerprint_of, propose, save
from bot.desk.answer_view import see_proposed
from bot.desk.gate import CurrentAccount
from bot.desk.open_forms import SIGN_EVERY_SECONDS
from bot.desk.pages import page
from bot.desk.words import word
from bot.service import Service
from knowledge.load import Content
from knowledge.model import CURATED_LANGUAGES, EASY_FINNISH, LANGUAGES, Audience, Topic

router = APIRouter(prefix="/answers")

FormText = Annotated[str, Form()]

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,79}")


@dataclass(frozen=True)
class Edited:
    """The form of one answer: its files, and what somebody typed."""

    identifier: str
    files: AnswerFiles
    given: Mapping[str, str]
    topic: Topic | None = None
    """Of an answer that does not exist yet."""
    more: str | None = None
    """A language that is added to the form."""

    @property
    def address(self) -> str:
        return "/desk/answers/new-answer" if self.topic else f"/desk/answers/{self.identifier}/edit"

    @property
    def preview_address(self) -> str:
        return "/desk/answers/preview-new" if self.topic else f"/desk/answers/{self.identifier}/preview"

    def change(self, account: Account, service: Service) -> Any:
        """The change that the form makes to the data of the files."""

        def work(answer: Data, twin: Data) -> tuple[Data, Data]:
            if self.topic:
                soon = months_later(today(service), service.settings.review_months)
                answer, twin = _blank(self.identifier, self.topic, soon), {"id": self.identifier}
            return changed(answer, twin, self.given, account.role, today(service))

        return work


@router.get("/{answer_id}/edit")
async def edit(request: Request, account: CurrentAccount, service: TheService, answer_id: AnswerId, more: Text = "") -> Response:
    """The form with what the files say."""
    edited = await _edited(service, answer_id, {}, more)
    return await _form_page(request, service, account, edited)


@router.post("/{answer_id}/edit")
async def save_edited(
    request: Request, account: CurrentAccount, service: TheService, answer_id: AnswerId, began: FormText = "", more: FormText = ""
) -> Response:
    """Save what the form says, unless that brings an error, or somebody else has saved meanwhile."""
    return await _save(request, service, account, await _edited(service, answer_id, await _given(request), more), began)


@router.post("/{answer_id}/preview")
async def preview(
    request: Request, account: CurrentAccount, service: TheService, answer_id: AnswerId, place: FormText = "", more: FormText = ""
) -> Response:
    """What newcomers would see, and what is wrong at which field."""
    return await _preview(request, service, account, await _edited(service, answer_id, await _given(request), more), place)


@router.post("/{answer_id}/open-form")
async def form_is_open(
    request: Request, account: CurrentAccount, service: TheService, answer_id: AnswerId, known: FormText = ""
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
    problem = _why_not(content, id, topic)
    if problem is None and (id in content.answers or id in content.boundaries or service.answers.files(id)):
        problem = "id_taken"
    if problem is not None:
        values = {"id": id, "topic": topic, "problem": problem, "example": example, "spoken": spoken}
        return await _first_step(request, service, HTTPStatus.UNPROCESSABLE_ENTITY, **values)
    return await _form_page(request, service, account, _new(service, content, id, topic, asked))


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
    problem = _why_not(content, id, topic)
    if problem is not None:
        return await _first_step(request, service, HTTPStatus.UNPROCESSABLE_ENTITY, id=id, topic=topic, problem=problem)
    given = await _given(request)
    if service.answers.files(id):
        return await _save(request, service, account, await _edited(service, id, given, ""), began)
    return await _save(request, service, account, _new(service, content, id, topic, given), began)


@router.post("/preview-new")
async def preview_new(
    request: Request, account: CurrentAccount, service: TheService, id: FormText = "", topic: FormText = "", place: FormText = ""
) -> Response:
    """What newcomers would see of an answer that does not exist yet."""
    content = await service.answers.content()
    if _why_not(content, id, topic) is not None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _preview(request, service, account, _new(service, content, id, topic, await _given(request)), place)


async def _given(request: Request) -> Fields:
    """Every field of the form that is text; boxes of one name are put together."""
    form = await request.form()
    given: Fields = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            given[name] = f"{given[name]},{value}" if name == "audience" and name in given else value
    return given


async def _edited(service: Service, answer_id: str, given: Mapping[str, str], more: str) -> Edited:
    """The form of an answer that exists. Raises ``HTTPException`` 404, and ``CannotEdit``."""
    files = service.answers.files(answer_id)
    if files is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Edited(answer_id, files, given, more=more if more in LANGUAGES else None)


def _new(service: Service, content: Content, identifier: str, topic: str, given: Mapping[str, str]) -> Edited:
    files = service.answers.new_files(content.topics[topic].group, identifier)
    more = next((code for code in LANGUAGES if f"{code}.title" in given and code not in CURATED_LANGUAGES), None)
    return Edited(identifier, files, given, content.topics[topic], more)


def _why_not(content: Content, identifier: str, topic: str) -> str | None:
    """Why there can be no answer of this id and topic."""
    if topic not in content.topics:
        return "topic_unknown"
    return None if IDENTIFIER.fullmatch(identifier) else "id_wrong"


async def _save(request: Request, service: Service, account: Account, edited: Edited, began: str) -> Response:
    proposal = await propose(service.answers, edited.files, edited.change(account, service), today(service))
    here = f"/desk/answers/{edited.identifier}"
    if not proposal.texts:
        await service.open_forms.close(edited.identifier, account)
        return RedirectResponse(f"{here}?done=unchanged", HTTPStatus.SEE_OTHER)
    if fingerprint_of(edited.files) != began:
        return await _form_page(request, service, account, edited, proposal, conflict=True)
    if proposal.stopping:
        return await _form_page(request, service, account, edited, proposal)
    message = word(account.language, "commit.new" if edited.topic else "commit.edited", id=edited.identifier)
    what = "answer_added" if edited.topic else "answer_edited"
    try:
        done = await save(service.answers, service.database, proposal, account, service.parts.now(), what, message)
    except ChangedMeanwhile:
        again = replace(edited, files=service.answers.files(edited.identifier) or edited.files, topic=None)
        proposal = await propose(service.answers, again.files, again.change(account, service), today(service))
        return await _form_page(request, service, account, again, proposal, conflict=True)
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
        told=_told(service, account, proposal, groups),
        **content_values(request, service, proposal.content),
    )


async def _form_page(
    request: Request,
    service: Service,
    account: Account,
    edited: Edited,
    proposal: Proposal | None = None,
    conflict: bool = False,
) -> Response:
    """The form: as the files are, or after a saving that did not come about."""
    tried = proposal is not None
    proposal = proposal or await propose(service.answers, edited.files, edited.change(account, service), today(service))
    content = proposal.content
    fields = fields_of(proposal.answer, proposal.twin)
    languages = languages_of(proposal.answer, edited.more)
    fields |= {name: fields.get(name, "") for code in languages for name in blank_fields(code)}
    groups = groups_of(fields)
    others = [] if edited.topic else await service.open_forms.open(edited.identifier, account, service.parts.now())
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY if tried else HTTPStatus.OK
    saved = fields_of(*data_in(edited.files)) if conflict else {}
    return page(
        request,
        "answer_edit.html",
        status,
        edited=edited,
        began=fingerprint_of(edited.files),
        fields=fields,
        languages=languages,
        told=_told(service, account, proposal, groups),
        tried=tried,
        conflict=conflict,
        differences=[name for name in {**saved, **fields} if saved.get(name, "") != fields.get(name, "")] if conflict else [],
        saved=saved,
        others=others,
        every=SIGN_EVERY_SECONDS,
        audiences=list(Audience),
        rows=lambda name: rows_of(fields, name),
        label=partial(_label, account.language),
        **content_values(request, service, content),
    )


async def _first_step(request: Request, service: Service, status: int = HTTPStatus.OK, **values: object) -> Response:
    content = await service.answers.content()
    usual = {"id": "", "topic": "", "problem": None, "example": "", "spoken": "fi"}
    return page(request, "answer_new.html", status, **{**usual, **values}, **content_values(request, service, content))


def _told(service: Service, account: Account, proposal: Proposal, groups: list[str]) -> dict[str, list[Told]]:
    texts = {**proposal.files.texts, **proposal.texts}
    told = tell(proposal.problems, proposal.stopping, texts, service.answers.root, groups, account.language)
    return {group: [each for each in told if each.field == group] for group in ("", *groups)}


def _label(language: str, name: str) -> str:
    """What a field is called outside of the form: with its language."""
    first, _, rest = name.partition(".")
    if first == "twin":
        kind, _, spoken = rest.partition(".")
        return f"{word(language, f'answer_field.{kind}')} ({spoken})"
    if first in ("fi", EASY_FINNISH) or first in LANGUAGES:
        return f"{word(language, 'answer_field.' + rest.partition('.')[0])} ({first})"
    return word(language, f"answer_field.{first}")


def _blank(identifier: str, topic: Topic, review_by: dt.date) -> Data:
    """What is known of a new answer before anybody has written anything."""
    return {
        "id": identifier,
        "topic": topic.id,
        "audience": ["person"],
        "expert": "own_case" if topic.expert else "never",
        "importance": "useful",
        "status": "draft",
        "review_by": review_by,
        "sources": [],
        **{language: {"title": "", "answer": "", "examples": []} for language in CURATED_LANGUAGES},
    }
