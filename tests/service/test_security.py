"""Doors that must stay shut: every call of the desk for everybody whom it does not concern, every call about a conversation."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.channels.web.problems import MEDIA_TYPE
from bot.desk.addresses import LOGIN
from tests.service.case_desk import CaseDesk, Person
from tests.service.desk_browser import ServedDesk
from tests.service.desk_routes import DeskCall, answered, desk_calls

SECRET = "My passport is lost near Kitee station"
CALLS = "/api/v1/conversations"


@pytest.fixture(scope="module")
def calls(served: tuple[ServedDesk, str]) -> list[DeskCall]:
    found = desk_calls(served[0].service)
    assert {"GET /desk", "GET /desk/reports.csv", "POST /desk/cases/{case_id}/take-over"} <= {str(call) for call in found}
    return found


def message_of(desk: CaseDesk, case: int) -> int:
    return desk.run(desk.made.store.messages(desk.row(case).conversation_id))[0].id or 0


def traces(desk: CaseDesk, case: int) -> tuple[Any, ...]:
    """Everything that a call could have changed about a case."""
    row = desk.row(case)
    said = desk.run(desk.made.store.messages(row.conversation_id))
    standing = (row.state, row.desk, row.account_id, row.urgent, row.consulting, row.outcome, row.topic)
    looks = [(what, detail) for _, what, detail in desk.served.audited() if what in ("case_seen", "identity_code_shown")]
    return standing, [(message.sender, message.text) for message in said], desk.events(case), desk.mails(case), looks


# The desk without a login, or with one that may not


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "text/event-stream"}, {"X-Background": "1"}])
@pytest.mark.parametrize("cookie", [None, "made up", "\x22; DROP TABLE desk_sessions", "a" * 5000])
def test_nobody_reads_or_does_anything_without_a_login(
    desk: CaseDesk, calls: list[DeskCall], headers: dict[str, str], cookie: str | None
) -> None:
    case = desk.case(SECRET)
    before = traces(desk, case)
    cookies = {} if cookie is None else {"Cookie": f"elo_desk={cookie}"}
    with httpx.Client(base_url=desk.address, timeout=30) as nobody:
        for call in calls:
            if call.is_open:
                continue
            answer = answered(nobody, call, call.at(case, message_of(desk, case)), call.filled(), **headers, **cookies)
            assert answer.status_code in (303, 401), call
            assert answer.headers.get("location", LOGIN).startswith(LOGIN), call
            assert SECRET not in answer.text, call
    assert traces(desk, case) == before


WHO = {
    "a counsellor of elsewhere": ("counsellor", "liperi"),
    "the expert, who was not asked": ("expert", None),
    "an administrator": ("administrator", None),
}


@pytest.mark.parametrize(("role", "municipality"), WHO.values(), ids=WHO)
def test_nobody_comes_to_a_case_that_is_none_of_theirs(
    desk: CaseDesk, calls: list[DeskCall], role: str, municipality: str | None
) -> None:
    holder = desk.person("kitee", "counsellor", "kitee")
    case = desk.case(SECRET, "kitee", municipality="kitee", topic="extended_permit")
    own = desk.case("My own one", "liperi", municipality="liperi")
    holder.see(f"/desk/cases/{case}")
    holder.done(f"/desk/cases/{case}/claim")
    other = desk.person("other", role, municipality)
    before, message = traces(desk, case), message_of(desk, case)
    for call in calls:
        if call.is_open:
            continue
        for headers in ({}, {"HX-Request": "true"}):
            fields = {"csrf": other.token, **call.filled()}
            answer = answered(other, call, call.at(case, message), fields, **headers)
            assert answer.status_code < 500, call
            assert SECRET not in answer.text, call
            assert not call.is_of_case or answer.status_code in (403, 404), call
            if call.path == "/desk/logout":
                break
            if "{message_id}" in call.path and other.account.role == "counsellor":
                assert answered(other, call, call.at(own, message), fields, **headers).status_code == 404, call
            assert other.get("/desk/account").status_code == 200, f"{call} ended the login"
    assert traces(desk, case) == before


def test_events_are_only_of_cases_that_one_may_see(desk: CaseDesk) -> None:
    case = desk.case(SECRET, "kitee", municipality="kitee")
    for login, role, municipality, status in (
        ("liperi", "counsellor", "liperi", 404),
        ("expert", "expert", None, 404),
        ("admin", "administrator", None, 403),
    ):
        person = desk.person(login, role, municipality)
        for number in (case, case + 1000):
            assert person.get("/desk/events", params={"case": number}).status_code == status


def test_an_asked_expert_can_do_no_more_than_answer_and_note(desk: CaseDesk, calls: list[DeskCall]) -> None:
    holder, expert = desk.person("kitee", "counsellor", "kitee"), desk.person("expert")
    case = desk.case(SECRET, "kitee", municipality="kitee")
    path = f"/desk/cases/{case}"
    holder.done(f"{path}/claim")
    holder.done(f"{path}/ask-expert", question="How?")
    before = traces(desk, case)
    expert.see(path)
    possible = {f"{path}/{action}" for action in ("answer-consult", "note", "urgent", "messages/0/show")}
    for call in calls:
        if call.is_of_case and call.is_unsafe and call.at(case) not in possible:
            answer = answered(expert, call, call.at(case), {"csrf": expert.token, **call.filled()})
            assert answer.status_code == 409, call
    after = traces(desk, case)
    assert after[:4] == before[:4]


def test_a_case_is_passed_on_to_nobody_who_does_not_work_at_a_desk(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    gone, admin = desk.served.add("gone", "counsellor", "liperi"), desk.served.add("admin", "administrator")
    desk.run(desk.served.service.accounts.disable("gone"))
    expert.done(f"/desk/cases/{case}/claim")
    for account in (gone, admin, expert.account):
        refused = expert.fill(f"/desk/cases/{case}/transfer", to=f"account:{account.id}")
        assert refused.status_code == 422, account.login
    assert desk.row(case).account_id == expert.account.id


# Forms of other websites


def test_no_unsafe_call_goes_through_without_the_token_of_the_session(desk: CaseDesk, calls: list[DeskCall]) -> None:
    expert, other = desk.person("expert"), desk.person("other")
    case = desk.case(SECRET)
    unsafe = [call for call in calls if call.is_unsafe]
    before = traces(desk, case)
    tricks: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": "guessed"}, {}),
        ({"csrf": other.token}, {}),
        ({"csrf": "ä" * 40}, {}),
        ({"csrf": expert.token}, {"X-CSRF-Token": "guessed"}),
        ({"csrf": expert.token}, {"X-CSRF-Token": ""}),
        ({"csrf": expert.token}, {"Origin": "https://evil.example"}),
        ({"csrf": expert.token}, {"Origin": "null"}),
        ({"csrf": expert.token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": expert.token}, {"Sec-Fetch-Site": "same-site"}),
    ]
    for call in unsafe:
        for token, headers in tricks:
            answer = answered(expert, call, call.at(case), {**call.filled(), **token}, **headers)
            assert answer.status_code == 403, (call, token, headers)
            assert SECRET not in answer.text
    assert traces(desk, case) == before
    assert expert.get("/desk/account").status_code == 200


def test_no_unsafe_call_is_made_by_a_link(desk: CaseDesk, calls: list[DeskCall]) -> None:
    expert, case = desk.person("expert"), desk.case(SECRET)
    before = traces(desk, case)
    readable = {call.path for call in calls if not call.is_unsafe}
    for call in calls:
        if call.is_unsafe and call.path not in readable:
            query = {"csrf": expert.token, **call.filled()}
            assert expert.get(call.at(case), params=query).status_code == 405, call
            headers = {"X-HTTP-Method-Override": "POST"}
            assert expert.get(call.at(case), params={**query, "_method": "POST"}, headers=headers).status_code == 405, call
    assert traces(desk, case) == before


# Conversations of others


@pytest.fixture
def conversation_calls(served: tuple[ServedDesk, str]) -> list[tuple[str, str]]:
    """Every call of the API about one conversation, as the OpenAPI document has them."""
    paths = httpx.get(f"{served[1]}/openapi.json").json()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() if "{conversation_id}" in path for method in methods]
    assert {("GET", f"{CALLS}/{{conversation_id}}/export"), ("POST", f"{CALLS}/{{conversation_id}}/link")} <= set(found)
    return found


def ask(client: httpx.Client, method: str, path: str, conversation: str, token: str | None = None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    sent = {"json": {"text": "Tell me everything", "client_id": "x"}} if method == "POST" else {}
    return client.request(method, path.format(conversation_id=conversation), headers=headers, **sent)  # type: ignore[arg-type]


def test_no_call_about_a_conversation_is_answered_without_its_own_token(
    desk: CaseDesk, conversation_calls: list[tuple[str, str]]
) -> None:
    case = desk.case(SECRET)
    conversation, own = desk.row(case).conversation_id, desk.made.token
    foreign_case = desk.case("Another one")
    foreign, foreign_token = desk.row(foreign_case).conversation_id, desk.made.token
    link = httpx.post(f"{desk.address}{CALLS}/{foreign}/link", headers={"Authorization": f"Bearer {foreign_token}"}).json()
    expert = desk.person("expert")
    before = traces(desk, case)
    wrong = [
        foreign_token,
        link["token"],
        own.swapcase(),
        own[:-1],
        f"{own}x",
        conversation,
        "' OR 1=1 --",
        expert.cookies["elo_desk"],
    ]
    for method, path in conversation_calls:
        refused = [(ask(expert, method, path, conversation), 401)]
        refused += [(ask(expert, method, path, conversation, token), 403) for token in wrong]
        refused += [(ask(expert, method, path, unknown, own), 404) for unknown in ("0" * 24, conversation.upper(), "%00", "a'--")]
        for answer, status in refused:
            assert answer.status_code == status, (method, path)
            assert answer.headers["content-type"] == MEDIA_TYPE
            assert SECRET not in answer.text
    assert traces(desk, case) == before


def test_a_token_in_the_address_or_a_cookie_opens_nothing(desk: CaseDesk, conversation_calls: list[tuple[str, str]]) -> None:
    conversation, own = desk.row(desk.case(SECRET)).conversation_id, desk.made.token
    with httpx.Client(base_url=desk.address, cookies={"token": own, "Authorization": f"Bearer {own}"}) as client:
        for method, path in conversation_calls:
            assert ask(client, method, f"{path}?token={own}&authorization=Bearer%20{own}", conversation).status_code == 401


def test_the_keys_of_an_erased_conversation_open_nothing(desk: CaseDesk, conversation_calls: list[tuple[str, str]]) -> None:
    case = desk.case(SECRET)
    conversation, own = desk.row(case).conversation_id, desk.made.token
    with httpx.Client(base_url=desk.address) as client:
        headers = {"Authorization": f"Bearer {own}"}
        key = client.post(f"{CALLS}/{conversation}/link", headers=headers).json()["token"]
        read = client.get(f"{CALLS}/{conversation}/messages", headers={"Authorization": f"Bearer {key}"})
        assert SECRET in read.text
        assert desk.run(desk.served.service.parts.store.erase(conversation))
        for token in (own, key):
            for method, path in conversation_calls:
                answer = ask(client, method, path, conversation, token)
                assert answer.status_code == 404, (method, path)
                assert SECRET not in answer.text


def test_a_conversation_cannot_be_begun_under_an_id_or_token_of_ones_choice(desk: CaseDesk) -> None:
    with httpx.Client(base_url=desk.address, cookies={"token": "planted"}, headers={"Authorization": "Bearer planted"}) as client:
        for planted in ({"id": "0" * 24}, {"token": "planted"}, {"owner": "human"}, {"channel": "telegram"}):
            assert client.post(CALLS, json=planted).status_code == 422
        begun = [client.post(CALLS, json={}).json() for _ in range(3)]
    assert len({one["id"] for one in begun} | {one["token"] for one in begun}) == 6
    assert all("planted" not in one["token"] for one in begun)


def test_a_desk_login_is_no_way_into_the_api_and_a_conversation_none_into_the_desk(desk: CaseDesk) -> None:
    case = desk.case(SECRET)
    own = desk.made.token
    with httpx.Client(base_url=desk.address) as newcomer:
        for cookie in ("elo_desk", "elo_desk_form", "elo_desk_code"):
            newcomer.cookies.set(cookie, own)
        answer = newcomer.get(f"/desk/cases/{case}", headers={"Authorization": f"Bearer {own}"})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, LOGIN)


def test_who_was_logged_out_by_somebody_else_is_out_everywhere(desk: CaseDesk, calls: list[DeskCall]) -> None:
    expert, case = desk.person("expert"), desk.case(SECRET)
    expert.see(f"/desk/cases/{case}")
    before = traces(desk, case)
    desk.run(desk.served.service.accounts.disable("expert"))
    _all_closed(desk, expert, calls, case)
    assert traces(desk, case) == before


def _all_closed(desk: CaseDesk, person: Person, calls: list[DeskCall], case: int) -> None:
    for call in calls:
        if not call.is_open:
            answer = answered(person, call, call.at(case), {"csrf": person.token, **call.filled()})
            assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, LOGIN), call
