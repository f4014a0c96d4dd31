"""The desk's pages of cases as they are served, with a real database: every action, every refusal, and what nobody may see."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

import httpx
import pytest

from bot.desk.canned import canned_replies
from bot.desk.case_actions import LONGEST_DETAIL
from bot.handoff.cases import LONGEST_WORDS
from bot.messages import Message
from bot.showing import show_answer
from tests.desk_people import NOON
from tests.made_cases import CODE, newcomer_says
from tests.service.case_desk import CaseDesk, Person, words_of

# The queue


def test_the_queue_shows_what_waits_with_what_is_known_of_it(desk: CaseDesk) -> None:
    case = desk.case("My permit is late", municipality="kitee", language="ru", interpreter=True, topic="extended_permit")
    desk.served.clock.forward(hours=3)
    page = words_of(desk.person("expert").see("/desk"))
    assert f"Case {case}: Extended permit" in page
    assert "My permit is late Chat now Kitee Russian, interpreter needed waiting 3 hours" in page
    assert "Waiting 1" in page


def test_an_administrator_sees_their_account_and_no_case(desk: CaseDesk) -> None:
    case = desk.case("My permit is late")
    administrator = desk.person("admin", "administrator")
    start = administrator.see("/desk")
    assert "The administrator" in start.text
    assert "My permit is late" not in start.text
    for path in ("/desk/queue", "/desk/waiting", "/desk/closed", "/desk/events"):
        assert administrator.get(path).status_code == 403, path
    for path in ("", "/messages?after=0", "/state", "/timeline", "/suggestions"):
        answer = administrator.get(f"/desk/cases/{case}{path}")
        assert answer.status_code == 404, path
        assert "My permit is late" not in answer.text


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_page_of_a_case_can_be_read_in_both_languages(desk: CaseDesk, language: str) -> None:
    counsellor = desk.person("kitee", "counsellor", "kitee", language=language)
    desk.person("expert", language=language)
    asked = {"asked": ["What now?"], "answers": [{"id": "x", "title": "Permit", "sources": ["Migri"]}], "topic": None}
    told = {"audience": "employer", "email": "a@example.fi", "wished_time": "Friday", "summary": asked}
    for way in ("chat", "callback", "appointment", "question"):
        case = desk.case("Help", "kitee", municipality="kitee", way=way, interpreter=True, **told)
        path = f"/desk/cases/{case}"
        counsellor.see(path)
        counsellor.done(f"{path}/urgent", urgent="true")
        counsellor.done(f"{path}/claim")
        counsellor.done(f"{path}/note", note="A note")
        counsellor.done(f"{path}/ask-expert", question="How?")
        counsellor.done(f"{path}/write", words="Hello")
        counsellor.done(f"{path}/appointment", day="2026-11-30", time=f"1{case % 10}:00", medium="phone")
        counsellor.done(f"{path}/appointment/cancel")
        counsellor.done(f"{path}/give-back")
        assert counsellor.get(path).status_code == 200
        page = counsellor.done(f"{path}/resolve", outcome="answered", detail="Told how")
        assert page.status_code == 200
    assert counsellor.get("/desk").status_code == 200
    assert counsellor.get("/desk/closed").status_code == 200


# What is done to a case


def test_a_case_from_claim_to_close(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case("My permit is late")
    path = f"/desk/cases/{case}"
    expert.see(path)
    claimed = expert.done(f"{path}/claim")
    assert "The case is yours." in claimed.text
    assert desk.owner(case) == "human"
    written = expert.done(f"{path}/write", words="Hello, I am <b>reading</b>.", once="a1")
    assert "Hello, I am &lt;b&gt;reading&lt;/b&gt;." in written.text
    closed = expert.done(f"{path}/resolve", outcome="referred", topic="extended_permit", detail="To the authority")
    assert "The case is closed." in closed.text
    row = desk.row(case)
    assert (row.state, row.outcome, row.topic, row.outcome_detail) == (
        "resolved",
        "referred",
        "extended_permit",
        "To the authority",
    )
    assert desk.owner(case) == "bot"
    assert f"Case {case}: Extended permit" in words_of(expert.see("/desk/closed"))
    assert [kind for kind, _ in desk.events(case)] == ["created", "claimed", "resolved"]


def test_release_give_back_and_urgency(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    path = f"/desk/cases/{case}"
    expert.done(f"{path}/claim")
    expert.done(f"{path}/give-back")
    assert (desk.row(case).state, desk.owner(case)) == ("claimed", "bot")
    expert.done(f"{path}/urgent", urgent="true")
    assert desk.row(case).urgent
    expert.done(f"{path}/urgent", urgent="false")
    assert not desk.row(case).urgent
    released = expert.done(f"{path}/release")
    assert "The case is in the queue again." in released.text
    assert (desk.row(case).state, desk.row(case).account_id) == ("queued", None)


def test_a_case_is_passed_on_to_a_desk_or_a_colleague(desk: CaseDesk) -> None:
    kitee, expert = desk.person("kitee", "counsellor", "kitee"), desk.person("expert")
    case = desk.case(desk="kitee")
    path = f"/desk/cases/{case}"
    page = kitee.done(f"{path}/claim")
    assert 'value="desk:expert"' in page.text
    assert f'value="account:{expert.account.id}"' in page.text
    assert f'value="account:{kitee.account.id}"' not in page.text
    gone = kitee.done(f"{path}/transfer", to="desk:expert")
    assert "The case was passed on." in gone.text
    assert gone.url.path == "/desk"
    assert kitee.get(path).status_code == 404
    assert (desk.row(case).desk, desk.row(case).state) == ("expert", "queued")
    expert.done(f"{path}/claim")
    expert.done(f"{path}/transfer", to=f"account:{kitee.account.id}")
    row = desk.row(case)
    assert (row.desk, row.state, row.account_id) == ("kitee", "claimed", kitee.account.id)
    assert kitee.get(path).status_code == 200


@pytest.mark.parametrize("to", ["", "desk:liperi", "desk:nowhere", "account:999", "account:0", "x\x00y"])
def test_a_case_is_passed_on_only_to_where_somebody_works(desk: CaseDesk, to: str) -> None:
    expert, case = desk.person("expert"), desk.case()
    refused = expert.fill(f"/desk/cases/{case}/transfer", to=to)
    assert refused.status_code == 422
    assert "Choose to whom the case is passed on." in refused.text
    assert desk.row(case).state == "queued"


def test_a_counsellor_asks_the_expert_who_answers_in_private(desk: CaseDesk) -> None:
    kitee, expert = desk.person("kitee", "counsellor", "kitee"), desk.person("expert")
    case = desk.case(desk="kitee", municipality="kitee")
    path = f"/desk/cases/{case}"
    kitee.done(f"{path}/claim")
    assert expert.get(path).status_code == 404
    kitee.done(f"{path}/ask-expert", question="Which form is it?")
    assert f"Case {case}" in words_of(expert.see("/desk"))
    assert "Which form is it?" in expert.see(path).text
    answered = expert.done(f"{path}/answer-consult", reply="Form TP")
    assert "Your colleague has your answer." in answered.text
    assert answered.url.path == "/desk"
    assert expert.get(path).status_code == 404
    assert "Form TP" in kitee.see(path).text
    assert desk.row(case).account_id == kitee.account.id
    assert "Form TP" not in str(desk.run(desk.made.store.messages(desk.row(case).conversation_id)))


def test_notes_are_private(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    page = expert.done(f"/desk/cases/{case}/note", note="Call on Friday")
    assert "Call on Friday" in page.text
    assert "Call on Friday" not in str(desk.run(desk.made.store.messages(desk.row(case).conversation_id)))


# Refusals: somebody was quicker, something was left out, a button was pressed twice


def test_who_comes_second_is_told_so_and_can_go_on(desk: CaseDesk) -> None:
    first, second, case = desk.person("first"), desk.person("second"), desk.case()
    path = f"/desk/cases/{case}"
    second.see(path)
    first.done(f"{path}/claim")
    refused = second.fill(f"{path}/claim")
    assert refused.status_code == 409
    assert "Somebody else was quicker and has claimed this case." in refused.text
    assert f'action="{path}/note"' in refused.text
    for action, fields in (
        ("write", {"words": "My long reply"}),
        ("resolve", {"outcome": "answered", "detail": "My detail"}),
        ("release", {}),
        ("give-back", {}),
        ("transfer", {"to": f"account:{first.account.id}"}),
        ("ask-expert", {"question": "Mine"}),
        ("answer-consult", {"reply": "Mine"}),
        ("appointment", {"day": "2026-11-30", "time": "10:00", "medium": "phone"}),
        ("appointment/change", {"day": "2026-11-30", "time": "10:00", "medium": "phone"}),
        ("appointment/cancel", {}),
    ):
        refused = second.fill(f"{path}/{action}", **fields)
        assert refused.status_code == 409, action
        assert 'role="alert"' in refused.text
    assert desk.row(case).account_id == first.account.id


def test_an_ended_case_takes_nothing_but_notes(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    path = f"/desk/cases/{case}"
    desk.run(desk.made.cases.withdraw(desk.row(case).conversation_id))
    for action, fields in (("claim", {}), ("urgent", {"urgent": "true"}), ("write", {"words": "Hello"})):
        assert expert.fill(f"{path}/{action}", **fields).status_code == 409, action
    expert.done(f"{path}/note", note="They found help elsewhere")


def test_what_was_typed_is_kept_when_it_cannot_be_sent(desk: CaseDesk) -> None:
    expert, other, case = desk.person("expert"), desk.person("other"), desk.case()
    path = f"/desk/cases/{case}"
    expert.done(f"{path}/claim")
    expert.done(f"{path}/transfer", to=f"account:{other.account.id}")
    part = expert.post(f"{path}/write", data={"words": "Half an hour's work"}, headers=htmx(expert))
    assert part.status_code == 409
    assert "Half an hour&#39;s work</textarea>" in part.text
    assert "<html" not in part.text
    other.see(path)
    refused = other.fill(f"{path}/resolve", detail="What I did")
    assert refused.status_code == 422
    assert "Choose what came of the case." in refused.text
    assert "What I did</textarea>" in refused.text


def htmx(person: Person) -> dict[str, str]:
    """What htmx sends along."""
    return {"HX-Request": "true", "X-CSRF-Token": person.token}


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST_WORDS + 1), "a\x00b"])
@pytest.mark.parametrize(("action", "field"), [("write", "words"), ("note", "note"), ("ask-expert", "question")])
def test_words_that_are_empty_or_too_long_are_refused(desk: CaseDesk, action: str, field: str, words: str) -> None:
    kitee, case = desk.person("kitee", "counsellor", "kitee"), desk.case(desk="kitee")
    kitee.done(f"/desk/cases/{case}/claim")
    refused = kitee.fill(f"/desk/cases/{case}/{action}", **{field: words})
    assert refused.status_code == 422
    assert "Write something, but at most 4,000 characters." in refused.text
    assert [kind for kind, _ in desk.events(case)] == ["created", "claimed"]


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "won"},
        {"outcome": "answered", "topic": "no_such_topic"},
        {"outcome": "answered", "detail": "x" * (LONGEST_DETAIL + 1)},
        {"outcome": "answered", "detail": "a\x00b"},
    ],
)
def test_a_case_is_closed_only_with_what_the_reports_know(desk: CaseDesk, fields: dict[str, str]) -> None:
    expert, case = desk.person("expert"), desk.case()
    expert.done(f"/desk/cases/{case}/claim")
    assert expert.fill(f"/desk/cases/{case}/resolve", **fields).status_code == 422
    assert desk.row(case).state == "claimed"


def test_later_it_is_no_second_press_but_something_that_cannot_be_done(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    path = f"/desk/cases/{case}"
    expert.done(f"{path}/claim")
    expert.done(f"{path}/note", note="A note")
    assert expert.fill(f"{path}/note", note="").status_code == 422
    expert.done(f"{path}/release")
    desk.served.clock.forward(minutes=1)
    assert expert.fill(f"{path}/release").status_code == 409


def test_a_button_pressed_twice_does_it_once(desk: CaseDesk) -> None:
    kitee, expert = desk.person("kitee", "counsellor", "kitee"), desk.person("expert")
    case = desk.case(desk="kitee", municipality="kitee")
    path = f"/desk/cases/{case}"
    for person, action, fields in (
        (kitee, "claim", {}),
        (kitee, "write", {"words": "Hello", "once": "f00"}),
        (kitee, "note", {"note": "A note"}),
        (kitee, "ask-expert", {"question": "How?"}),
        (kitee, "appointment", {"day": "2026-11-30", "time": "10:00", "medium": "phone"}),
        (kitee, "appointment/change", {"day": "2026-11-30", "time": "11:00", "medium": "phone"}),
        (kitee, "appointment/cancel", {}),
        (kitee, "urgent", {"urgent": "true"}),
        (kitee, "give-back", {}),
        (kitee, "resolve", {"outcome": "answered"}),
    ):
        for _ in range(2):
            assert person.fill(f"{path}/{action}", **fields).status_code == 303, action
    kinds = [kind for kind, _ in desk.events(case)]
    assert kinds == [
        "created", "claimed", "note", "consult", "time_booked", "time_changed", "time_cancelled", "urgent",
        "given_back", "resolved",
    ]  # fmt: skip
    said = desk.run(desk.made.store.messages(desk.row(case).conversation_id))
    assert [message.text for message in said if message.sender == "expert"] == ["Hello"]
    assert expert.get(path).status_code == 404


def test_the_same_words_may_be_sent_twice_on_purpose(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    path = f"/desk/cases/{case}"
    expert.done(f"{path}/claim")
    for once in ("first", "second"):
        expert.done(f"{path}/write", words="Are you there?", once=once)
    said = desk.run(desk.made.store.messages(desk.row(case).conversation_id))
    assert [message.text for message in said if message.sender == "expert"] == ["Are you there?"] * 2


# Who may not


def test_a_counsellor_of_another_municipality_finds_no_such_case(desk: CaseDesk) -> None:
    liperi = desk.person("liperi", "counsellor", "liperi")
    case = desk.case("Only for Kitee", "kitee", municipality="kitee")
    message = desk.run(desk.made.store.messages(desk.row(case).conversation_id))[0]
    path = f"/desk/cases/{case}"
    for part in ("", "/messages?after=0", "/state", "/timeline", "/suggestions"):
        answer = liperi.get(path + part)
        assert answer.status_code == 404, part
        assert "Only for Kitee" not in answer.text
    assert liperi.get(f"/desk/events?case={case}").status_code == 404
    for action, fields in ACTIONS.items():
        assert liperi.fill(f"{path}/{action}", **fields).status_code == 404, action
    assert liperi.fill(f"{path}/messages/{message.id}/show").status_code == 404
    assert "Only for Kitee" not in liperi.see("/desk").text
    assert [kind for kind, _ in desk.events(case)] == ["created"]
    assert not desk.audited("case_seen")


ACTIONS: dict[str, dict[str, str]] = {
    "claim": {},
    "release": {},
    "give-back": {},
    "urgent": {"urgent": "true"},
    "transfer": {"to": "desk:expert"},
    "ask-expert": {"question": "How?"},
    "answer-consult": {"reply": "So."},
    "note": {"note": "A note"},
    "write": {"words": "Hello"},
    "resolve": {"outcome": "answered"},
    "appointment": {"day": "2026-11-30", "time": "10:00", "medium": "phone"},
    "appointment/change": {"day": "2026-11-30", "time": "10:00", "medium": "phone"},
    "appointment/cancel": {},
    "messages/0/show": {},
}


def test_nothing_is_done_without_the_token_of_the_session(desk: CaseDesk) -> None:
    expert, other, case = desk.person("expert"), desk.person("other"), desk.case(f"My code is {CODE}")
    path = f"/desk/cases/{case}"
    for token in ("", "guessed", other.token):
        for action, fields in ACTIONS.items():
            refused = expert.post(f"{path}/{action}", data={"csrf": token, **fields})
            assert refused.status_code == 403, action
            assert CODE not in refused.text
    assert [kind for kind, _ in desk.events(case)] == ["created"]


def test_nothing_is_seen_or_done_without_a_login(desk: CaseDesk) -> None:
    case = desk.case("A secret matter")
    with httpx.Client(base_url=desk.address) as nobody:
        for path in ("/desk", "/desk/queue", "/desk/closed", f"/desk/cases/{case}", f"/desk/cases/{case}/messages?after=0"):
            answer = nobody.get(path)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/desk/login")
        for action, fields in ACTIONS.items():
            assert nobody.post(f"/desk/cases/{case}/{action}", data=fields).status_code == 303
        assert nobody.get("/desk/events", headers={"Accept": "text/event-stream"}).status_code == 401
    assert [kind for kind, _ in desk.events(case)] == ["created"]


@pytest.mark.parametrize("path", ["0", "-1", "x", "9" * 30, "1/../../account"])
def test_an_address_without_a_case_is_a_plain_page(desk: CaseDesk, path: str) -> None:
    assert desk.person("expert").get(f"/desk/cases/{path}").status_code in (200, 404, 422)


# What newcomers and colleagues write is text

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}'\"</textarea></title>"


def test_whatever_is_written_is_shown_as_text(desk: CaseDesk) -> None:
    kitee = desk.person("kitee", "counsellor", "kitee")
    summary = {"topic": EVIL, "asked": [EVIL], "answers": [{"id": EVIL, "title": EVIL, "sources": [EVIL]}], "messages": 1}
    told = {"wished_time": EVIL, "summary": summary, "email": "a@example.fi", "audience": EVIL[:20]}
    case = desk.case(EVIL, "kitee", municipality="kitee", topic=EVIL, **told)
    path = f"/desk/cases/{case}"
    kitee.done(f"{path}/claim")
    kitee.done(f"{path}/write", words=EVIL)
    kitee.done(f"{path}/note", note=EVIL)
    kitee.done(f"{path}/ask-expert", question=EVIL)
    refused = kitee.fill(f"{path}/appointment", day=EVIL, time=EVIL, medium=EVIL, link=EVIL)
    pages = [
        refused,
        kitee.fill(f"{path}/resolve", outcome=EVIL, topic=EVIL, detail=EVIL),
        kitee.post(f"{path}/write", data={"words": EVIL * 100}, headers=htmx(kitee)),
        kitee.done(f"{path}/resolve", outcome="answered", detail=EVIL),
        *(kitee.get(path + part) for part in ("", "/messages?after=0", "/state?seen=" + EVIL, "/timeline", "/suggestions")),
        kitee.get(f"{path}?done={EVIL}"),
        kitee.get("/desk"),
        kitee.get(f"/desk?done={EVIL}"),
        kitee.get("/desk/closed"),
    ]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\S+)", page.text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0].text


# Identity codes


def test_identity_codes_are_masked_until_somebody_asks_which_is_noted(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    case = desk.case("My permit is late", said=f"I am {CODE}, help", wished_time=f"when {CODE} fits")
    path = f"/desk/cases/{case}"
    message = desk.run(desk.made.store.messages(desk.row(case).conversation_id))[0]
    for part in ("", "/messages?after=0", "/state", "/timeline"):
        assert CODE not in expert.see(path + part).text, part
    assert CODE not in expert.see("/desk").text
    page = expert.see(path)
    assert "I am [identity code], help" in page.text
    assert not desk.audited("identity_code_shown")
    shown = expert.post(f"{path}/messages/{message.id}/show", headers=htmx(expert))
    assert f"I am {CODE}, help" in shown.text
    assert "<html" not in shown.text
    assert desk.audited("identity_code_shown") == [("expert", f"message {message.id}")]
    assert CODE not in expert.see(path).text


def test_codes_are_shown_without_scripts_too(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case(f"I am {CODE}")
    path = f"/desk/cases/{case}"
    expert.see(path)
    matter = expert.fill(f"{path}/messages/0/show")
    assert matter.text.count(CODE) == 1
    first = desk.run(desk.made.store.messages(desk.row(case).conversation_id))[0]
    for number in range(250):
        desk.say(case, newcomer_says(f"message {number}", NOON))
    page = expert.fill(f"{path}/messages/{first.id}/show")
    assert page.text.count(CODE) == 1
    assert desk.audited("identity_code_shown") == [("expert", "matter"), ("expert", f"message {first.id}")]


def test_a_message_of_another_case_is_not_shown(desk: CaseDesk) -> None:
    kitee = desk.person("kitee", "counsellor", "kitee")
    own, foreign = desk.case(desk="kitee"), desk.case(f"I am {CODE}", "liperi")
    message = desk.run(desk.made.store.messages(desk.row(foreign).conversation_id))[0]
    assert kitee.fill(f"/desk/cases/{own}/messages/{message.id}/show").status_code == 404
    assert not desk.audited("identity_code_shown")


def test_every_look_at_a_case_is_noted_but_no_refreshing(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    path = f"/desk/cases/{case}"
    expert.see(path)
    for part in ("/messages?after=0", "/state", "/timeline", "/suggestions"):
        expert.get(path + part, headers={"X-Background": "1"})
    expert.see(path)
    assert desk.audited("case_seen") == [("expert", None)] * 2


# Transcript and suggestions


def test_the_transcript_has_what_the_guide_answered_and_from_where(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    content = desk.served.service.parts.guide.content
    answer = next(iter(content.answers.values()))
    reply = answered_with(desk, answer.id)
    desk.say(case, reply)
    page = expert.see(f"/desk/cases/{case}")
    assert reply.answer is not None
    assert reply.answer.title in page.text
    assert reply.answer.sources[0].title in page.text
    assert f"checked {reply.answer.sources[0].checked_on.day} " in page.text


def answered_with(desk: CaseDesk, answer_id: str) -> Message:
    content = desk.served.service.parts.guide.content
    shown = show_answer(content.answers[answer_id], content, "en", NOON, None)
    said = newcomer_says("Here is what I know.", NOON)
    return said.model_copy(update={"sender": "bot", "kind": "answer", "status": "answered", "answer": shown})


def test_new_messages_come_alone_and_say_when_the_newcomer_wrote(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case("first")
    path = f"/desk/cases/{case}"
    last = desk.run(desk.made.store.messages(desk.row(case).conversation_id))[-1].id
    nothing = expert.get(f"{path}/messages?after={last}")
    assert "<li" not in nothing.text
    assert "HX-Trigger" not in nothing.headers
    desk.say(case, newcomer_says("second", NOON))
    news = expert.get(f"{path}/messages?after={last}")
    assert "second" in news.text
    assert "first" not in news.text
    assert news.headers["HX-Trigger"] == "newcomer-wrote"


def test_answers_are_suggested_in_the_newcomers_language_for_what_they_wrote_last(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case("Something else", language="fi")
    desk.say(case, newcomer_says("Miten haen pysyvää oleskelulupaa?", NOON, "fi"))
    found = expert.get(f"/desk/cases/{case}/suggestions")
    content = desk.served.service.parts.guide.content
    titles = re.findall(r'<h3 lang="fi" dir="ltr">([^<]+)</h3>', found.text)
    assert len(titles) == 3
    ids = re.findall(r'id="insert-(\w+)"', found.text)
    assert "permanent_residence_permit" in {content.answers[each].topic for each in ids}
    assert found.text.count("tarkistettu") + found.text.count("checked") == 3
    assert all(each in content.answers for each in ids)


def test_ready_replies_are_in_the_newcomers_language(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    for language, shown in (("ar", "ar"), ("th", "en")):
        case = desk.case(language=language)
        page = expert.done(f"/desk/cases/{case}/claim")
        for reply in canned_replies():
            assert f'id="insert-{reply.id}"' in page.text
        assert canned_replies()[0].text[shown] in page.text


# Appointments


def test_an_appointment_is_booked_changed_and_cancelled(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    case = desk.case(email="newcomer@example.fi", way="callback")
    path = f"/desk/cases/{case}"
    expert.done(f"{path}/claim")
    booked = expert.done(f"{path}/appointment", day="2026-12-01", time="09:30", medium="phone")
    assert "The appointment is booked." in booked.text
    assert "Mail is off: this would be sent." in words_of(booked)
    appointment = desk.read(case, expert.account).booked
    assert appointment is not None
    assert (appointment.starts_at, appointment.medium) == (dt.datetime(2026, 12, 1, 7, 30, tzinfo=dt.UTC), "phone")
    link = "https://meet.example.fi/a?b=1&c=2"
    expert.done(f"{path}/appointment/change", day="2026-12-01", time="10:00", medium="teams", link=link)
    expert.done(f"{path}/appointment/cancel")
    assert desk.read(case, expert.account).booked is None
    said = [
        message for message in desk.run(desk.made.store.messages(desk.row(case).conversation_id)) if message.sender == "system"
    ]
    assert said[0].text == "Your appointment: Tuesday 1 December 09:30. By phone. You will be called."
    assert said[1].text.endswith(f"By Teams: {link}")
    assert '<a href="https://meet.example.fi/a?b=1&amp;c=2"' in said[1].html
    assert said[2].text.startswith("Your appointment was cancelled")
    mails = desk.mails(case)
    assert [(mail.to, mail.calendar_method) for mail in mails] == [
        ("newcomer@example.fi", "REQUEST"),
        ("newcomer@example.fi", "REQUEST"),
        ("newcomer@example.fi", "CANCEL"),
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"day": "", "time": "10:00", "medium": "phone"}, "Give the day and the time"),
        ({"day": "2026-11-30", "time": "25:00", "medium": "phone"}, "Give the day and the time"),
        ({"day": "2026-11-30", "time": "10:00", "medium": "pigeon"}, "Choose phone or Teams."),
        ({"day": "2026-11-23", "time": "10:00", "medium": "phone"}, "That time has passed."),
        ({"day": "0001-01-01", "time": "10:00", "medium": "phone"}, "That time does not exist"),
        ({"day": "9999-12-31", "time": "23:59", "medium": "phone"}, "That time does not exist"),
        ({"day": "2027-03-28", "time": "03:30", "medium": "phone"}, "That time does not exist"),
        ({"day": "2026-11-30", "time": "10:00", "medium": "teams", "link": "http://x.fi"}, "A link begins with https://"),
        ({"day": "2026-11-30", "time": "10:00", "medium": "teams", "link": "javascript:alert(1)"}, "A link begins with https://"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_reason(desk: CaseDesk, fields: dict[str, str], told: str) -> None:
    expert, case = desk.person("expert"), desk.case()
    expert.done(f"/desk/cases/{case}/claim")
    refused = expert.fill(f"/desk/cases/{case}/appointment", **fields)
    assert refused.status_code == 422
    assert told in refused.text
    assert desk.read(case, expert.account).booked is None
    assert not desk.mails(case)


def test_two_cases_do_not_get_the_same_time(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    cases = [desk.case(), desk.case()]
    for case in cases:
        expert.done(f"/desk/cases/{case}/claim")
    expert.done(f"/desk/cases/{cases[0]}/appointment", day="2026-11-30", time="10:00", medium="phone")
    refused = expert.fill(f"/desk/cases/{cases[1]}/appointment", day="2026-11-30", time="10:15", medium="phone")
    assert refused.status_code == 409
    assert "The desk has another appointment at that time." in refused.text
    assert 'value="10:15"' in refused.text
    another = expert.fill(f"/desk/cases/{cases[0]}/appointment", day="2026-11-30", time="12:00", medium="phone")
    assert another.status_code == 409
    assert "has an appointment already" in another.text


def test_the_newcomers_private_link_is_not_shown_to_the_desk(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case(email="newcomer@example.fi")
    mailing = desk.served.service.parts.handoff.mailing
    mailing._settings = desk.served.service.settings.model_copy(update={"public_url": "https://guide.example.fi"})
    try:
        expert.done(f"/desk/cases/{case}/claim")
        page = expert.done(f"/desk/cases/{case}/appointment", day="2026-11-30", time="10:00", medium="phone")
    finally:
        mailing._settings = desk.served.service.settings
    assert "#back=" in desk.mails(case)[0].body
    assert "https://guide.example.fi/chat#back=…" in page.text


# Events


def test_events_tell_of_the_queue_and_of_the_case(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    shown = re.findall(r'sse-connect="([^"]+)"', expert.see("/desk").text)[0]
    of_case = re.findall(r'sse-connect="([^"]+)"', expert.see(f"/desk/cases/{case}").text)[0].replace("&amp;", "&")
    with Listening(desk, expert, shown) as queue, Listening(desk, expert, of_case) as page:
        desk.say(case, newcomer_says("hello?", NOON))
        assert page.next() == f"case-{case}"
        new = desk.case("another")
        desk.run(tell(desk))
        assert queue.next() == "queue"
        assert page.next() == "queue"
        assert f"Case {new}" in words_of(expert.get("/desk/queue"))


def test_what_changed_before_the_line_was_there_is_told_at_once(desk: CaseDesk) -> None:
    expert, case = desk.person("expert"), desk.case()
    of_case = re.findall(r'sse-connect="([^"]+)"', expert.see(f"/desk/cases/{case}").text)[0].replace("&amp;", "&")
    desk.say(case, newcomer_says("hello?", NOON))
    with Listening(desk, expert, of_case) as page:
        assert page.next() == f"case-{case}"


def test_events_end_with_the_login(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    shown = re.findall(r'sse-connect="([^"]+)"', expert.see("/desk").text)[0]
    with Listening(desk, expert, shown) as queue:
        expert.fill("/desk/logout")
        desk.run(tell(desk))
        assert queue.next() is None


async def tell(desk: CaseDesk) -> None:
    desk.made.notifier.tell("desk")
    await asyncio.sleep(0)


class Listening:
    """A browser's line for events."""

    def __init__(self, desk: CaseDesk, person: Person, path: str) -> None:
        self._client = httpx.Client(base_url=desk.address, cookies=person.cookies, timeout=20)
        self._path = path

    def __enter__(self) -> Listening:
        self._context = self._client.stream("GET", self._path, headers={"Accept": "text/event-stream"})
        response = self._context.__enter__()
        assert response.status_code == 200
        self._lines = response.iter_lines()
        assert next(self._lines) == ": open"
        return self

    def next(self) -> str | None:
        """The name of the next event; None when the line ends."""
        return next((line.removeprefix("event: ") for line in self._lines if line.startswith("event: ")), None)

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)
        self._client.close()
