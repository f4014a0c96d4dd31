"""Logging in at the desk as it is served: nobody comes in who should not, and nothing is done that another website sent."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from fastapi.routing import APIRoute

from bot.channels.web.headers import HEADERS
from bot.channels.web.limits import RateLimit
from bot.desk.addresses import LOGIN, START
from bot.desk.files import FOLDER
from bot.desk.router import PARTS
from tests.desk_people import NOON, PASSWORD
from tests.service.desk_browser import Browser, ServedDesk

NewBrowser = Callable[..., Browser]


@pytest.fixture
def desk(served: tuple[ServedDesk, str]) -> ServedDesk:
    desk, _ = served
    desk.clock.at = NOON
    desk.empty()
    return desk


@pytest.fixture
def new_browser(served: tuple[ServedDesk, str]) -> Iterator[NewBrowser]:
    opened: list[Browser] = []

    def new(**more: object) -> Browser:
        opened.append(Browser(served[1], **more))
        return opened[-1]

    yield new
    for browser in opened:
        browser.close()


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture
def inside(desk: ServedDesk, browser: Browser) -> Browser:
    """A browser in which the expert is logged in."""
    desk.add("expert")
    assert browser.log_in().headers["location"] == "/desk"
    assert browser.see("/desk").status_code == 200
    return browser


def is_inside(browser: Browser) -> bool:
    return browser.get("/desk").status_code == 200


# In and out


def test_somebody_with_an_account_comes_in_and_goes(desk: ServedDesk, inside: Browser) -> None:
    page = inside.see("/desk/account")
    assert '<html lang="en" dir="ltr">' in page.text
    assert "The expert" in page.text
    out = inside.submit("/desk/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/desk/login")
    assert "elo_desk" not in inside.cookies
    assert not is_inside(inside)
    assert desk.audited() == [("expert", "login", "password"), ("expert", "logout", None)]


def test_the_session_that_was_left_cannot_be_taken_up_again(inside: Browser, new_browser: NewBrowser) -> None:
    kept = inside.cookies["elo_desk"]
    other = new_browser(cookies={"elo_desk": kept})
    assert is_inside(other)
    inside.submit("/desk/logout")
    assert not is_inside(other)


def test_who_is_in_is_not_asked_again(inside: Browser) -> None:
    response = inside.get("/desk/login?next=/desk/cases/7")
    assert (response.status_code, response.headers["location"]) == (303, "/desk/cases/7")


def test_the_page_that_was_wanted_comes_after_the_login(desk: ServedDesk, browser: Browser) -> None:
    desk.add("expert")
    page = browser.see("/desk?page=2")
    assert page.headers["location"] == "/desk/login?next=%2Fdesk%3Fpage%3D2"
    form = browser.see(page.headers["location"])
    assert 'name="next" value="/desk?page=2"' in form.text
    entered = browser.submit("/desk/login", login="expert", password=PASSWORD, next="/desk?page=2")
    assert entered.headers["location"] == "/desk?page=2"


@pytest.mark.parametrize(
    "wished", ["https://evil.example", "//evil.example", "/\\evil.example", "/desk\\@evil.example", "/desk\n/x"]
)
def test_the_login_leads_to_no_other_website(desk: ServedDesk, browser: Browser, wished: str) -> None:
    desk.add("expert")
    shown = browser.get("/desk/login", params={"next": wished})
    assert 'name="next" value="/desk"' in shown.text
    assert browser.log_in(next=wished).headers["location"] == "/desk"
    assert browser.get("/desk/login", params={"next": wished}).headers["location"] == "/desk"
    browser.see("/desk")
    assert browser.submit("/desk/language", language="fi", next=wished).headers["location"] == "/desk"


# Who does not come in


@pytest.mark.parametrize("path", ["/desk", "/desk/presence"])
def test_without_a_login_every_page_leads_to_it(desk: ServedDesk, browser: Browser, path: str) -> None:
    for cookie in ("", "made up", "../../x"):
        browser.cookies.set("elo_desk", cookie)
        response = browser.get(path)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/desk/login")


@pytest.mark.parametrize("path", ["/desk/logout", "/desk/language", "/desk/presence", "/desk/presence/seen"])
def test_without_a_login_nothing_can_be_sent(desk: ServedDesk, browser: Browser, path: str) -> None:
    browser.see("/desk/login")
    response = browser.submit(path, language="fi", present="true")
    assert (response.status_code, response.headers["location"]) == (303, "/desk/login")


def test_every_part_of_the_desk_is_behind_the_gate(desk: ServedDesk, browser: Browser) -> None:
    addresses = [
        (method, START + re.sub(r"\{[^}]*\}", "1", route.path))
        for part in PARTS
        for route in part.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    ]
    assert ("POST", "/desk/logout") in addresses
    for method, path in addresses:
        response = browser.request(method, path)
        assert (response.status_code, response.headers["location"].partition("?")[0]) == (303, LOGIN), path


def test_htmx_and_streams_are_told_so_that_they_understand(desk: ServedDesk, browser: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": str(browser.base_url.join("/desk/cases/7"))}
    part = browser.get("/desk/presence", headers=headers)
    assert (part.status_code, part.headers["hx-redirect"], part.text) == (401, "/desk/login?next=%2Fdesk%2Fcases%2F7", "")
    odd = browser.get("/desk/presence", headers={"HX-Request": "true", "HX-Current-URL": "http://[evil"})
    assert (odd.status_code, odd.headers["hx-redirect"]) == (401, "/desk/login?next=%2Fdesk%2Fpresence")
    assert browser.get("/desk", headers={"Accept": "text/event-stream"}).status_code == 401


def test_an_unknown_login_and_a_wrong_password_get_the_very_same_answer(desk: ServedDesk, browser: Browser) -> None:
    desk.add("expert")
    desk.add("disabled")
    desk.run(lambda: desk.service.accounts.disable("disabled"))
    answers = []
    for login, password in (("nobody", "wrong"), ("expert", "wrong"), ("disabled", PASSWORD)):
        response = browser.log_in(login, password)
        assert response.status_code == 422
        answers.append((response.text.replace(f'value="{login}"', ""), sorted(response.headers)))
    assert answers[0] == answers[1] == answers[2]


def test_guessing_locks_the_account_and_time_opens_it(desk: ServedDesk, browser: Browser) -> None:
    desk.add("expert")
    refused = [browser.log_in(password=f"guess {number}").text for number in range(5)]
    assert browser.log_in().text == refused[0]
    desk.clock.forward(minutes=14, seconds=59)
    assert browser.log_in().status_code == 422
    desk.clock.forward(seconds=1)
    assert browser.log_in().status_code == 303
    assert [what for _, what, _ in desk.audited()] == [*["login_failed"] * 5, "locked_out", *["login_failed"] * 2, "login"]


def test_one_address_may_not_try_on_and_on(desk: ServedDesk, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.service, "rate_limit", RateLimit(3))
    answers = [browser.log_in(f"nobody{number}", "wrong") for number in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert answers[-1].headers["retry-after"] == "10"
    assert answers[-1].headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "' OR 1=1 --", "\x00", "{{ 7*7 }}", "ä" * 5000])
def test_whatever_is_typed_is_refused_and_shown_as_text(desk: ServedDesk, browser: Browser, field: str, typed: str) -> None:
    desk.add("expert")
    response = browser.log_in(**{"login": "expert", "password": "wrong", field: typed})
    assert response.status_code == 422
    assert "<script>alert" not in response.text
    assert ">49<" not in response.text


# The session


def test_a_planted_session_id_is_not_taken_over(desk: ServedDesk, new_browser: NewBrowser) -> None:
    desk.add("expert")
    desk.add("attacker")
    attacker = new_browser()
    attacker.log_in("attacker")
    planted = attacker.cookies["elo_desk"]
    victim = new_browser(cookies={"elo_desk": planted})
    victim.see("/desk")
    victim.submit("/desk/logout")
    for cookie in (planted, "an id that the attacker made up"):
        victim.cookies.clear()
        victim.cookies.set("elo_desk", cookie)
        victim.log_in("expert")
        own = [each.value for each in victim.cookies.jar if each.name == "elo_desk" and each.value != cookie]
        assert len(own) == 1
        assert not is_inside(new_browser(cookies={"elo_desk": cookie}))
        assert is_inside(new_browser(cookies={"elo_desk": own[0]}))


def test_each_login_has_a_new_id_and_a_new_token(desk: ServedDesk, new_browser: NewBrowser) -> None:
    desk.add("expert")
    seen = set()
    for _ in range(3):
        browser = new_browser()
        browser.log_in()
        browser.see("/desk")
        seen |= {browser.cookies["elo_desk"], browser.token}
    assert len(seen) == 6


def test_a_login_ends_when_nobody_is_heard_of(desk: ServedDesk, inside: Browser) -> None:
    desk.clock.forward(minutes=59)
    assert is_inside(inside)
    desk.clock.forward(minutes=59)
    assert is_inside(inside)
    desk.clock.forward(minutes=60)
    assert not is_inside(inside)


def test_what_a_page_does_by_itself_keeps_no_login_alive(desk: ServedDesk, inside: Browser) -> None:
    desk.clock.forward(minutes=59)
    assert inside.get("/desk/presence", headers={"X-Background": "1"}).status_code == 200
    assert inside.get("/desk", headers={"Accept": "text/event-stream"}).status_code == 200
    desk.clock.forward(minutes=1)
    assert not is_inside(inside)


def test_a_login_ends_after_ten_hours_in_any_case(desk: ServedDesk, inside: Browser) -> None:
    for _ in range(19):
        desk.clock.forward(minutes=30)
        assert is_inside(inside)
    desk.clock.forward(minutes=30)
    assert not is_inside(inside)


def test_a_disabled_account_is_out_at_once(desk: ServedDesk, inside: Browser) -> None:
    desk.run(lambda: desk.service.accounts.disable("expert"))
    assert not is_inside(inside)


def test_cookies_are_as_closed_as_they_can_be(desk: ServedDesk, new_browser: NewBrowser) -> None:
    desk.add("expert")
    for scheme, name, end in (("http", "elo_desk", ""), ("https", "__Host-elo_desk", "; Secure")):
        # A proxy on this machine says over what the browser came; secure cookies are put in by hand, over plain loopback.
        browser = new_browser(headers={"X-Forwarded-Proto": scheme})
        form = browser.see("/desk/login").headers["set-cookie"]
        assert re.fullmatch(rf"{name}_form=[\w-]{{43}}; HttpOnly; Path=/; SameSite=lax{end}", form)
        cookie = form.partition(";")[0]
        response = browser.post(
            "/desk/login",
            data={"csrf": browser.token, "login": "expert", "password": PASSWORD},
            headers={"Cookie": cookie},
        )
        cookies = response.headers.get_list("set-cookie")
        assert re.fullmatch(rf"{name}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=lax{end}", cookies[0])
        assert response.headers["cache-control"] == "no-store"


# Forms of other websites


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_form_without_the_token_does_nothing(desk: ServedDesk, inside: Browser, token: str) -> None:
    for path in ("/desk/logout", "/desk/presence", "/desk/language", "/desk/presence/seen"):
        inside.token = token
        response = inside.submit(path, present="true", language="fi")
        assert response.status_code == 403
        assert "This is not possible" in response.text
    assert is_inside(inside)
    assert 'data-present="no"' in inside.get("/desk").text


def test_a_token_is_of_one_session(desk: ServedDesk, inside: Browser, new_browser: NewBrowser) -> None:
    desk.add("other")
    other = new_browser()
    other.log_in("other")
    other.see("/desk")
    inside.token = other.token
    assert inside.submit("/desk/logout").status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_even_the_right_token_does_nothing_from_elsewhere(inside: Browser, headers: dict[str, str]) -> None:
    response = inside.post("/desk/logout", data={"csrf": inside.token}, headers=headers)
    assert response.status_code == 403
    assert is_inside(inside)


def test_htmx_sends_the_token_as_a_header(inside: Browser) -> None:
    header = re.search(r"hx-headers='\{\"X-CSRF-Token\": \"([^\"]+)\"\}'", inside.see("/desk").text)
    assert header
    headers = {"HX-Request": "true", "X-CSRF-Token": header[1], "HX-Current-URL": str(inside.base_url.join("/desk?page=2"))}
    part = inside.post("/desk/presence", data={"present": "true"}, headers=headers)
    assert part.status_code == 200
    assert part.text.startswith('<form id="presence"')
    assert 'data-present="yes"' in part.text
    assert 'name="next" value="/desk"' in part.text


def test_the_login_form_too_is_bound_to_the_browser_that_opened_it(desk: ServedDesk, new_browser: NewBrowser) -> None:
    desk.add("attacker")
    attacker, victim = new_browser(), new_browser()
    attacker.see("/desk/login")
    fields = {"csrf": attacker.token, "login": "attacker", "password": PASSWORD}
    assert victim.post("/desk/login", data=fields).status_code == 403
    victim.see("/desk/login")
    assert victim.post("/desk/login", data=fields).status_code == 403
    assert victim.post(
        "/desk/login", data=fields | {"csrf": victim.token}, headers={"Origin": "https://evil.example"}
    ).is_client_error
    assert "elo_desk" not in victim.cookies


# One-time codes


def test_with_a_code_the_password_is_half_of_the_way(desk: ServedDesk, browser: Browser, new_browser: NewBrowser) -> None:
    desk.add("expert")
    secret = desk.run(lambda: desk.service.accounts.set_code("expert"))
    form = browser.log_in()
    assert (form.status_code, "One-time code" in form.text) == (200, True)
    assert not is_inside(browser)
    wrong = browser.submit("/desk/login/code", code="000000x")
    assert (wrong.status_code, "was not accepted" in wrong.text) == (422, True)
    code = pyotp.TOTP(secret).at(desk.clock())
    assert browser.submit("/desk/login/code", code=f"{code[:3]} {code[3:]}").headers["location"] == "/desk"
    assert is_inside(browser)
    again = new_browser()
    again.log_in()
    assert again.submit("/desk/login/code", code=code).status_code == 422
    assert not is_inside(again)
    assert desk.audited()[:2] == [("expert", "login_failed", "code"), ("expert", "login", "password and code")]


def test_a_code_alone_opens_nothing(desk: ServedDesk, browser: Browser) -> None:
    desk.add("expert")
    secret = desk.run(lambda: desk.service.accounts.set_code("expert"))
    browser.see("/desk/login")
    response = browser.submit("/desk/login/code", code=pyotp.TOTP(secret).at(desk.clock()))
    assert response.headers["location"] == "/desk/login"
    assert not is_inside(browser)


def test_between_password_and_code_are_five_minutes(desk: ServedDesk, browser: Browser) -> None:
    desk.add("expert")
    secret = desk.run(lambda: desk.service.accounts.set_code("expert"))
    cookies = browser.log_in().headers.get_list("set-cookie")
    assert any(cookie.startswith("elo_desk_code=") and "HttpOnly; Max-Age=300; " in cookie for cookie in cookies)
    now = desk.clock.forward(minutes=5)
    assert browser.submit("/desk/login/code", code=pyotp.TOTP(secret).at(now)).status_code == 422


# Presence, language, pages


def test_one_says_present_and_is_away_after_a_while(desk: ServedDesk, inside: Browser) -> None:
    assert inside.submit("/desk/presence", present="true", next="/desk?page=2").headers["location"] == "/desk?page=2"
    assert 'data-present="yes"' in inside.get("/desk").text
    desk.clock.forward(minutes=9)
    assert 'data-present="yes"' in inside.get("/desk/presence", headers={"X-Background": "1"}).text
    desk.clock.forward(minutes=1)
    assert 'data-present="no"' in inside.get("/desk/presence", headers={"X-Background": "1"}).text
    assert 'data-present="yes"' in inside.submit("/desk/presence/seen").text
    desk.clock.forward(minutes=9)
    assert 'data-present="yes"' in inside.get("/desk/presence", headers={"X-Background": "1"}).text


def test_who_logs_out_is_away(desk: ServedDesk, inside: Browser) -> None:
    inside.submit("/desk/presence", present="true")
    inside.submit("/desk/logout")
    inside.log_in()
    assert 'data-present="no"' in inside.get("/desk").text


def test_an_administrator_has_no_presence(desk: ServedDesk, browser: Browser) -> None:
    desk.add("admin", "administrator")
    browser.log_in("admin")
    assert 'id="presence"' not in browser.see("/desk").text
    assert browser.get("/desk/presence").status_code == 403
    assert browser.submit("/desk/presence", present="true").status_code == 403
    assert browser.submit("/desk/logout").status_code == 303


def test_the_language_stays_with_the_account(desk: ServedDesk, inside: Browser, new_browser: NewBrowser) -> None:
    inside.submit("/desk/language", language="fi")
    assert '<html lang="fi"' in inside.see("/desk").text
    other = new_browser(headers={"Accept-Language": "en"})
    other.log_in()
    assert '<html lang="fi"' in other.get("/desk").text
    assert inside.submit("/desk/language", language="sv").status_code == 422


@pytest.mark.parametrize(
    ("asked", "accepted", "shown"),
    [("", "", "fi"), ("", "sv,en;q=0.8", "en"), ("fi", "en", "fi"), ("en", "fi", "en"), ("xx", "xx", "fi")],
)
def test_the_login_page_speaks_the_language_of_the_browser(browser: Browser, asked: str, accepted: str, shown: str) -> None:
    page = browser.get("/desk/login", params={"lang": asked}, headers={"Accept-Language": accepted})
    assert f'<html lang="{shown}"' in page.text


def test_a_counsellor_sees_the_name_of_the_municipality(desk: ServedDesk, browser: Browser) -> None:
    desk.add("c", "counsellor", "tohmajarvi")
    browser.log_in("c")
    assert "Counsellor, Tohmajärvi" in browser.get("/desk/account").text


def test_pages_are_kept_by_nobody_and_run_no_foreign_script(inside: Browser) -> None:
    for path in ("/desk", "/desk/presence", "/desk/nothing"):
        response = inside.get(path)
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
        assert response.headers["referrer-policy"] == "same-origin"
        assert not re.search(r"<script(?! src=)|<style|\son\w+=|\shx-on|\sstyle=", response.text)


def test_htmx_keeps_to_the_content_security_policy_and_stores_no_pages(inside: Browser) -> None:
    told = re.search(r"""<meta name="htmx-config" content='([^']+)'>""", inside.get("/desk").text)
    assert told
    assert json.loads(told[1]).items() >= {"allowEval": False, "includeIndicatorStyles": False, "historyCacheSize": 0}.items()


@pytest.mark.parametrize("name", ["htmx", "htmx-ext-sse"])
def test_what_others_wrote_comes_with_its_licence(name: str) -> None:
    assert (FOLDER / f"{name}.min.js").is_file()
    assert "BSD" in (FOLDER / f"{name}.LICENSE").read_text(encoding="utf-8")


def test_files_are_sent_small_and_kept(inside: Browser) -> None:
    page = inside.get("/desk/account").text
    addresses = re.findall(r'(?:src|href)="(/desk/static/[^"]+)"', page)
    assert [address.rpartition("/")[2] for address in addresses] == [
        "desk.svg", "desk.css", "htmx.min.js", "htmx-ext-sse.min.js", "desk.js",
    ]  # fmt: skip
    for address in addresses:
        response = inside.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-encoding"] == "gzip"
        plain = inside.get(address, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == response.text
        old = re.sub(r"static/\w+", "static/old", address)
        assert inside.get(old).headers["cache-control"] == "no-cache"
    for path in ("/desk/static/x/accounts.py", "/desk/static/x/htmx.LICENSE", "/desk/static/x/..%2fpages.py"):
        assert inside.get(path).status_code == 404


def test_errors_of_the_api_stay_as_they_are(browser: Browser) -> None:
    response = browser.get("/nothing")
    assert response.headers["content-type"] == "application/problem+json"


def test_a_database_that_cannot_be_written_is_told_on_a_page(
    desk: ServedDesk, inside: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(desk.service.database, "write", locked)
    response = inside.submit("/desk/presence", present="true")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert "could not be stored" in response.text


def test_a_fault_is_told_on_a_page(desk: ServedDesk, inside: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.service.accounts, "set_language", broken)
    response = inside.submit("/desk/language", language="fi")
    assert response.status_code == 500
    assert response.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert "Something went wrong" in response.text


def test_the_clock_of_the_service_is_the_one_that_is_asked(desk: ServedDesk, inside: Browser) -> None:
    async def last_at() -> dt.datetime:
        session = await desk.service.desk_sessions.read(inside.cookies["elo_desk"], desk.clock())
        assert session is not None
        return session.last_at

    inside.get("/desk")
    assert desk.run(last_at) == NOON
    later = desk.clock.forward(minutes=1)
    inside.get("/desk")
    assert desk.run(last_at) == later
