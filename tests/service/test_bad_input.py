"""What bad input gets: a clear sentence, and nothing lost. Never an error of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.live_guide import LiveGuide
from tests.service.newcomer import CALLS, TAX_CARD, Newcomer, is_problem

ASK = "/api/v1/ask"
JSON = {"Content-Type": "application/json"}


def ask(api: httpx.Client, question: Any, **more: Any) -> httpx.Response:
    return api.post(ASK, json={"question": question, **more})


UNREADABLE = {
    "empty": "",
    "blank": " \t\n\u00a0\u3000",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "bidirectional controls": "\u202a\u202e\u2066\u2069\u200f",
    "combining marks": "\u0301\u0300",
    "one too many": "a" * 2001,
    "far too many": "я" * 20_000,
}


@pytest.mark.parametrize("question", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read(api: httpx.Client, newcomer: Newcomer, question: str) -> None:
    assert is_problem(ask(api, question), 422) == is_problem(newcomer.post(question), 422)
    assert newcomer.history() == newcomer.greeting


@pytest.mark.parametrize("escaped", [r"\ud800 hello", r"hello \udfff", r"hello\u0000", r"\u0000"])
def test_what_is_not_text(api: httpx.Client, newcomer: Newcomer, escaped: str) -> None:
    is_problem(api.post(ASK, content=f'{{"question":"{escaped}"}}', headers=JSON), 422)
    sent = f'{{"client_id":"1","text":"{escaped}"}}'
    is_problem(api.post(newcomer.messages_url, content=sent, headers={**JSON, **newcomer.headers}), 422)
    pressed = f'{{"client_id":"2","payload":"/help","title":"{escaped}"}}'
    is_problem(api.post(newcomer.messages_url, content=pressed, headers={**JSON, **newcomer.headers}), 422)
    assert newcomer.history() == newcomer.greeting


READABLE = {
    "two thousand": ("tax card " * 300)[:1999] + "?",
    "two thousand beside blanks": "  " + "a" * 2000 + "  \n",
    "emoji only": "😀👍🏽",
    "one letter": "a",
    "controls around": f"\u202e{TAX_CARD[0]}\u202c",
    "many scripts": "привет مرحبا 你好 สวัสดี hei",
    "only marks": "?!...",
}


@pytest.mark.parametrize("question", READABLE.values(), ids=READABLE)
def test_what_is_odd_but_can_be_read(api: httpx.Client, newcomer: Newcomer, question: str) -> None:
    response = ask(api, question)
    assert response.status_code == 200, response.text
    assert response.json()["text"]
    assert response.json()["status"] != "failed"
    assert newcomer.say(question)["status"] == response.json()["status"]


def test_bidirectional_controls_do_not_change_the_answer(api: httpx.Client) -> None:
    assert ask(api, READABLE["controls around"]).json()["answer"]["id"] == TAX_CARD[1]


def test_half_a_megabyte(api: httpx.Client) -> None:
    is_problem(ask(api, "a" * 500_000), 413)


def test_half_a_megabyte_without_telling_its_length(api: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"question":"'
        for _ in range(500):
            yield b"a" * 1000
        yield b'"}'

    is_problem(api.post(ASK, content=pieces(), headers=JSON), 413)


NOT_JSON = {
    "cut off": b'{"question":',
    "single quotes": b"{'question': 'hei'}",
    "a bare word": b"hello",
    "not UTF-8": b'{"question":"\xff\xfe"}',
    "too deep": b"[" * 60_000,
    "a number without end": b'{"question":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_wrong_json(api: httpx.Client, body: bytes) -> None:
    assert "JSON" in is_problem(api.post(ASK, content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"hei"', b"5", b"{}", b'{"question": 5}', b'{"question": null}', b'{"question": NaN}']
)
def test_wrong_types(api: httpx.Client, body: bytes) -> None:
    is_problem(api.post(ASK, content=body, headers=JSON), 422)


def test_a_form_instead_of_json(api: httpx.Client) -> None:
    is_problem(api.post(ASK, data={"question": "hei"}), 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"question": ["hei"]},
        {"language": "Finnish"},
        {"language": 1},
        {"audience": "cat"},
        {"municipality": "\U0001f600"},
        {"municipality": ""},
        {"explain": "perhaps"},
    ],
)
def test_a_key_or_value_that_is_not_known(api: httpx.Client, wrong: dict[str, Any]) -> None:
    told = is_problem(api.post(ASK, json={"question": "hei", **wrong}), 422)
    assert next(iter(wrong)) in told
    if "question" not in wrong and "explain" not in wrong:
        is_problem(api.post(CALLS, json=wrong), 422)


def test_a_key_that_is_not_text(api: httpx.Client) -> None:
    is_problem(api.post(ASK, content=rb'{"question":"hei","\ud800":1}', headers=JSON), 422)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"text": "hei"},
        {"client_id": "x"},
        {"client_id": "x", "text": "hei", "payload": "/help"},
        {"client_id": "", "text": "hei"},
        {"client_id": "a b", "text": "hei"},
        {"client_id": "x" * 65, "text": "hei"},
        {"client_id": "x\n", "text": "hei"},
        {"client_id": 7, "text": "hei"},
        {"client_id": "x", "payload": "help"},
        {"client_id": "x", "payload": "/help\n"},
        {"client_id": "x", "payload": '/choose{"answer": "a", "b": "c"}'},
        {"client_id": "x", "payload": "/choose{}"},
        {"client_id": "x", "payload": "/help", "title": "t" * 201},
        {"client_id": "x", "text": "hei", "sender": "bot"},
        *(
            {"client_id": "x", "payload": act}
            for act in ("/no_such_act", "/restart", "/session_start", "/back", "/ask", "/nlu_fallback")
        ),
    ],
)
def test_a_message_that_does_not_fit(api: httpx.Client, newcomer: Newcomer, wrong: dict[str, Any]) -> None:
    is_problem(api.post(newcomer.messages_url, headers=newcomer.headers, json=wrong), 422)
    assert newcomer.history() == newcomer.greeting


@pytest.mark.parametrize(
    "payload",
    [
        "/affirm",
        '/choose{"answer":"no_such_answer"}',
        '/feedback_helped{"answer":"no_such_answer"}',
        '/set_municipality{"municipality":"helsinki"}',
        '/change_language{"language":"xx"}',
        '/set_audience{"audience":"cat"}',
    ],
)
def test_a_button_that_nobody_offered_does_no_harm(newcomer: Newcomer, payload: str) -> None:
    assert newcomer.press(payload, "odd")["text"]
    assert newcomer.say(TAX_CARD[0])["answer"]["id"] == TAX_CARD[1]


@pytest.mark.parametrize("authorization", ["Bearer", "Basic abc", "Token x", ""])
def test_no_token(api: httpx.Client, newcomer: Newcomer, authorization: str) -> None:
    response = api.get(newcomer.messages_url, headers={"Authorization": authorization})
    assert "Authorization: Bearer" in is_problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_that_is_not_ascii(api: httpx.Client, newcomer: Newcomer) -> None:
    is_problem(api.get(newcomer.messages_url, headers={"Authorization": "Bearer ä€".encode()}), 403)


def test_a_page_or_method_that_does_not_exist(api: httpx.Client) -> None:
    is_problem(api.get("/nothing/here"), 404)
    is_problem(api.get("/widget/now/../../pyproject.toml"), 404)
    is_problem(api.get("/widget/now/%2e%2e%2f%2e%2e%2fsettings.py"), 404)
    is_problem(api.put(ASK, json={}), 405)


BOUNDED = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described(live_guide: LiveGuide) -> Any:
    """The OpenAPI document of the running guide."""
    return schemathesis.openapi.from_url(f"{live_guide.url}/openapi.json")


def _never_fails(response: Any, case: Any) -> None:
    assert response.status_code < 500, f"{case.as_curl_command()}\n{response.text}"
    if response.status_code >= 400:
        assert str(response.headers["content-type"]).strip("[]'") == "application/problem+json", case.as_curl_command()


def test_no_call_of_a_stranger_makes_the_server_fail(described: Any) -> None:
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            _never_fails(case.call(), case)

        call()
        tried += 1
    assert tried == 12


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_call_of_a_newcomer_makes_the_server_fail(described: Any, api: httpx.Client, method: str) -> None:
    @BOUNDED
    @given(case=described["/api/v1/conversations/{conversation_id}/messages"][method].as_strategy())
    def call(case: Any) -> None:
        newcomer = Newcomer(api)
        case.path_parameters = {"conversation_id": newcomer.id}
        case.headers = {**(case.headers or {}), **newcomer.headers}
        _never_fails(case.call(), case)

    call()
