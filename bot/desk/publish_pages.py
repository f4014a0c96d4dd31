"""The page on which content is published: a button, how far it is, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.api import TheService
from bot.desk.answer_list import standing
from bot.desk.answer_pages import broken_files, content_values
from bot.desk.audit import record
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page
from bot.desk.publishing import Attempt
from bot.service import Service
from knowledge.load import Content
from knowledge.published import current_id

router = APIRouter(prefix="/answers")

OF_ANSWER = re.compile(r"(?:^|/)answers/[^/:]+/(?P<id>[a-z][a-z0-9_]*)\.yml")


@dataclass(frozen=True)
class Stopped:
    """One thing that stopped publishing, or would be worse after it, with the answers to look at."""

    text: str
    answers: list[str]


@router.get("/publish-now")
async def publish_page(request: Request, service: TheService) -> Response:
    """What would go live, the button, and the last attempt."""
    content = await service.answers.content()
    shown = {**_state(service, content), **content_values(request, service, content)}
    return page(request, "publish.html", broken=broken_files(content), **shown)


@router.get("/publish-state")
async def publish_state(request: Request, service: TheService) -> Response:
    """The part of the page that changes while somebody publishes, until newcomers see what was published."""
    content = await service.answers.content()
    state = _state(service, content)
    state["running"] |= current_id(service.settings.snapshot_dir) != service.parts.guide.manifest.id
    return page(request, "publish_state.html", **state, **content_values(request, service, content))


@router.post("/publish-now")
async def publish(
    request: Request, account: CurrentAccount, service: TheService, confirm: Annotated[str, Form()] = ""
) -> Response:
    """Begin to publish. When somebody else does already, the page shows that one."""
    now = service.parts.now()
    confirmed = confirm == "yes"
    async with service.database.write() as session:
        if service.publishing.start(account.role, confirmed, now):
            record(session, now, account, "publish_started", detail="confirmed" if confirmed else None)
    return RedirectResponse("/desk/answers/publish-now", HTTPStatus.SEE_OTHER)


def _state(service: Service, content: Content) -> dict[str, Any]:
    now, live = service.publishing.standing(), service.parts.guide.content
    attempt = now.attempt
    return {
        "changed": [answer for answer in content.answers.values() if standing(answer, live) != "live"],
        "gone": [name for name in live.answers if name not in content.answers],
        "running": now.running,
        "attempt": attempt,
        "problems": [Stopped(str(each), _answers_in(str(each))) for each in attempt.listed("problems")] if attempt else [],
        "twins": [_of_twin(each) for each in attempt.listed("twins")] if attempt else [],
        "worse": [_of_worse(each) for each in attempt.listed("worse")] if attempt else [],
        "may_confirm": attempt is not None and _may_confirm(attempt),
    }


def _may_confirm(attempt: Attempt) -> bool:
    """Whether nothing but questions that got worse stood in the way."""
    unpublished = attempt.outcome is not None and not attempt.outcome["published"]
    return unpublished and bool(attempt.listed("worse")) and not attempt.listed("problems") and not attempt.listed("twins")


def _answers_in(text: str) -> list[str]:
    return list(dict.fromkeys(OF_ANSWER.findall(text)))


def _of_twin(told: Any) -> Stopped:
    if not isinstance(told, dict):
        return Stopped(str(told), _answers_in(str(told)))
    return Stopped(str(told.get("question", "")), _identifiers([told.get("answer")]))


def _of_worse(told: Any) -> Stopped:
    if not isinstance(told, dict):
        return Stopped(str(told), [])
    answers = told.get("answers")
    return Stopped(str(told.get("question", "")), _identifiers(answers if isinstance(answers, list) else []))


def _identifiers(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value)]
