"""How much one caller may send, and what every response carries."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.channels.web.headers import HEADERS
from tests.live_guide import LiveGuide
from tests.service.newcomer import CALLS, Newcomer, is_problem

EMERGENCY = {"question": "My husband is beating me, help"}
ALLOWED, FORBIDDEN = "https://www.joensuu.fi", "https://evil.example"


@pytest.fixture(scope="module")
def strict(serve_inside: Callable[..., TestClient]) -> TestClient:
    """A service that takes four messages a minute, and calls from one other website."""
    return serve_inside(questions_per_minute=4, allowed_origins=[ALLOWED])


def test_the_fifth_question_in_a_minute_has_to_wait(strict: TestClient) -> None:
    taken = [strict.post("/api/v1/ask", json=EMERGENCY) for _ in range(4)]
    assert [response.status_code for response in taken] == [200] * 4
    for refused in (strict.post("/api/v1/ask", json=EMERGENCY), strict.post(CALLS, json={})):
        is_problem(refused, 429)
        assert 0 < int(refused.headers["retry-after"]) <= 60
    assert strict.get("/health").status_code == 200


def test_each_address_has_its_own_limit(strict: TestClient) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        neighbour = TestClient(strict.app, client=(address, 50000))
        statuses = [neighbour.post("/api/v1/ask", json=EMERGENCY).status_code for _ in range(5)]
        assert statuses == [200] * 4 + [429]


def test_a_conversation_is_limited_whatever_the_address(strict: TestClient) -> None:
    newcomer = Newcomer(TestClient(strict.app, client=("192.0.2.3", 50000)))
    statuses = []
    for number in range(5):
        client = TestClient(strict.app, client=(f"192.0.2.{10 + number}", 50000))
        sent = {"text": EMERGENCY["question"], "client_id": str(number)}
        statuses.append(client.post(newcomer.messages_url, headers=newcomer.headers, json=sent).status_code)
    assert statuses == [200] * 4 + [429]


def test_security_headers_on_every_kind_of_response(api: httpx.Client, newcomer: Newcomer, strict: TestClient) -> None:
    responses = [
        api.get("/"),
        api.get("/health"),
        api.get("/openapi.json"),
        api.get("/nothing"),
        api.get("/widget/now/nothing"),
        api.put("/api/v1/ask"),
        api.post("/api/v1/ask", json=EMERGENCY),
        api.post("/api/v1/ask", content=b"{", headers={"Content-Type": "application/json"}),
        api.post("/api/v1/ask", content=b"a" * 500_000),
        newcomer.post("hello"),
        api.get(newcomer.messages_url),
        api.get(newcomer.messages_url, headers=newcomer.headers),
        newcomer.erase(),
        newcomer.erase(),
        *(strict.post("/api/v1/ask", json=EMERGENCY) for _ in range(5)),
        strict.options("/api/v1/ask", headers={"Origin": ALLOWED, "Access-Control-Request-Method": "POST"}),
    ]
    assert {200, 204, 400, 401, 404, 405, 413, 429} <= {response.status_code for response in responses}
    for response in responses:
        for name in HEADERS:
            assert response.headers.get(name), f"{name} on {response.request.url} {response.status_code}"
    for response in responses:
        if response.request.url.path.startswith("/api/"):
            assert response.headers["cache-control"] == "no-store"
        assert "server" not in response.headers


def test_security_headers_on_a_stream(api: httpx.Client, newcomer: Newcomer) -> None:
    with api.stream("GET", newcomer.events_url, headers=newcomer.headers) as response:
        assert response.headers["cache-control"].startswith("no-store")
        assert all(name in response.headers for name in HEADERS)


def test_a_fault_of_the_service_tells_nothing_but_what_to_do(
    serve_inside: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve_inside()

    def fail() -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(client.app.state.service.parts.store, "read", fail)
    response = client.get(f"{CALLS}/x/messages", headers={"Authorization": "Bearer x"})
    assert "secret" not in is_problem(response, 500)
    assert all(name in response.headers for name in HEADERS)


def test_another_website_may_call_only_when_it_is_allowed(strict: TestClient) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    allowed = strict.options(CALLS, headers={"Origin": ALLOWED, **asks})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, ALLOWED)
    assert "access-control-allow-credentials" not in allowed.headers
    assert strict.get("/health", headers={"Origin": ALLOWED}).headers["access-control-allow-origin"] == ALLOWED
    for origin in (FORBIDDEN, "null", ALLOWED + ".evil.example", ALLOWED.replace("https", "http")):
        refused = strict.options(CALLS, headers={"Origin": origin, **asks})
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers
        assert "access-control-allow-origin" not in strict.get("/health", headers={"Origin": origin}).headers


def test_an_error_can_be_read_by_an_allowed_website(strict: TestClient) -> None:
    response = strict.post("/api/v1/ask", content=b"a" * 500_000, headers={"Origin": ALLOWED})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (413, ALLOWED)


def test_no_other_website_may_call_by_default(serve_inside: Callable[..., TestClient]) -> None:
    client = serve_inside()
    assert "access-control-allow-origin" not in client.get("/health", headers={"Origin": ALLOWED}).headers


def test_only_rasa_may_call_actions(live_guide: LiveGuide) -> None:
    url = f"http://127.0.0.1:{live_guide.settings.internal_port}"
    call = {"next_action": "action_erase", "tracker": {}, "sender_id": "x"}
    is_problem(httpx.post(f"{url}/actions", json=call), 403)
    is_problem(httpx.post(f"{url}/actions", json=call, headers={"Authorization": "Bearer x"}), 403)
    assert httpx.post(f"{live_guide.url}/actions", json=call).status_code == 404
    assert "elo_turns_total" in httpx.get(f"{url}/metrics").text
    assert httpx.get(f"{live_guide.url}/metrics").status_code == 404
