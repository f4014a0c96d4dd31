"""Sessions of the desk: their ids, how they end, cookies, the token of forms, and where a person may be sent."""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, update
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.conversations.database import Database
from bot.desk.accounts import Account, AccountStore
from bot.desk.addresses import login_address, safe_next
from bot.desk.cookies import SESSION, drop_cookie, read_cookie, set_cookie
from bot.desk.csrf import check_form
from bot.desk.sessions import DeskSessions
from bot.desk.tables import AccountRow, DeskSessionRow
from tests.desk_people import NOON, QUICK, audited, new_database

IDLE, LONGEST = dt.timedelta(minutes=60), dt.timedelta(hours=10)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await new_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
def sessions(database: Database) -> DeskSessions:
    return DeskSessions(database, IDLE, LONGEST)


@pytest.fixture
async def account(database: Database) -> Account:
    return await AccountStore(database, QUICK).add("expert", "Expert", "expert", NOON)


async def rows(database: Database) -> list[DeskSessionRow]:
    async with database.session() as session:
        return list(await session.scalars(select(DeskSessionRow)))


async def test_only_a_hash_of_the_id_is_stored(database: Database, sessions: DeskSessions, account: Account) -> None:
    session_id = await sessions.begin(account, NOON, "password")
    [row] = await rows(database)
    assert row.id_hash == hashlib.sha256(session_id.encode()).hexdigest()
    assert len(session_id) >= 43
    found = await sessions.read(session_id, NOON)
    assert found is not None
    assert found.account == account
    assert found.csrf not in ("", session_id)


async def test_every_login_has_a_new_id_and_ends_the_one_before(
    database: Database, sessions: DeskSessions, account: Account
) -> None:
    first = await sessions.begin(account, NOON, "password", before="an id that somebody planted")
    second = await sessions.begin(account, NOON, "password", before=first)
    assert second != first
    assert await sessions.read("an id that somebody planted", NOON) is None
    assert await sessions.read(first, NOON) is None
    assert await sessions.read(second, NOON) is not None
    assert len(await rows(database)) == 1


async def test_a_session_ends_when_nobody_is_heard_of(sessions: DeskSessions, account: Account) -> None:
    session_id = await sessions.begin(account, NOON, "password")
    assert await sessions.read(session_id, NOON + IDLE - dt.timedelta(seconds=1)) is not None
    assert await sessions.read(session_id, NOON + IDLE) is None


async def test_a_session_ends_at_its_longest_whoever_is_heard_of(sessions: DeskSessions, account: Account) -> None:
    session_id = await sessions.begin(account, NOON, "password")
    now = NOON
    while now < NOON + LONGEST - dt.timedelta(minutes=30):
        now += dt.timedelta(minutes=30)
        assert await sessions.read(session_id, now - dt.timedelta(seconds=1)) is not None
        await sessions.touch(session_id, now)
    assert await sessions.read(session_id, NOON + LONGEST) is None


async def test_a_disabled_account_has_no_session(database: Database, sessions: DeskSessions, account: Account) -> None:
    session_id = await sessions.begin(account, NOON, "password")
    async with database.write() as session:
        await session.execute(update(AccountRow).values(disabled=True))
    assert await sessions.read(session_id, NOON) is None


async def test_sessions_that_are_over_are_deleted_at_the_next_login(
    database: Database, sessions: DeskSessions, account: Account
) -> None:
    await sessions.begin(account, NOON, "password")
    kept = await sessions.begin(account, NOON + dt.timedelta(minutes=30), "password")
    await sessions.begin(account, NOON + IDLE, "password")
    assert len(await rows(database)) == 2
    assert await sessions.read(kept, NOON + IDLE) is not None


async def test_login_and_logout_are_recorded(database: Database, sessions: DeskSessions, account: Account) -> None:
    session_id = await sessions.begin(account, NOON, "password and code")
    session = await sessions.read(session_id, NOON)
    assert session is not None
    await sessions.end(session, NOON)
    assert await sessions.read(session_id, NOON) is None
    assert await audited(database) == [("expert", "login", "password and code"), ("expert", "logout", None)]


# Cookies


def request(
    method: str = "GET", scheme: str = "https", headers: Mapping[str, str] | None = None, body: bytes = b"", path: str = "/desk"
) -> Request:
    all_headers = {"host": "guide.example.fi", "content-type": "application/x-www-form-urlencoded", **(headers or {})}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http", "method": method, "scheme": scheme, "path": path, "query_string": b"",
        "server": ("guide.example.fi", 443), "headers": [(name.encode(), value.encode()) for name, value in all_headers.items()],
    }  # fmt: skip
    return Request(scope, receive)


@pytest.mark.parametrize(
    ("scheme", "cookie"),
    [
        ("https", "__Host-elo_desk=abc; HttpOnly; Path=/; SameSite=lax; Secure"),
        ("http", "elo_desk=abc; HttpOnly; Path=/; SameSite=lax"),
    ],
)
def test_the_cookie_is_kept_from_scripts_and_from_other_hosts(scheme: str, cookie: str) -> None:
    response = Response()
    set_cookie(request(scheme=scheme), response, SESSION, "abc")
    assert response.headers["set-cookie"] == cookie


def test_over_https_a_cookie_without_the_prefix_is_not_read() -> None:
    assert read_cookie(request(headers={"cookie": "elo_desk=planted"}), SESSION) is None
    assert read_cookie(request(headers={"cookie": "__Host-elo_desk=own"}), SESSION) == "own"


def test_a_cookie_is_dropped_under_the_name_it_was_set_by() -> None:
    response = Response()
    drop_cookie(request(), response, SESSION)
    assert response.headers["set-cookie"].startswith('__Host-elo_desk=""; ')
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert "Secure" in response.headers["set-cookie"]


# The token of forms

FIELD = b"csrf=right"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, FIELD),
        ({"x-csrf-token": "right"}, b""),
        ({"sec-fetch-site": "same-origin"}, FIELD),
        ({"sec-fetch-site": "none"}, FIELD),
        ({"origin": "https://guide.example.fi"}, FIELD),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, FIELD),
    ],
)
async def test_a_form_of_the_desk_goes_through(headers: dict[str, str], body: bytes) -> None:
    await check_form(request("POST", headers=headers, body=body), "right")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({}, b"csrf="),
        ({}, b"csrf=wrong"),
        ({}, "csrf=ä".encode()),
        ({"x-csrf-token": "wrong"}, FIELD),
        ({"x-csrf-token": ""}, FIELD),
        ({"sec-fetch-site": "cross-site"}, FIELD),
        ({"sec-fetch-site": "same-site"}, FIELD),
        ({"origin": "https://evil.example"}, FIELD),
        ({"origin": "null"}, FIELD),
        ({"origin": "https://guide.example.fi.evil.example"}, FIELD),
        ({"sec-fetch-site": "cross-site", "origin": "https://guide.example.fi"}, FIELD),
    ],
)
async def test_a_form_of_another_website_does_not(method: str, headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(HTTPException) as refused:
        await check_form(request(method, headers=headers, body=body), "right")
    assert refused.value.status_code == 403


@pytest.mark.parametrize("expected", [None, ""])
async def test_without_a_token_of_the_browser_nothing_goes_through(expected: str | None) -> None:
    with pytest.raises(HTTPException):
        await check_form(request("POST", body=b"csrf="), expected)


async def test_reading_needs_no_token() -> None:
    await check_form(request("GET", headers={"sec-fetch-site": "cross-site"}), None)


# Where a person may be sent


@pytest.mark.parametrize("path", ["/desk", "/desk/cases/7", "/desk/reports?month=2026-11&municipality=joensuu", "/desk?page=2"])
def test_pages_of_the_desk_may_come_next(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/desk\\evil", "javascript:alert(1)",
        "desk", " /desk", "/desk /x", "/desk\r\nSet-Cookie: a=b", "/desk\tx", "/deskevil", "/", "/chat", "/desk@evil.example",
        "/desk.evil.example", "/desk/x\x00", "/desk/ä", "/desk/x\n",
        "/desk/login", "/desk/login?next=/desk", "/desk/sso", "/desk/logout",
    ],
)  # fmt: skip
def test_everything_else_leads_to_the_start(path: str) -> None:
    assert safe_next(path) == "/desk"


def test_the_login_leads_on_to_the_page_that_was_wanted() -> None:
    assert login_address("/desk/cases/7?a=b&c=d") == "/desk/login?next=%2Fdesk%2Fcases%2F7%3Fa%3Db%26c%3Dd"
    assert login_address("/desk") == login_address("//evil.example") == "/desk/login"
