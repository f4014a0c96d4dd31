"""The form of one answer: what it changes, and its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.desk.accounts import Account
from bot.desk.answer_fields import Data, Fields, blank_fields, changed, fields_of, groups_of, languages_of, rows_of
from bot.desk.answer_folder import AnswerFiles
from bot.desk.answer_list import months_later
from bot.desk.answer_pages import content_values, today
from bot.desk.answer_problems import Told, tell
from bot.desk.answer_saving import Proposal, data_in, fingerprint_of, propose
from bot.desk.open_forms import SIGN_EVERY_SECONDS
from bot.desk.pages import page
from bot.desk.words import word
from bot.service import Service
from knowledge.load import Content
from knowledge.model import CURATED_LANGUAGES, EASY_FINNISH, IDENTIFIER, LANGUAGES, Audience, Topic


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
        return "/desk/answers/new-answer/preview" if self.topic else f"/desk/answers/{self.identifier}/preview"

    def change(self, account: Account, service: Service) -> Any:
        """The change that the form makes to the data of the files."""

        def work(answer: Data, twin: Data) -> tuple[Data, Data]:
            if self.topic:
                soon = months_later(today(service), service.settings.review_months)
                answer, twin = _blank(self.identifier, self.topic, soon), {"id": self.identifier}
            return changed(answer, twin, self.given, account.role, today(service))

        return work


async def given_in(request: Request) -> Fields:
    """Every field of the form that is text; boxes of one name are put together."""
    form = await request.form()
    given: Fields = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            given[name] = f"{given[name]},{value}" if name == "audience" and name in given else value
    return given


async def edited_form(service: Service, answer_id: str, given: Mapping[str, str], more: str) -> Edited:
    """The form of an answer that exists. Raises ``HTTPException`` 404, and ``CannotEdit``."""
    files = service.answers.files(answer_id)
    if files is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Edited(answer_id, files, given, more=more if more in LANGUAGES else None)


def new_form(service: Service, content: Content, identifier: str, topic: str, given: Mapping[str, str]) -> Edited:
    files = service.answers.new_files(content.topics[topic].group, identifier)
    more = next((code for code in LANGUAGES if f"{code}.title" in given and code not in CURATED_LANGUAGES), None)
    return Edited(identifier, files, given, content.topics[topic], more)


def why_not(content: Content, identifier: str, topic: str) -> str | None:
    """Why there can be no answer of this id and topic."""
    if topic not in content.topics:
        return "topic_unknown"
    return None if IDENTIFIER.fullmatch(identifier) else "id_wrong"


async def form_page(
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
        codes=languages,
        told=told_at(service, account, proposal, groups),
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


def told_at(service: Service, account: Account, proposal: Proposal, groups: list[str]) -> dict[str, list[Told]]:
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
