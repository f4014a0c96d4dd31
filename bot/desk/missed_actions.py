"""What is decided on missed questions. Every decision is a form; after it the browser is sent on to a page that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.api import TheService
from bot.curation.attaching import CannotAttach, Example, Weighed, fingerprint, without_marks
from bot.curation.groups import Reading
from bot.curation.kinds import Reason
from bot.curation.missed import Missed
from bot.desk.accounts import Account
from bot.desk.gate import CurrentAccount
from bot.desk.missed_pages import group_page, titled, words_of
from bot.desk.pages import page
from bot.service import Service
from knowledge.model import LANGUAGES

router = APIRouter(prefix="/missed")

MOST_EXAMPLES = 10
"""Examples that are written at a time. The other questions are decided on all the same."""

LONGEST_EXAMPLE = 300

LIST = "/desk/missed"
NEW_ANSWER = "/desk/answers/new-answer"

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form(default_factory=list)]


@dataclass(frozen=True)
class Row:
    """A question that may be written as an example, as it stands in the form."""

    text: str
    language: str
    write: bool


@router.post("/attach/check")
async def weigh(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    member: Texts,
    group: Text = "",
    answer: Text = "",
    other: Text = "",
) -> Response:
    """What would be written, and what it would spoil. Nothing is written yet."""
    chosen = other or answer
    if not member or chosen not in service.parts.guide.content.answers:
        return await _group_again(request, service, account, group, "nothing_ticked" if not member else "no_answer")
    found = await _still_open(service, account, member)
    if not found:
        return _gone()
    rows = _rows_of(found)
    weighed = await service.attaching.weigh(chosen, _examples(rows))
    return _attach_page(request, service, account, found, chosen, rows, weighed)


@router.post("/attach")
async def attach(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    member: Texts,
    text: Texts,
    in_language: Texts,
    write: Annotated[list[int], Form(default_factory=list)],
    answer: Text = "",
    shown: Text = "",
) -> Response:
    """Write the examples, unless they spoil something that was not ``shown``, and settle the questions."""
    found = await _still_open(service, account, member)
    if not found or answer not in service.parts.guide.content.answers:
        return _gone()
    pairs = list(zip(text, in_language, strict=False))[:MOST_EXAMPLES]
    rows = [Row(words[:LONGEST_EXAMPLE], language, place in write) for place, (words, language) in enumerate(pairs)]
    examples = _examples(rows)
    weighed = await service.attaching.weigh(answer, examples)
    harm = fingerprint(weighed)
    if harm and harm != shown:
        return _attach_page(request, service, account, found, answer, rows, weighed, status=HTTPStatus.CONFLICT)
    try:
        if examples:
            await service.attaching.write(answer, examples, account.role)
    except CannotAttach as error:
        wrong = HTTPStatus.UNPROCESSABLE_ENTITY
        return _attach_page(request, service, account, found, answer, rows, weighed, error.problem, wrong)
    keys = [missed.key for missed in found]
    return _done("attached", await service.missed.decide(keys, account, service.parts.now(), "attached", answer_id=answer))


@router.post("/begin")
async def begin(request: Request, account: CurrentAccount, service: TheService, member: Texts, group: Text = "") -> Response:
    """Begin a new answer: its form gets the first question as an example."""
    if not member:
        return await _group_again(request, service, account, group, "nothing_ticked")
    found = await _still_open(service, account, member)
    if not found:
        return _gone()
    await service.missed.decide([missed.key for missed in found], account, service.parts.now(), "begun")
    row = next((row for row in _rows_of(found) if row.write), Row("", "fi", False))
    return RedirectResponse(f"{NEW_ANSWER}?{urlencode({'example': row.text, 'spoken': row.language})}", HTTPStatus.SEE_OTHER)


@router.post("/dismiss")
async def dismiss(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    member: Texts,
    reason: Annotated[Reason | None, Form()] = None,
    group: Text = "",
) -> Response:
    """Nothing is to be done, for a reason."""
    if not member or reason is None:
        return await _group_again(request, service, account, group, "nothing_ticked" if not member else "no_reason")
    return _done("dismissed", await service.missed.decide(member, account, service.parts.now(), "dismissed", reason=reason))


@router.post("/put-back")
async def put_back(account: CurrentAccount, service: TheService, member: Texts) -> Response:
    """Forget a decision: the questions stand in the list again."""
    return _done("put_back", await service.missed.put_back(member, account, service.parts.now()))


async def _still_open(service: Service, account: Account, keys: Sequence[str]) -> list[Missed]:
    """The questions that were ticked, in their order in the form, without those that were decided on meanwhile."""
    known = {missed.key: missed for missed in await service.missed.open(account)}
    return [known[key] for key in dict.fromkeys(keys) if key in known]


def _rows_of(found: Sequence[Missed]) -> list[Row]:
    """The first questions as examples. Of each language one is to be written, unless somebody wishes for more."""
    rows: list[Row] = []
    for missed in found[:MOST_EXAMPLES]:
        language = missed.language if missed.language in LANGUAGES else "en"
        text = without_marks(missed.text)[:LONGEST_EXAMPLE]
        rows.append(Row(text, language, bool(text) and all(row.language != language for row in rows if row.write)))
    return rows


def _examples(rows: Sequence[Row]) -> list[Example]:
    return [Example(row.text, row.language) for row in rows if row.write]


def _attach_page(
    request: Request,
    service: Service,
    account: Account,
    found: Sequence[Missed],
    answer: str,
    rows: Sequence[Row],
    weighed: Sequence[Weighed],
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    harms = {each.example.text: [(harm, titled(service, account, harm.rival)) for harm in each.harms] for each in weighed}
    return page(
        request,
        "missed_attach.html",
        status,
        members=found,
        answer=titled(service, account, answer),
        rows=rows,
        harms=harms,
        shown=fingerprint(weighed),
        problem=problem,
        codes=LANGUAGES,
        **words_of(request, service),
    )


async def _group_again(request: Request, service: Service, account: Account, key: str, problem: str) -> Response:
    """The page of the group once more, saying what is missing."""
    found = await service.missed_groups.look(account)
    groups = [] if isinstance(found, Reading) else found
    group = next((group for group in groups if any(missed.key == key for missed in group.members)), None)
    if group is None:
        return _gone()
    return await group_page(request, service, account, group, problem, HTTPStatus.UNPROCESSABLE_ENTITY)


def _done(done: str, count: int) -> Response:
    return RedirectResponse(f"{LIST}?done={done}&count={count}", HTTPStatus.SEE_OTHER) if count else _gone()


def _gone() -> Response:
    """Somebody was quicker, or a button was pressed twice."""
    return RedirectResponse(f"{LIST}?done=gone&count=1", HTTPStatus.SEE_OTHER)
