"""Easy Finnish: chosen and never detected, shown where it exists, counted apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.app import public_app
from bot.service import Service
from bot.settings import Settings
from tests.dialogue.staffed import StaffedDesk
from tests.easy_answer import ANSWER, QUESTION, TEXT, TITLE, WITHOUT, give_easy_finnish
from tests.live_guide import LiveGuide, settings_for_tests
from tests.service.newcomer import Newcomer, is_problem, stored

EASY = '/change_language{"language":"fi-easy"}'
SAYS_SO = "Tätä vastausta ei ole vielä selkosuomeksi."


@pytest.fixture(scope="module")
def settings(live_guide: LiveGuide, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_for_tests(tmp_path_factory.mktemp("easy"), rasa_url=live_guide.settings.rasa_address)
    give_easy_finnish(settings)
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    """A guide of which one answer can be read in easy Finnish, with a desk at which somebody is."""
    with TestClient(public_app(Service(settings, offers=StaffedDesk()))) as client:
        yield client


def shown(message: dict[str, Any]) -> tuple[str, str | None]:
    """In which language the answer is shown, and in place of which other."""
    return message["answer"]["language"], message["answer"]["fallback_from"]


def test_a_conversation_in_easy_finnish(client: TestClient) -> None:
    newcomer = Newcomer(client, language="fi-easy")
    assert "omilla sanoilla" in newcomer.greeting[0]["text"]
    reply = newcomer.say(QUESTION)
    assert (reply["answer"]["id"], reply["answer"]["title"], reply["text"]) == (ANSWER, TITLE, TEXT)
    assert (*shown(reply), reply["language"], reply["dir"]) == ("fi-easy", None, "fi", "ltr")


def test_what_is_not_in_easy_finnish_comes_in_finnish_and_says_so(client: TestClient) -> None:
    reply = Newcomer(client, language="fi-easy").say(WITHOUT)
    assert (*shown(reply), reply["language"]) == ("fi", "fi-easy", "fi")
    assert reply["text"].startswith(SAYS_SO)
    assert reply["html"].startswith(f"<p>{SAYS_SO}")


@pytest.mark.parametrize("language", [None, "fi"])
def test_whoever_writes_finnish_gets_finnish(client: TestClient, language: str | None) -> None:
    reply = Newcomer(client, language=language).say(QUESTION)
    assert (*shown(reply), reply["language"]) == ("fi", None, "fi")
    assert reply["text"] != TEXT


@pytest.mark.parametrize(
    "wish", ["puhu selkosuomea", "easy Finnish please", "på lätt finska tack", "простой финский, пожалуйста"]
)
def test_it_is_chosen_in_words(client: TestClient, wish: str) -> None:
    newcomer = Newcomer(client)
    changed = newcomer.say(wish)
    assert (changed["status"], changed["language"]) == ("control", "fi")
    assert "selkosuomeksi" in changed["text"]
    assert shown(newcomer.say(QUESTION)) == ("fi-easy", None)


def test_it_is_chosen_by_a_button_and_left_by_another(client: TestClient) -> None:
    newcomer = Newcomer(client, language="en")
    asked = newcomer.say("change language")
    assert EASY in [button["payload"] for button in asked["buttons"]]
    newcomer.press(EASY)
    assert shown(newcomer.say("How do I get a library card?")) == ("fi-easy", None)
    assert "tavallisella" not in newcomer.press('/change_language{"language":"fi"}')["text"]
    assert shown(newcomer.say(QUESTION)) == ("fi", None)


def test_it_stays_when_one_starts_over(client: TestClient) -> None:
    newcomer = Newcomer(client)
    newcomer.press(EASY)
    newcomer.press("/start_over")
    assert shown(newcomer.say(QUESTION)) == ("fi-easy", None)


def test_lines_that_are_hard_are_in_easy_finnish_and_the_others_in_finnish(client: TestClient) -> None:
    easy, plain = Newcomer(client, language="fi-easy"), Newcomer(client, language="fi")
    lines = [newcomer.say("mitä osaat tehdä")["text"] for newcomer in (easy, plain)]
    assert lines[0] != lines[1]
    thanks = [newcomer.say("kiitos")["text"] for newcomer in (easy, plain)]
    assert thanks[0] == thanks[1]


def test_choices_have_their_titles_in_easy_finnish(client: TestClient) -> None:
    newcomer = Newcomer(client, language="fi-easy")
    for question in ("kirjasto", "kirjastokortti", "kortti"):
        reply = newcomer.say(question)
        titles = {each["id"]: each["title"] for each in reply["alternatives"]}
        if ANSWER in titles:
            break
    assert titles[ANSWER] == TITLE
    assert newcomer.say(TITLE)["answer"]["id"] == ANSWER


def test_a_single_question(client: TestClient) -> None:
    asked = client.post("/api/v1/ask", json={"question": QUESTION, "language": "fi-easy"}).json()
    assert (*shown(asked), asked["language"], asked["detected_language"]) == ("fi-easy", None, "fi", "fi")


def test_no_other_easy_language_is_known(client: TestClient) -> None:
    is_problem(client.post("/api/v1/conversations", json={"language": "en-easy"}), 422)
    newcomer = Newcomer(client, language="en")
    asked = newcomer.press('/change_language{"language":"en-easy"}')
    assert (asked["language"], EASY in [button["payload"] for button in asked["buttons"]]) == ("en", True)


def test_the_reports_count_it_apart(client: TestClient, settings: Settings) -> None:
    newcomer = Newcomer(client, language="fi-easy", municipality="nurmes")
    newcomer.say(QUESTION)
    newcomer.press('/change_language{"language":"fi"}')
    counted = stored(settings.database_url, "SELECT language FROM turns WHERE municipality = 'nurmes' ORDER BY id")
    assert [language for (language,) in counted] == ["fi-easy", "fi"]


def test_the_human_is_told(client: TestClient, settings: Settings) -> None:
    newcomer = Newcomer(client, language="fi-easy", municipality="kitee", audience="person")
    offer = newcomer.say("haluan puhua ihmiselle")
    way = next(button["payload"] for button in offer["buttons"] if "question" in button["payload"])
    assert "Kysyn yhden asian kerrallaan." in newcomer.press(way)["text"]
    newcomer.press('/affirm{"step":"consent"}')
    newcomer.say("Mitä teen, kun lupani loppuu?")
    newcomer.say("Suomeksi")
    newcomer.post(payload='/skip{"step":"contact_or_here"}')
    ((language, summary),) = stored(settings.database_url, "SELECT language, summary FROM cases")
    assert language == "fi"
    assert '"easy_finnish": true' in summary
