"""The page of the reports, and the same figures as files. Counsellors see their own municipality only."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from bot.desk.accounts import Account
from bot.desk.audit import record
from bot.desk.gate import CurrentAccount
from bot.desk.pages import page
from bot.opening import FINLAND
from bot.reports.charts import chart, shares
from bot.reports.filters import DIMENSIONS, NOT_TOLD, OUTCOMES, ReportFilters, last_twelve_months
from bot.reports.shapes import Report
from bot.reports.sheets import FACTS, Sheet, about, count_sheet, wait_sheet
from bot.reports.words import ReportWords
from bot.service import Service
from bot.texts import CHOICES

FILTERS = (*DIMENSIONS, "outcome")
KNOWN = {"language": CHOICES, "channel": ("web", "telegram"), "audience": ("person", "employer", "professional")}

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Shown:
    """A table of the page with its charts."""

    sheet: Sheet
    charts: list[Markup]


@dataclass(frozen=True)
class Section:
    """What the page tells of one fact: its tables, or why there are none."""

    name: str
    title: str
    said: str | None = None
    tables: list[Shown] = field(default_factory=list)


def report_router(service: Service) -> APIRouter:
    """``/reports``, ``/reports.csv`` and ``/reports.xlsx``."""
    router = APIRouter()

    @router.get("/reports")
    async def reports(request: Request, account: CurrentAccount) -> Response:
        try:
            filters, wrong = filters_of(request.query_params, account, service), False
        except ValidationError:
            filters, wrong = filters_of({}, account, service), True
        report = await service.reports.figures(filters)
        words = words_for(service, account.language)
        return page(
            request,
            "reports.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            wrong=wrong,
            filters=filters.model_dump(),
            choices=choices(service, account, words),
            query=urlencode(filters.model_dump(exclude_none=True)),
            about=about(report, words),
            sections=await asyncio.to_thread(sections, report, words),
        )

    @router.get("/reports.csv")
    async def take_csv(request: Request, account: CurrentAccount) -> Response:
        from bot.reports.files import as_csv  # loads the library for spreadsheets only when a report is taken

        report = await _taken(request, account, service, "csv")
        made = await asyncio.to_thread(as_csv, report, words_for(service, account.language))
        return _file(made, "text/csv; charset=utf-8", report, "csv")

    @router.get("/reports.xlsx")
    async def take_xlsx(request: Request, account: CurrentAccount) -> Response:
        from bot.reports.files import as_xlsx

        report = await _taken(request, account, service, "xlsx")
        made = await asyncio.to_thread(as_xlsx, report, words_for(service, account.language))
        return _file(made, XLSX, report, "xlsx")

    return router


def filters_of(told: Any, account: Account, service: Service) -> ReportFilters:
    """The filters that a form sent, within what the account may see. Raises ``ValidationError``.

    Raises ``HTTPException`` 403 for a counsellor who has no municipality.
    """
    usual = last_twelve_months(service.parts.now().astimezone(FINLAND).date())
    values = {name: told[name] for name in ("first", "last", *FILTERS) if told.get(name)}
    if account.role == "counsellor":
        if account.municipality is None:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        values["municipality"] = account.municipality
    return ReportFilters(**{"first": usual.first, "last": usual.last, **values})


def words_for(service: Service, language: str) -> ReportWords:
    """The words of a report, with the names that the content has now."""
    content = service.parts.guide.content
    municipalities = {key: each.name.get(language, each.name["fi"]) for key, each in content.municipalities.items()}
    topics = {key: getattr(each.name, language) for key, each in content.topics.items()}
    return ReportWords(language, municipalities, topics)


def choices(service: Service, account: Account, words: ReportWords) -> list[tuple[str, list[tuple[str, str]]]]:
    """What each filter offers, with its words."""
    content = service.parts.guide.content
    known = {**KNOWN, "municipality": tuple(content.municipalities), "topic": tuple(content.topics), "outcome": OUTCOMES}
    offered = [name for name in FILTERS if not (name == "municipality" and account.role == "counsellor")]
    untold = {"municipality", "topic", "audience"}
    return [
        (name, [(key, words.name(name, key)) for key in (*known[name], *((NOT_TOLD,) if name in untold else ()))])
        for name in offered
    ]


def sections(report: Report, words: ReportWords) -> list[Section]:
    """What the page shows of each fact, with its charts."""
    found = []
    for fact in FACTS:
        shown = []
        for table in report.tables_of(fact):
            sheet = count_sheet(table, words)
            charts = [] if table.part == "outcome" else [chart(table, words, sheet.title)]
            if table.part in ("status", "outcome", "judged"):
                charts.append(shares(table, words, sheet.title))
            shown.append(Shown(sheet, charts))
        said = None if shown else words.say(report.withheld.get(fact, "none"))
        found.append(Section(fact, words.say(fact), said, shown))
        if fact == "cases" and report.waits:
            found.append(
                Section("waits", words.say("waits"), None, [Shown(wait_sheet(each, words), []) for each in report.waits])
            )
    return found


async def _taken(request: Request, account: Account, service: Service, kind: str) -> Report:
    """The report for a file, noted in the audit log."""
    try:
        filters = filters_of(request.query_params, account, service)
    except ValidationError:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from None
    report = await service.reports.figures(filters)
    async with service.database.write() as session:
        detail = f"{kind} {urlencode(filters.model_dump(exclude_none=True))}"
        record(session, service.parts.now(), account, "report_taken", detail=detail)
    return report


def _file(content: bytes, media_type: str, report: Report, ending: str) -> Response:
    name = f"elo-guide-{report.filters.first}-{report.filters.last}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
