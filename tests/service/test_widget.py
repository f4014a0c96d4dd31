"""The addresses of the widget: compressed, cached rightly, open to every page, and switched off in one place."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.texts import CHOICES, LANGUAGES, widget_words
from tests.service.newcomer import is_problem


def part(api: httpx.Client, name: str) -> str:
    """The address of a part as ``widget.js`` names it."""
    found = re.search(r'"\./(widget/[0-9a-f]{12}/)', api.get("/widget.js").text)
    assert found
    return f"/{found[1]}{name}"


@pytest.mark.parametrize(
    "name", ["start.js", "chat.js", "chat.css", "panel.css", "button.css", "chat-ar.json", "chat-fi-easy.json"]
)
def test_parts_are_compressed_kept_for_ever_and_open_to_every_page(api: httpx.Client, name: str) -> None:
    response = api.get(part(api, name), headers={"Origin": "https://kunta.example"})
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Accept-Encoding" in response.headers["vary"]
    plain = api.get(part(api, name), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == response.content


def test_the_entry_is_checked_at_each_visit(api: httpx.Client) -> None:
    first = api.get("/widget.js")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"].startswith("text/javascript")
    again = api.get("/widget.js", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert api.get("/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_page_from_before_an_update_gets_the_parts_of_now_and_does_not_keep_them(api: httpx.Client) -> None:
    response = api.get("/widget/0123456789ab/chat.js")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "../assets.py", "%2e%2e%2fassets.py", "chat-de.json"])
def test_there_is_nothing_else(api: httpx.Client, name: str) -> None:
    is_problem(api.get(f"/widget/now/{name}"), 404)


def test_the_whole_widget_is_light(serve_inside: Callable[..., TestClient]) -> None:
    """What docs/widget.md promises, for the language with the longest words and a guide that can do everything."""
    client = serve_inside(telegram_token="1:a", telegram_api_url="http://127.0.0.1:9")

    def weight(name: str) -> int:
        with client.stream("GET", part(client, name) if name != "widget.js" else "/widget.js") as response:
            raw = b"".join(response.iter_raw())
        assert gzip.decompress(raw)
        return len(raw)

    for language in CHOICES:
        button = sum(weight(name) for name in ("widget.js", "start.js", "button.css", f"button-{language}.json"))
        chat = sum(weight(name) for name in ("chat.js", "chat.css", "panel.css", f"chat-{language}.json"))
        assert button <= 5_000
        assert button + chat <= 30_000


@pytest.mark.parametrize("address", ["/", "/chat"])
@pytest.mark.parametrize(("accepted", "language"), [("ar,en;q=0.5", "ar"), ("de,sv-FI;q=0.8", "sv"), ("de", "en"), ("", "en")])
def test_the_page_stands_in_the_language_of_the_browser(api: httpx.Client, address: str, accepted: str, language: str) -> None:
    page = api.get(address, headers={"Accept-Language": accepted})
    assert page.headers["cache-control"] == "no-cache"
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text


def test_a_link_names_language_municipality_and_audience_and_nothing_else_gets_in(api: httpx.Client) -> None:
    page = api.get("/chat", params={"lang": "ru", "municipality": "kitee", "audience": "employer"}).text
    assert '<elo-chat full lang="ru" municipality="kitee" audience="employer">' in page
    bad = {"lang": '"><script>', "municipality": '"><script>', "audience": "<b>"}
    page = api.get("/chat", params=bad).text
    assert "<script>" not in page
    assert "municipality=" not in page
    assert "audience=" not in page


def test_easy_finnish_is_a_wish_and_no_language_of_html(api: httpx.Client) -> None:
    page = api.get("/chat", params={"lang": "fi-easy"}).text
    assert '<html lang="fi" dir="ltr">' in page
    assert '<elo-chat full data-lang="fi-easy">' in page


def test_without_scripts_the_page_says_who_can_be_reached(api: httpx.Client) -> None:
    page = api.get("/chat?lang=fi&municipality=kitee").text
    plain = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert plain
    assert "JavaScript" in plain[1]
    assert 'href="tel:' in plain[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_stands_in_every_language(api: httpx.Client, language: str) -> None:
    page = api.get(f"/privacy?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert page.text.count("<p>") == len(widget_words(language)["page"]["privacy"]) + 1  # and the way back


def test_a_privacy_statement_elsewhere_takes_its_place(serve_inside: Callable[..., TestClient]) -> None:
    client = serve_inside(privacy_url="https://www.example.fi/tietosuoja")
    response = client.get("/privacy", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "https://www.example.fi/tietosuoja")


def test_switched_off_the_line_on_the_pages_does_nothing_and_the_chat_page_says_who_can_be_reached(
    serve_inside: Callable[..., TestClient],
) -> None:
    client = serve_inside(widget="off")
    assert client.get("/widget.js").text.startswith("//")
    page = client.get("/chat?lang=fi").text
    assert "<elo-chat" not in page
    assert "pois käytöstä" in page
    assert 'href="tel:' in page


def test_a_contact_tells_when_it_opens_in_the_days_to_come(api: httpx.Client) -> None:
    answer = api.post("/api/v1/ask", json={"question": "Miten saan Kela-kortin?", "language": "fi"}).json()["answer"]
    kela = next(contact for contact in answer["contacts"] if contact["hours"])
    assert kela["always_open"] is False
    assert len(kela["open_spans"]) >= 5
    assert kela["open_spans"] == sorted(kela["open_spans"], key=lambda span: span["opens"])
    assert all(span["opens"] < span["closes"] for span in kela["open_spans"])
