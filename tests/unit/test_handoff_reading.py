"""What a message means to the form of a hand-off."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from bot.handoff.contact_details import Reason
from bot.handoff.draft import Possible
from bot.handoff.form import SKIPPED, STEPS, YES, begun, draft_of, for_way, slot_key
from bot.handoff.reading import Again, Aside, Ended, Filled, Reading, Said, read
from bot.handoff.titles import titles_of
from bot.handoff.words import asker_in, comes_back_here, consent_in, has_nothing_to_add, wants_interpreter, way_in
from bot.texts import LANGUAGES, say_in_form

SLOT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
POSSIBLE = Possible(desk="expert", ways=["callback", "appointment", "question"], slots=[SLOT, SLOT + dt.timedelta(hours=1)])


def reading(step: str, text: str = "", act: str = "ask", **more: object) -> Reading:
    said = Said(text=text, act=act, **more)  # type: ignore[arg-type]
    return read(step, said, dict.fromkeys(STEPS), POSSIBLE, titles_of(step, POSSIBLE, {}, "en"))


@pytest.mark.parametrize(
    ("step", "text", "act", "expected"),
    [
        ("consent", "yes", "affirm", Filled({"consent": YES})),
        ("consent", "saat välittää", "nlu_fallback", Filled({"consent": YES})),
        ("consent", "ei", "deny", Ended("refused")),
        ("consent", "no, do not", "nlu_fallback", Ended("refused")),
        ("consent", "who sees it?", "ask", None),
        ("consent", "hm", "nlu_fallback", Again("consent_needed")),
        ("way", "call me", "ask_human", Filled(for_way("callback", {}))),
        ("way", "the second one", "choose", Filled(for_way("appointment", {}))),
        ("way", "let us chat", "nlu_fallback", Again("way_needed")),
        ("matter", "How much does the permit cost?", "ask", Filled({"matter": "How much does the permit cost?"})),
        ("matter", "hello", "greet", None),
        ("wished_time", "iltapäivällä", "greet", Filled({"wished_time": "iltapäivällä"})),
        ("wished_time", "kiitos", "thank", None),
        ("matter", "hello, my permit is late", "greet", Filled({"matter": "hello, my permit is late"})),
        ("matter", "I want to cancel my lease and move", "cancel", Filled({"matter": "I want to cancel my lease and move"})),
        ("matter", "cancel", "cancel", Ended("cancelled")),
        ("matter", "x" * 2001, "ask", Again("too_long")),
        ("addition", "that is all", "nlu_fallback", Filled({"addition": SKIPPED})),
        ("addition", "ei", "deny", Filled({"addition": SKIPPED})),
        ("addition", "yes", "affirm", Again("write_it")),
        ("addition", "my card ends in May", "ask", Filled({"addition": "my card ends in May"})),
        ("place", "Tampere", "ask", Again("place_needed")),
        ("place", "skip", "skip", Filled({"place": SKIPPED})),
        ("place", "how much does it cost?", "ask", None),
        ("asker", "as an employer", "set_audience", Filled({"asker": "employer"})),
        ("asker", "itselleni", "set_audience", Filled({"asker": "person"})),
        ("asker", "blue", "nlu_fallback", Again("asker_needed")),
        ("speak", "tarvitsen tulkin", "ask", Filled({"speak": "own"})),
        ("speak", "hm", "nlu_fallback", Again("speak_needed")),
        ("phone", "my number is 040 123 4567", "nlu_fallback", Filled({"phone": "+358401234567"})),
        ("phone", "0401", "nlu_fallback", Again("phone_too_short")),
        ("phone", "no", "deny", Again("phone_needed")),
        ("phone", "how much does it cost for two?", "ask", None),
        ("contact", "Maria@Example.com", "nlu_fallback", Filled({"contact": "Maria@example.com"})),
        ("contact", "write to maria@example.com", "nlu_fallback", Filled({"contact": "maria@example.com"})),
        ("contact", "maria @ example.com", "nlu_fallback", Again("email_spaces")),
        ("contact", "skip", "skip", Again("contact_needed")),
        ("contact_or_here", "palaan tänne", "nlu_fallback", Filled({"contact_or_here": SKIPPED})),
        ("contact_or_here", "+46 70 123 45 67", "nlu_fallback", Filled({"contact_or_here": "+46701234567"})),
        ("appointment", "the first", "choose", Filled({"appointment": slot_key(SLOT)})),
        ("appointment", "never", "nlu_fallback", Again("appointment_needed")),
        ("wished_time", "can you call after two?", "ask", Filled({"wished_time": "can you call after two?"})),
        ("wished_time", "any time", "skip", Filled({"wished_time": SKIPPED})),
        ("wished_time", "x" * 201, "ask", Again("too_long")),
        ("phone", "give me a human", "ask_human", Again("on_the_way")),
        ("phone", "say it again", "repeat", Again()),
        ("phone", "start over", "start_over", Ended("started_over")),
        ("phone", "delete everything", "erase_data", Ended("erasure_asked")),
        ("phone", "I need no help any more", "withdraw_case", Ended("cancelled")),
        ("phone", "in English please", "change_language", None),
    ],
)  # fmt: skip
def test_words(step: str, text: str, act: str, expected: Reading | None) -> None:
    found = reading(step, text, act)
    assert isinstance(found, Aside) if expected is None else found == expected


def test_the_municipality_and_the_language_are_those_that_are_named() -> None:
    assert reading("place", "asun Kiteellä", "set_municipality", places=("kitee",)) == Filled({"place": "kitee"})
    assert reading("speak", "suomeksi", "change_language", language="fi") == Filled({"speak": "fi"})


@pytest.mark.parametrize(
    ("step", "act", "carried", "expected"),
    [
        ("consent", "affirm", {"step": "consent"}, Filled({"consent": YES})),
        ("consent", "deny", {"step": "consent"}, Ended("refused")),
        ("phone", "deny", {"step": "consent"}, Again()),
        ("place", "skip", {"step": "place"}, Filled({"place": SKIPPED})),
        ("phone", "skip", {"step": "place"}, Again()),
        ("phone", "skip", {"step": "phone"}, Again()),
        ("phone", "cancel", {}, Ended("cancelled")),
        ("way", "handoff", {"way": "question"}, Filled(for_way("question", {}))),
        ("way", "handoff", {"way": "chat"}, Again("way_gone")),
        ("appointment", "handoff", {"at": "20261130t0900"}, Filled({"appointment": "20261130t0900"})),
        ("appointment", "handoff", {"at": "20261130t0930"}, Again("time_gone")),
        ("phone", "handoff", {"at": "20261130t0900"}, Again()),
        ("speak", "handoff", {"speak": "own"}, Filled({"speak": "own"})),
        ("speak", "handoff", {"speak": "xx"}, Again()),
        ("phone", "handoff", {"speak": "own"}, Again()),
        ("asker", "set_audience", {"audience": "employer"}, Filled({"asker": "employer"})),
        ("asker", "set_audience", {"audience": "nobody"}, Again("asker_needed")),
        ("place", "set_municipality", {"municipality": "atlantis"}, Again("place_needed")),
        ("phone", "ask_human", {}, Again("on_the_way")),
        ("phone", "set_municipality", {"municipality": "kitee"}, None),
        ("phone", "choose", {"answer": "library_card"}, None),
    ],
)
def test_buttons(step: str, act: str, carried: dict[str, str], expected: Reading | None) -> None:
    found = reading(step, "", act, carried=carried)
    assert isinstance(found, Aside) if expected is None else found == expected


def test_another_way_keeps_what_it_needs_and_passes_over_the_rest() -> None:
    gathered = {**begun("callback", None, None, None), "phone": "+358401234567"}
    values = for_way("callback", gathered)
    assert (values["phone"], values["wished_time"], values["contact"]) == ("+358401234567", None, SKIPPED)
    values = for_way("appointment", gathered | values)
    assert (values["phone"], values["contact"], values["appointment"]) == (SKIPPED, None, None)


def test_what_the_conversation_has_told_is_not_asked_again() -> None:
    values = begun("chat", "why so late", "kitee", "person")
    assert [step for step in STEPS if values[step] is None] == ["consent", "addition", "speak"]
    assert [step for step in STEPS if begun(None, None, None, None)[step] is None][:4] == ["consent", "way", "matter", "place"]


def test_the_draft_of_an_appointment() -> None:
    gathered = begun("appointment", "why so late", "kitee", None) | {
        "consent": YES, "addition": "since May", "asker": SKIPPED, "speak": "own",
        "contact": "maria@example.com", "appointment": slot_key(SLOT),
    }  # fmt: skip
    draft = draft_of(gathered, "uk")
    assert (draft.consent, draft.way, draft.slot) == (True, "appointment", SLOT)
    assert (draft.matter, draft.municipality, draft.audience) == ("why so late\n\nsince May", "kitee", None)
    assert (draft.language, draft.interpreter, draft.email, draft.phone) == ("uk", True, "maria@example.com", None)


def test_the_draft_of_a_callback() -> None:
    gathered = begun("callback", None, None, "employer") | {
        "consent": YES, "matter": "A worker from abroad", "place": SKIPPED, "speak": "en",
        "phone": "+358401234567", "wished_time": "after two",
    }  # fmt: skip
    draft = draft_of(gathered, "ru")
    assert (draft.phone, draft.email, draft.slot, draft.wished_time) == ("+358401234567", None, None, "after two")
    assert (draft.municipality, draft.audience, draft.language, draft.interpreter) == (None, "employer", "en", False)


def test_nothing_is_agreed_to_without_a_yes() -> None:
    assert not draft_of(begun("chat", "a", None, None), "fi").consent


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("soittakaa minulle", "callback"), ("haluan varata ajan", "appointment"), ("jätän kysymyksen", "question"),
        ("jutellaan nyt", "chat"), ("позвоните мне", "callback"), ("boka tid", "appointment"), ("اتصلوا بي", "callback"),
        ("call me to book a time", None), ("hello", None),
    ],
)  # fmt: skip
def test_a_way_is_named(text: str, way: str | None) -> None:
    assert way_in(text, ["chat", "callback", "appointment", "question"]) == way


def test_words_in_several_languages() -> None:
    assert [consent_in(text) for text in ("joo", "да", "نعم", "ok", "ні", "нет", "ei kiitos, en", "hm")] == [
        True, True, True, True, False, False, False, None,
    ]  # fmt: skip
    assert [asker_in(text) for text in ("yrityksemme", "для себя", "arbetsgivare", "auto")] == [
        "employer",
        "person",
        "employer",
        None,
    ]
    assert [wants_interpreter(text) for text in ("нужен переводчик", "in English")] == [True, False]
    assert [has_nothing_to_add(text) for text in ("siinä kaikki", "my permit ended")] == [True, False]
    assert [comes_back_here(text) for text in ("jag kommer tillbaka hit", "040")] == [True, False]


def test_every_reason_has_its_line_in_every_language() -> None:
    reasons = {*get_args(Reason), "way_gone", "time_gone", "too_long", "write_it", "on_the_way"}
    reasons |= {f"{step}_needed" for step in STEPS if step not in ("matter", "addition", "wished_time")}
    lines = {reason: {say_in_form(f"problem_{reason}", language) for language in LANGUAGES} for reason in reasons}
    assert {reason for reason, said in lines.items() if len(said) != len(LANGUAGES)} == set()
