"""Single sign-on at the desk: with a real provider, and with one that does everything wrong."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import OctKey, RSAKey

from tests.desk_people import PASSWORD
from tests.service.desk_browser import Browser, ServedDesk
from tests.service.sign_on_providers import OddProvider, real_provider

LOGIN = "expert@example.fi"
CLIENT = {"oidc_client_id": "desk", "oidc_client_secret": "secret"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    desk = ServedDesk(tmp_path_factory.mktemp("desk"))
    try:
        yield desk
    finally:
        desk.stop()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_provider(tmp_path_factory.mktemp("provider")) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def address(served: ServedDesk, provider: str) -> str:
    return served.serve(oidc_issuer=provider, oidc_name="Log in with the city's account", **CLIENT)


@pytest.fixture(scope="module")
def odd_provider() -> Iterator[OddProvider]:
    with OddProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def odd_address(served: ServedDesk, odd_provider: OddProvider) -> str:
    return served.serve(oidc_issuer=odd_provider.issuer, **CLIENT)


@pytest.fixture
def desk(served: ServedDesk) -> ServedDesk:
    served.empty()
    served.clock.at = dt.datetime.now(dt.UTC)  # tokens of a real provider are of this very moment
    return served


@pytest.fixture
def browser(desk: ServedDesk, address: str) -> Iterator[Browser]:
    with Browser(address) as browser:
        yield browser


@pytest.fixture
def odd_browser(desk: ServedDesk, odd_address: str, odd_provider: OddProvider) -> Iterator[Browser]:
    odd_provider.behave()
    with Browser(odd_address) as browser:
        yield browser


def at_provider(browser: Browser, person: str, path: str = "/desk/sso", **choice: str) -> str:
    """Go to the provider, log in there as ``person``; gives the address that it leads back to."""
    going = browser.get(path)
    assert going.status_code == 303
    answer = httpx.post(going.headers["location"], data={"sub": person, **choice})
    assert answer.status_code == 302
    return answer.headers["location"]


def sent(browser: Browser) -> dict[str, str]:
    """What the browser is sent to the provider with."""
    return {name: values[0] for name, values in parse_qs(urlsplit(browser.get("/desk/sso").headers["location"]).query).items()}


def know(provider: str, person: str, **claims: object) -> None:
    httpx.put(f"{provider}/users/{person}", json=claims).raise_for_status()


# With a real provider


def test_the_login_page_offers_it(browser: Browser) -> None:
    page = browser.get("/desk/login?next=/desk?page=2").text
    assert 'href="/desk/sso?next=/desk%3Fpage%3D2"' in page
    assert "Log in with the city&#39;s account" in page


def test_somebody_with_an_account_comes_in_and_is_known_by_the_subject_from_then_on(
    desk: ServedDesk, browser: Browser, address: str, provider: str
) -> None:
    desk.add(LOGIN, password=None)
    know(provider, "s1", email="Expert@example.fi", email_verified=True)
    back = browser.get(at_provider(browser, "s1", "/desk/sso?next=/desk?page=2"))
    assert (back.status_code, back.headers["location"]) == (303, "/desk?page=2")
    assert browser.get("/desk").status_code == 200
    know(provider, "s1", email="new@example.fi")
    with Browser(address) as later:
        later.get(at_provider(later, "s1"))
        assert later.get("/desk").status_code == 200
    assert desk.audited() == [(LOGIN, "login", "single sign-on")] * 2


def test_the_login_has_a_new_session_and_keeps_no_cookie_of_the_way(desk: ServedDesk, browser: Browser, provider: str) -> None:
    desk.add(LOGIN)
    know(provider, "s2", email=LOGIN, email_verified=True)
    browser.log_in(LOGIN)
    before = browser.cookies["elo_desk"]
    browser.get(at_provider(browser, "s2"))
    assert browser.cookies["elo_desk"] != before
    assert set(browser.cookies) == {"elo_desk"}


def test_the_way_leads_to_no_other_website(desk: ServedDesk, browser: Browser, provider: str) -> None:
    desk.add(LOGIN)
    know(provider, "s3", email=LOGIN, email_verified=True)
    assert browser.get(at_provider(browser, "s3", "/desk/sso?next=//evil.example")).headers["location"] == "/desk"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "other@example.fi", "email_verified": True},
        {"email": LOGIN, "email_verified": False},
        {"email": LOGIN},
        {"email": LOGIN, "email_verified": "true"},
        {"email_verified": True},
    ],
)
def test_somebody_without_an_account_gets_a_clear_page(
    desk: ServedDesk, browser: Browser, provider: str, claims: dict[str, object]
) -> None:
    desk.add(LOGIN)
    know(provider, "s4", **claims)
    page = browser.get(at_provider(browser, "s4"))
    assert page.status_code == 403
    assert "you have no account at the desk yet" in page.text
    assert browser.get("/desk").status_code == 303
    assert desk.audited() == [("?", "login_failed", "single sign-on: unknown")]


def test_a_disabled_account_does_not_come_in(desk: ServedDesk, browser: Browser, provider: str) -> None:
    desk.add(LOGIN)
    know(provider, "s5", email=LOGIN, email_verified=True)
    desk.run(lambda: desk.service.accounts.disable(LOGIN))
    assert browser.get(at_provider(browser, "s5")).status_code == 403


def test_who_turns_back_at_the_provider_is_told_so(desk: ServedDesk, browser: Browser) -> None:
    page = browser.get("/desk/sso")
    state = parse_qs(urlsplit(page.headers["location"]).query)["state"][0]
    answer = httpx.post(page.headers["location"], data={"action": "deny"})
    back = urlsplit(answer.headers["location"])
    told = browser.get(f"{back.path}?{back.query}&state={state}")
    assert told.status_code == 403
    assert "was not finished" in told.text


def test_a_code_of_the_provider_works_once(desk: ServedDesk, browser: Browser, provider: str) -> None:
    desk.add(LOGIN)
    know(provider, "s6", email=LOGIN, email_verified=True)
    back = at_provider(browser, "s6")
    kept = browser.cookies["elo_desk_sso"]
    assert browser.get(back).status_code == 303
    browser.cookies.set("elo_desk_sso", kept)
    page = browser.get(back)
    assert page.status_code == 502
    assert "does not fit" in page.text


def test_a_login_that_another_browser_began_is_not_finished(
    desk: ServedDesk, browser: Browser, address: str, provider: str
) -> None:
    desk.add(LOGIN)
    know(provider, "s7", email=LOGIN, email_verified=True)
    back = at_provider(browser, "s7")
    with Browser(address) as victim:
        assert victim.get(back).status_code == 400
        victim.get("/desk/sso")
        page = victim.get(back)
        assert page.status_code == 400
        assert "begun in another browser" in page.text
        assert "elo_desk" not in victim.cookies
    assert desk.audited() == [("?", "login_failed", "single sign-on: stale")] * 2


# With a provider that does everything wrong


def test_the_code_is_bound_to_the_service_by_pkce_and_its_secret(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider
) -> None:
    desk.add(LOGIN)
    asked = sent(odd_browser)
    assert (asked["scope"], asked["response_type"], asked["code_challenge_method"]) == ("openid email", "code", "S256")
    odd_provider.give(odd_provider.claims(asked["nonce"]))
    assert odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"]}).status_code == 303
    [(form, authorization)] = odd_provider.asked
    assert create_s256_code_challenge(form["code_verifier"]) == asked["code_challenge"]
    assert (form["code"], form["redirect_uri"]) == ("c", asked["redirect_uri"])
    assert httpx.BasicAuth("desk", "secret")._auth_header == authorization


def test_the_secret_goes_into_the_form_where_the_provider_wants_it_there(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider
) -> None:
    desk.add(LOGIN)
    odd_provider.configuration["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    asked = sent(odd_browser)
    odd_provider.give(odd_provider.claims(asked["nonce"]))
    assert odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"]}).status_code == 303
    [(form, authorization)] = odd_provider.asked
    assert (form["client_id"], form["client_secret"], authorization) == ("desk", "secret", "")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"azp": "another client"},
        {"nonce": "of another login"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 9_000_000_000},
        {"iat": None},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_an_id_token_that_is_not_for_this_login_opens_nothing(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider, changed: dict[str, object]
) -> None:
    desk.add(LOGIN)
    asked = sent(odd_browser)
    odd_provider.give(odd_provider.claims(asked["nonce"], **changed))
    page = odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"]})
    assert (page.status_code, "does not fit" in page.text) == (502, True)
    assert "elo_desk" not in odd_browser.cookies
    assert desk.audited() == [("?", "login_failed", "single sign-on: failed")]


@pytest.mark.parametrize("how", ["another key", "client secret", "none", "no token", "nonsense"])
def test_an_id_token_that_the_provider_did_not_sign_opens_nothing(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider, how: str
) -> None:
    desk.add(LOGIN)
    asked = sent(odd_browser)
    claims = odd_provider.claims(asked["nonce"])
    if how == "another key":
        odd_provider.give(claims, RSAKey.generate_key(2048))
    elif how == "client secret":
        odd_provider.give(claims, OctKey.import_key("secret" * 8), "HS256")
    else:
        odd_provider.give(claims)
        token = odd_provider.answer[1]
        rest = token["id_token"].partition(".")[2]
        token["id_token"] = {"none": f"eyJhbGciOiJub25lIn0.{rest.partition('.')[0]}.", "no token": None, "nonsense": "x.y"}[how]
    page = odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"]})
    assert page.status_code == 502
    assert "elo_desk" not in odd_browser.cookies


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((400, {"error": "invalid_grant"}), "does not fit"),
        ((401, {"error": "invalid_client"}), "does not fit"),
        ((200, {}), "does not fit"),
        ((200, []), "does not fit"),
        ((200, b"<html>"), "does not fit"),
        ((503, b"busy"), "cannot be reached"),
    ],
)
def test_a_provider_that_gives_no_token_is_told_of(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider, answer: tuple[int, object], told: str
) -> None:
    asked = sent(odd_browser)
    odd_provider.answer = answer
    page = odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"]})
    assert (page.status_code, told in page.text) == (502, True)


def test_an_answer_that_names_another_provider_is_refused(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider
) -> None:
    asked = sent(odd_browser)
    odd_provider.give(odd_provider.claims(asked["nonce"]))
    page = odd_browser.get("/desk/sso/back", params={"code": "c", "state": asked["state"], "iss": "https://evil.example"})
    assert page.status_code == 502
    assert odd_provider.asked == []


@pytest.mark.parametrize("configuration", [{"issuer": "https://evil.example"}, {"token_endpoint": None}, [], b"<html>"])
def test_a_provider_that_is_another_one_or_tells_nothing_is_not_asked(
    desk: ServedDesk, odd_browser: Browser, odd_provider: OddProvider, configuration: object
) -> None:
    told = odd_provider.configuration | configuration if isinstance(configuration, dict) else configuration
    odd_provider.configuration = {k: v for k, v in told.items() if v} if isinstance(told, dict) else told  # type: ignore[assignment]
    page = odd_browser.get("/desk/sso")
    assert (page.status_code, "cannot be reached" in page.text) == (502, True)


def test_a_provider_that_is_away_is_told_of_and_the_password_goes_on(desk: ServedDesk) -> None:
    address = desk.serve(oidc_issuer="http://127.0.0.1:9", **CLIENT)
    desk.add(LOGIN)
    with Browser(address) as browser:
        page = browser.get("/desk/sso")
        assert (page.status_code, "cannot be reached" in page.text) == (502, True)
        assert browser.log_in(LOGIN, PASSWORD).status_code == 303


def test_without_a_provider_there_is_no_such_address(desk: ServedDesk) -> None:
    with Browser(desk.serve(oidc_issuer=None)) as browser:
        assert "/desk/sso" not in browser.get("/desk/login").text
        assert browser.get("/desk/sso").status_code == 404
        assert browser.get("/desk/sso/back?code=c&state=s").status_code == 404
