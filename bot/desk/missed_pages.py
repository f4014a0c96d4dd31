"""The pages of missed questions: the groups, one group, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.channels.web.api import TheService
from bot.curation.groups import Group, Reading
from bot.curation.kinds import REASONS
from bot.desk.accounts import Account
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page, page_language
from bot.desk.showing import wording
from bot.language import direction
from bot.service import Service
from bot.showing import shown_version
from knowledge.model import Answer

router = APIRouter(prefix="/missed")

ON_A_PAGE = 20
MEMBERS_SHOWN = 200
"""Of a group. What is decided concerns those that are shown; the rest are a group of their own afterwards."""

LARGEST_PAGE = 10_000
DONE = ("attached", "dismissed", "put_back", "gone")
"""What the list can say was done."""

PageNumber = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Titled:
    """An answer as the desk names it."""

    id: str
    title: str
    known: bool


@router.get("")
async def all_groups(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    number: Annotated[PageNumber, Query(alias="page")] = 1,
    done: str = "",
    count: Annotated[int, Query(ge=0, le=LARGEST_PAGE)] = 0,
) -> Response:
    """The groups, a page at a time; or how far reading has come, while many questions are new."""
    found = await service.missed_groups.look(account)
    if isinstance(found, Reading):
        return page(request, "missed_reading.html", reading=found)
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    rows = [(group, await _suggested(service, account, group)) for group in shown]
    return page(
        request,
        "missed.html",
        rows=rows,
        groups=len(found),
        questions=sum(group.count for group in found),
        number=number,
        more=number * ON_A_PAGE < len(found),
        done=done if done in DONE and count else None,
        count=count,
        **words_of(request, service),
    )


@router.get("/decided")
async def decided(
    request: Request,
    account: CurrentAccount,
    service: TheService,
    number: Annotated[PageNumber, Query(alias="page")] = 1,
) -> Response:
    """What was decided, the last first; from here a question can be put back."""
    found = await service.missed.decided(account)
    first = (number - 1) * ON_A_PAGE
    rows = [(each, titled(service, account, each.answer_id)) for each in found[first : first + ON_A_PAGE]]
    more = first + ON_A_PAGE < len(found)
    return page(request, "missed_decided.html", rows=rows, number=number, more=more, **words_of(request, service))


@router.get("/questions/{key}")
async def one_group(request: Request, account: CurrentAccount, service: TheService, key: Key) -> Response:
    """The group in which a question is, with everything that can be decided on it."""
    found = await service.missed_groups.look(account)
    if isinstance(found, Reading):
        return page(request, "missed_reading.html", reading=found)
    group = next((group for group in found if any(missed.key == key for missed in group.members)), None)
    if group is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return await group_page(request, service, account, group)


async def group_page(
    request: Request,
    service: Service,
    account: Account,
    group: Group,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The page of a group, with what was wrong with what was asked of it."""
    return page(
        request,
        "missed_group.html",
        status,
        group=group,
        members=group.members[:MEMBERS_SHOWN],
        suggested=await _suggested(service, account, group),
        not_helping=[titled(service, account, name) for name, _ in group.not_helping.most_common(5)],
        topics=answers_by_topic(service, account),
        reasons=REASONS,
        problem=problem,
        **words_of(request, service),
    )


def words_of(request: Request, service: Service) -> dict[str, Any]:
    """What these pages say things with."""
    language = page_language(request)
    known = wording(language, service.parts.guide.content, service.parts.now())
    return {**known, "dir_of": direction, "lang_code": language}


def titled(service: Service, account: Account, answer_id: str | None) -> Titled | None:
    """An answer, or what stands in the place of one that is not there any more."""
    if answer_id is None:
        return None
    answer = service.parts.guide.content.answers.get(answer_id)
    return Titled(answer_id, title_of(answer, account) if answer else answer_id, answer is not None)


def title_of(answer: Answer, account: Account) -> str:
    """The title in the language of whoever reads it."""
    return shown_version(answer, account.language)[1].title


def answers_by_topic(service: Service, account: Account) -> list[tuple[str, list[Titled]]]:
    """Every answer under its topic, in the order of the topics, by title."""
    content = service.parts.guide.content
    listed: dict[str, list[Titled]] = {topic: [] for topic in content.topics}
    for answer in content.answers.values():
        listed.setdefault(answer.topic, []).append(Titled(answer.id, title_of(answer, account), True))
    names = {topic.id: topic.name.in_language(account.language) for topic in content.topics.values()}
    return [
        (names.get(topic, topic), sorted(answers, key=lambda each: each.title.casefold()))
        for topic, answers in listed.items()
        if answers
    ]


async def _suggested(service: Service, account: Account, group: Group) -> list[Titled]:
    content = service.parts.guide.content
    names = await service.missed_groups.suggestions(group)
    return [Titled(name, title_of(content.answers[name], account), True) for name in names if name in content.answers]
