"""The page of the reports: who sees what, that it is whole without scripts and styles of its own, and the files."""

import datetime as dt
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select

from bot.conversations.database import Database
from bot.desk.cookies import SESSION
from bot.desk.tables import AuditRow
from bot.service import Service
from tests.unit.report_rows import busy_months, store, turn

PERIOD = {"first": "2026-01", "last": "2026-03"}


VOID = {"meta", "link", "input", "img", "br"}


class Page(HTMLParser):
    """What a test looks for in a page: tags with their attributes, words, and whether everything is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


@pytest.fixture(scope="module")
def visit(served: TestClient) -> Callable[..., Any]:
    """Asks for a page as an account of some role, with figures stored."""
    service: Service = served.app.state.service  # type: ignore[attr-defined]
    portal = served.portal
    assert portal is not None
    portal.call(store, service.database, *busy_months(), *(turn(municipality="joensuu", language="sv") for _ in range(9)))
    sessions: dict[str, str] = {}

    async def log_in(login: str, role: Any, municipality: str | None) -> str:
        now = service.parts.now()
        account = await service.accounts.add(login, role, role, now, municipality=municipality, language="en")
        return await service.desk_sessions.begin(account, now, "password")

    def ask(address: str, role: str = "expert", of: str | None = None, **query: str) -> Any:
        login = f"{role}-{of}"
        if login not in sessions:
            sessions[login] = portal.call(log_in, login, role, of)
        served.cookies.set(SESSION, sessions[login])
        return served.get(address, params=query)

    return ask


def test_nobody_sees_it_without_login(served: TestClient) -> None:
    served.cookies.clear()
    for address in ("/desk/reports", "/desk/reports.csv", "/desk/reports.xlsx"):
        response = served.get(address)
        assert (response.status_code, response.headers["location"][:11]) == (303, "/desk/login")


@pytest.mark.parametrize("role", ["expert", "administrator"])
def test_charts_and_tables_of_everything(visit: Callable[..., Any], role: str) -> None:
    response = visit("/desk/reports", role, **PERIOD)
    assert response.status_code == 200
    page = Page(response.text)
    names = {attributes.get("id") for tag, attributes in page.tags if tag == "h3"}
    assert {"questions_status_by_month", "questions_status_by_municipality", "cases_way_by_topic", "waits_by_outcome"} <= names
    for tag, attributes in page.tags:
        assert tag != "style"
        assert "style" not in attributes
        assert tag != "script" or attributes["src"]
        assert not any(name.startswith("on") for name in attributes)
    assert len([tag for tag, _ in page.tags if tag == "svg"]) > 10
    assert {"Joensuu", "Kitee", "hidden", "1/2026"} <= set(page.words)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_counsellor_sees_the_own_municipality_only(visit: Callable[..., Any]) -> None:
    response = visit("/desk/reports", "counsellor", "joensuu", municipality="kitee", **PERIOD)
    page = Page(response.text)
    assert "Municipality: Joensuu" in page.words
    assert not any("kitee" in word.lower() for word in page.words)
    assert "filter_municipality" not in response.text
    own = visit("/desk/reports.csv", "expert", municipality="joensuu", **PERIOD).content
    assert visit("/desk/reports.csv", "counsellor", "joensuu", municipality="kitee", **PERIOD).content == own
    assert visit("/desk/reports.csv", "expert", municipality="kitee", **PERIOD).content != own


def test_filters_stay_in_the_form_and_go_into_the_links(visit: Callable[..., Any]) -> None:
    response = visit("/desk/reports", language="fi", topic="", **PERIOD)
    page = Page(response.text)
    assert [attributes["value"] for tag, attributes in page.tags if tag == "option" and "selected" in attributes] == ["fi"]
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert "/desk/reports.xlsx?first=2026-01&last=2026-03&language=fi" in links
    values = {attributes.get("name"): attributes.get("value") for tag, attributes in page.tags if tag == "input"}
    assert (values["first"], values["last"]) == ("2026-01", "2026-03")


@pytest.mark.parametrize(
    "query", [{"first": "2026-05", "last": "2026-01"}, {"first": "x"}, {"outcome": "lost"}, {"topic": "'<b>"}]
)
def test_a_wrong_period_or_filter_is_told(visit: Callable[..., Any], query: dict[str, str]) -> None:
    response = visit("/desk/reports", **query)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    Page(response.text)
    assert visit("/desk/reports.csv", **query).status_code == 422


def test_files_are_taken_along_and_noted(visit: Callable[..., Any], served: TestClient) -> None:
    response = visit("/desk/reports.xlsx", "administrator", **PERIOD)
    assert response.headers["content-disposition"] == 'attachment; filename="elo-guide-2026-01-2026-03.xlsx"'
    assert len(load_workbook(io.BytesIO(response.content)).worksheets) > 10
    response = visit("/desk/reports.csv", "administrator", **PERIOD)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    service: Service = served.app.state.service  # type: ignore[attr-defined]

    async def noted(database: Database) -> list[str | None]:
        async with database.session() as session:
            taken = select(AuditRow.detail).where(AuditRow.what == "report_taken", AuditRow.login == "administrator-none")
            return list(await session.scalars(taken.order_by(AuditRow.id)))

    assert served.portal is not None
    told = served.portal.call(noted, service.database)
    assert told == ["xlsx first=2026-01&last=2026-03", "csv first=2026-01&last=2026-03"]


def test_an_empty_period_says_so(visit: Callable[..., Any]) -> None:
    response = visit("/desk/reports", first="2020-01", last="2020-02")
    assert Page(response.text).words.count("None in this period.") == 4
    assert not re.search(r"<svg", response.text)


def test_the_last_year_is_shown_first(visit: Callable[..., Any], served: TestClient) -> None:
    service: Service = served.app.state.service  # type: ignore[attr-defined]
    today: dt.datetime = service.parts.now()
    assert f'value="{today:%Y-%m}"' in visit("/desk/reports").text
