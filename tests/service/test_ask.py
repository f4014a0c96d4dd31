"""``POST /api/v1/ask``: one question, nothing kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest

from bot.turns.steps import STEPS
from knowledge.tuning import read_tuning
from tests.live_guide import LiveGuide
from tests.service.newcomer import BANK_ACCOUNT, LIBRARY, STUDENT_HOURS, TAX_CARD, Newcomer, is_problem, stored

OWN_CASE = "Why is my application still pending? I applied six months ago"
OUT_OF_SCOPE = "Who won the football world cup?"
EMERGENCY = "My husband is beating me, help"


def ask(api: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    response = api.post("/api/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.mark.parametrize(
    ("question", "answer", "asked_in", "shown_in"),
    [(*STUDENT_HOURS, "fi", "fi"), (*LIBRARY, "fi", "fi"), (*TAX_CARD, "en", "en"), (*BANK_ACCOUNT, "ru", "en")],
)
def test_a_clear_question_gets_its_answer_with_source_and_date(
    api: httpx.Client, question: str, answer: str, asked_in: str, shown_in: str
) -> None:
    asked = ask(api, question)
    assert (asked["status"], asked["answer"]["id"]) == ("answered", answer)
    assert (asked["detected_language"], asked["language"], asked["dir"]) == (asked_in, shown_in, "ltr")
    assert asked["answer"]["fallback_from"] == (None if asked_in == shown_in else asked_in)
    assert asked["answer"]["text"] in asked["text"]
    assert dt.date.fromisoformat(asked["answer"]["checked_on"])
    for source in asked["answer"]["sources"]:
        assert source["title"]
        assert dt.date.fromisoformat(source["checked_on"])
    assert any(source["url"].startswith("https://") for source in asked["answer"]["sources"])
    assert "explain" not in asked or asked["explain"] is None


def test_an_answer_in_another_language_says_so_in_the_askers_language(api: httpx.Client) -> None:
    asked = ask(api, BANK_ACCOUNT[0])
    first_line = asked["text"].split("\n")[0]
    assert any("а" <= letter <= "я" for letter in first_line.lower())


def test_explain_shows_kept_and_rejected_candidates_with_their_arithmetic(api: httpx.Client) -> None:
    explained = ask(api, LIBRARY[0], explain=True)["explain"]
    candidates = explained["search"]["candidates"]
    kept = [candidate["id"] for candidate in candidates if candidate["kept"]]
    assert kept == [LIBRARY[1]]
    assert len(candidates) > len(kept)
    assert all(candidate["reason"] for candidate in candidates)
    scores = [candidate["score"] for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    weights = read_tuning().weights
    for candidate in candidates:
        fused = sum(weights[part] * value for part, value in candidate["parts"].items())
        assert candidate["score"] == pytest.approx(fused - candidate["penalty"], abs=0.01)
    assert sum(candidate["probability"] for candidate in candidates) <= 1.001


def test_explain_shows_the_time_of_each_step(api: httpx.Client) -> None:
    asked = ask(api, LIBRARY[0], explain=True)
    times = asked["explain"]["turn_ms"]
    assert list(times) == [step.__name__ for step in STEPS]
    assert all(time >= 0 for time in times.values())
    assert sum(times.values()) <= asked["took_ms"] + 1


@pytest.mark.parametrize("question", [TAX_CARD[0], OWN_CASE, OUT_OF_SCOPE, EMERGENCY, "qwertyuiop asdfghjkl"])
def test_nothing_is_kept_of_a_question(api: httpx.Client, live_guide: LiveGuide, question: str) -> None:
    def kept() -> dict[str, list[tuple[Any, ...]]]:
        settings = live_guide.settings
        tables = dict.fromkeys(("conversations", "messages", "feedback", "turns"), settings.database_url)
        tables["events"] = settings.rasa_database_url
        return {table: stored(url, f"SELECT count(*) FROM {table}") for table, url in tables.items()}  # noqa: S608

    before = kept()
    ask(api, question)
    assert kept() == before


def test_the_same_result_as_the_first_message_of_a_conversation(api: httpx.Client, newcomer: Newcomer) -> None:
    asked, said = ask(api, TAX_CARD[0]), newcomer.say(TAX_CARD[0])
    for part in ("status", "text", "html", "language", "dir", "answer", "alternatives", "buttons", "expert"):
        assert asked[part] == said[part], part


def test_an_own_case_is_sent_to_the_expert(api: httpx.Client) -> None:
    expert = ask(api, OWN_CASE)["expert"]
    assert (expert["recommended"], expert["reason"]) == (True, "own_case")
    assert expert["contacts"][0]["id"] == "permit_expert"


def test_a_general_question_recommends_nobody(api: httpx.Client) -> None:
    assert ask(api, TAX_CARD[0])["expert"] == {"recommended": False, "reason": None, "contacts": []}


def test_out_of_scope(api: httpx.Client) -> None:
    asked = ask(api, OUT_OF_SCOPE)
    assert (asked["status"], asked["answer"], asked["alternatives"]) == ("out_of_scope", None, [])


def test_an_emergency_comes_before_the_dialogue(api: httpx.Client) -> None:
    asked = ask(api, EMERGENCY, explain=True)
    assert asked["status"] == "emergency"
    assert "112" in asked["text"]
    assert asked["explain"]["search"] is None
    times = asked["explain"]["turn_ms"]
    assert times["encode_question"] + times["hold_dialogue"] < 1


@pytest.mark.parametrize(("municipality", "own"), [("joensuu", "mun_joensuu"), ("lieksa", "mun_lieksa"), ("kitee", "mun_kitee")])
def test_the_contact_of_the_askers_own_municipality(api: httpx.Client, municipality: str, own: str) -> None:
    contacts = [
        contact["id"] for contact in ask(api, "miten ilmoitan lapsen kouluun", municipality=municipality)["answer"]["contacts"]
    ]
    assert own in contacts
    assert not ({"mun_joensuu", "mun_lieksa", "mun_kitee"} - {own}) & set(contacts)


def test_an_unknown_municipality(api: httpx.Client) -> None:
    told = is_problem(api.post("/api/v1/ask", json={"question": "hei", "municipality": "helsinki"}), 422)
    assert "helsinki" in told
    assert "joensuu" in told


def test_an_employer_is_answered_as_an_employer(api: httpx.Client) -> None:
    asked = ask(api, "How do I hire a worker from outside the EU?", audience="employer", explain=True)
    assert asked["status"] in ("answered", "clarify")
    best = asked["explain"]["search"]["candidates"][0]
    assert best["penalty"] == 0
