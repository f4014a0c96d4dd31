"""The coverage map: topics by language and by municipality, how much of it is a draft, and where there are gaps."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.channels.web.api import TheService
from bot.desk.answer_pages import Text, content_values, today
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page
from knowledge.coverage import coverage
from knowledge.model import Importance

router = APIRouter(prefix="/answers")


@router.get("/coverage-map")
async def coverage_map(request: Request, account: CurrentAccount, service: TheService, importance: Text = "") -> Response:
    """The map of all answers, or of those of one importance."""
    content = await service.answers.content()
    map_ = coverage(content, today(service))
    chosen = importance if importance in list(Importance) else ""
    values = content_values(request, service, content)
    names = {key: each.name.get(account.language, key) for key, each in content.municipalities.items()}
    return page(
        request,
        "coverage.html",
        map=map_,
        importance=chosen,
        rows=[(topic, topic.importance[chosen] if chosen else topic.total) for topic in map_.topics],
        total=map_.importance[chosen] if chosen else map_.total,
        languages_shown=[values["readable_name"](code) for code in map_.languages],
        places=[names[key] for key in map_.municipalities],
        **values,
    )
