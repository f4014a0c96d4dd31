"""The pages on which answers are found, looked at, and reviewed."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.channels.web.api import TheService
from bot.desk.answer_list import (
    Filters,
    find_answers,
    guide_finds,
    standing,
    title_in,
)
from bot.desk.answer_view import day_of, moment_of, places_of, see
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page, page_language
from bot.desk.showing import wording
from bot.desk.words import word
from bot.opening import FINLAND
from bot.service import Service
from knowledge.load import Content
from knowledge.model import EASY_FINNISH, LANGUAGES, Answer, ExpertRole, Importance, Status
from knowledge.problems import Severity

router = APIRouter(prefix="/answers")
"""Parts of addresses that are no answers have a hyphen, which no id has. This router comes last: it takes every address."""

Text = Annotated[str, Query(max_length=300)]

ON_A_PAGE = 100

READABLE = (*LANGUAGES[:1], EASY_FINNISH, *LANGUAGES[1:])
CHOICES = {"importance": Importance, "status": Status, "expert": ExpertRole}
SAVED = ("committed", "no_git", "not_committed", "unchanged")
"""What the page of an answer can say was done."""


@router.get("")
async def answers(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    words: Text = "",
    topic: Text = "",
    importance: Text = "",
    status: Text = "",
    language: Text = "",
    without: Text = "",
    overdue: Text = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """The list, narrowed by the filters; with words also what the guide finds for them as a question."""
    content = await service.answers.content()
    filters = Filters(words, topic, importance, status, language, without, bool(overdue))
    found = find_answers(content, filters, account.language, today(service))
    asked = words.replace("\x00", " ").strip()
    return page(
        request,
        "answers.html",
        filters=filters,
        found=found[start : start + ON_A_PAGE],
        count=len(found),
        start=start,
        older=start + ON_A_PAGE if start + ON_A_PAGE < len(found) else None,
        before=max(0, start - ON_A_PAGE) if start else None,
        query=urlencode({name: value for name, value in request.query_params.items() if name != "start"}),
        by_guide=await guide_finds(service.parts.guide, content, asked) if asked and not start else [],
        broken=broken_files(content),
        **content_values(request, service, content),
    )


@router.get("/{answer_id}")
async def one_answer(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    answer_id: str,
    language: Text = "",
    on: Text = "",
    municipality: Text = "",
    done: str = "",
) -> Response:
    """The answer as newcomers see it."""
    content = await service.answers.content()
    answer = known_answer(content, answer_id)
    now = service.parts.now()
    day = day_of(on) or today(service)
    place = municipality if municipality in content.municipalities else None
    chosen = language if language in answer.readable() else account.language
    try:
        seen = see(answer, content, chosen, moment_of(day, now), place)
    except KeyError:
        seen = None
    return page(
        request,
        "answer.html",
        answer=answer,
        seen=seen,
        as_of=day,
        today=today(service),
        municipality=place,
        chosen=chosen,
        places=places_of(answer, content),
        done=done if done in SAVED else None,
        **content_values(request, service, content),
    )


def known_answer(content: Content, answer_id: str) -> Answer:
    """The answer. Raises ``HTTPException`` 404 when there is none that can be read."""
    if answer_id not in content.answers:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return content.answers[answer_id]


def broken_files(content: Content) -> list[str]:
    """The files that have errors of form."""
    return sorted({problem.path for problem in content.problems if problem.severity is Severity.error})


def today(service: Service) -> dt.date:
    """The day in Finland."""
    return service.parts.now().astimezone(FINLAND).date()


def content_values(request: Request, service: Service, content: Content) -> dict[str, Any]:
    """What every page about answers needs."""
    language = page_language(request)
    live = service.parts.guide.content
    words = wording(language, live, service.parts.now())

    def readable_name(code: str) -> str:
        return word(language, "answers.easy_finnish") if code == EASY_FINNISH else str(words["language_name"](code))

    def topic_name(topic: str) -> str:
        known = content.topics.get(topic)
        return known.name.in_language(language) if known else topic

    return {
        **words,
        "content": content,
        "topic_name": topic_name,
        "group_of": lambda topic: content.topics[topic].group if topic in content.topics else "",
        "choices": {
            "topic": [(topic, topic_name(topic)) for topic in sorted(content.topics, key=topic_name)],
            "language": [(code, readable_name(code)) for code in READABLE],
            **{
                name: [(each.value, word(language, f"answer_{name}.{each}")) for each in values]
                for name, values in CHOICES.items()
            },
        },
        "readable_languages": READABLE,
        "day_text": words["day"],
        "readable_name": readable_name,
        "title_of": lambda answer: title_in(answer, language),
        "standing": lambda answer: standing(answer, live),
        "overdue": lambda answer: answer.review_by < today(service),
    }
