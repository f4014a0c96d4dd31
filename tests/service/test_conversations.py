"""Conversations: what is sent, kept, streamed, masked and erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.live_guide import LiveGuide
from tests.service.conversation_contract import ConversationContract
from tests.service.newcomer import BANK_ACCOUNT, LIBRARY, TAX_CARD, Newcomer, stored


class TestOnSQLite(ConversationContract):
    """The contract on the embedded defaults."""

    @pytest.fixture
    def guide(self, live_guide: LiveGuide) -> LiveGuide:
        return live_guide

    @pytest.fixture
    def client(self, api: httpx.Client) -> httpx.Client:
        return api


def test_a_follow_up_uses_the_turn_before(api: httpx.Client, newcomer: Newcomer) -> None:
    follow_up = "what documents do I need for it?"
    newcomer.say(TAX_CARD[0])
    asked = newcomer.say(follow_up)
    assert TAX_CARD[1] in [(asked["answer"] or {}).get("id"), *(each["id"] for each in asked["alternatives"])]
    alone = Newcomer(api).say(follow_up)
    assert TAX_CARD[1] not in [(alone["answer"] or {}).get("id"), *(each["id"] for each in alone["alternatives"])]


def test_a_choice_is_made_by_its_button(newcomer: Newcomer) -> None:
    offered = newcomer.say("lupa", client_id="vague")
    assert offered["status"] == "clarify"
    wanted = offered["alternatives"][1]
    button = next(button for button in offered["buttons"] if wanted["id"] in button["payload"])
    chosen = newcomer.press(button["payload"], button["title"])
    assert (chosen["status"], chosen["answer"]["id"]) == ("answered", wanted["id"])


def test_a_chosen_language_and_municipality_hold_from_this_reply_on(newcomer: Newcomer) -> None:
    assert newcomer.say("Can we speak Finnish?")["language"] == "fi"
    assert newcomer.say(TAX_CARD[0])["language"] == "fi"
    assert "Lieksa" in newcomer.say("I live in Lieksa")["text"]
    contacts = [contact["id"] for contact in newcomer.say("miten ilmoitan lapsen kouluun")["answer"]["contacts"]]
    assert "mun_lieksa" in contacts


class Events:
    """The events of one stream, read as they come."""

    def __init__(self, api: httpx.Client, newcomer: Newcomer, last_id: int | None = None) -> None:
        headers = newcomer.headers if last_id is None else {**newcomer.headers, "Last-Event-ID": str(last_id)}
        self._stream = api.stream("GET", newcomer.events_url, headers=headers)

    def __enter__(self) -> Events:
        self.response = self._stream.__enter__()
        self._events = self._read(self.response.iter_lines())
        return self

    def __exit__(self, *error: Any) -> None:
        self._stream.__exit__(*error)

    def take(self, count: int) -> list[dict[str, Any]]:
        return [next(self._events) for _ in range(count)]

    @staticmethod
    def _read(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
        fields: dict[str, str] = {}
        for line in lines:
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                message = json.loads(fields["data"])
                assert (fields["event"], fields["id"]) == ("message", str(message["id"]))
                yield message
                fields = {}
            else:
                fields = {}


def test_events_come_as_they_happen_and_each_once_after_resuming(api: httpx.Client, newcomer: Newcomer) -> None:
    with Events(api, newcomer) as events:
        assert events.response.headers["content-type"].startswith("text/event-stream")
        seen = events.take(1)
        newcomer.say(TAX_CARD[0])
        seen += events.take(2)
    newcomer.say(LIBRARY[0])
    with Events(api, newcomer, seen[-1]["id"]) as events:
        seen += events.take(2)
        newcomer.say(BANK_ACCOUNT[0])
        seen += events.take(2)
    assert seen == newcomer.history()
    assert len({message["id"] for message in seen}) == len(seen) == 7


def test_two_streams_get_the_same(api: httpx.Client, newcomer: Newcomer) -> None:
    with Events(api, newcomer) as one, Events(api, newcomer) as other:
        newcomer.say(TAX_CARD[0])
        assert one.take(3) == other.take(3) == newcomer.history()


def test_a_last_event_id_that_is_none_begins_anew(api: httpx.Client, newcomer: Newcomer) -> None:
    for nonsense in ("abc", "-1", "9" * 40, "²"):
        headers = {**newcomer.headers, "Last-Event-ID": nonsense.encode()}
        with api.stream("GET", newcomer.events_url, headers=headers) as response:
            assert response.status_code == 200
            assert next(Events._read(response.iter_lines()))["id"] == newcomer.greeting[0]["id"]


COMMAND = '/choose{"answer":"library_card"}'


@pytest.mark.parametrize(
    "before",
    [
        "",
        "/",
        "//",
        " /",
        "/\u00a0",
        "/\u3000",
        "/\u2028",
        "/\x0b",
        "/\x1c",
        "/\x85",
        "\ufeff",
        "\u200b",
        "/\u200b",
        "EXTERNAL: ",
    ],
    ids=ascii,
)
def test_words_never_pass_for_a_command(newcomer: Newcomer, live_guide: LiveGuide, before: str) -> None:
    newcomer.say(TAX_CARD[0])
    newcomer.say(before + COMMAND)  # as words it may well be answered: it is about a library card
    query = "SELECT data FROM events WHERE sender_id = :id AND type_name = 'user' ORDER BY id DESC LIMIT 1"
    understood = json.loads(stored(live_guide.settings.rasa_database_url, query, id=newcomer.id)[0][0])
    assert not understood["text"].strip().startswith("/")
    assert {"entity": "answer", "value": "library_card"} not in [
        {key: entity[key] for key in ("entity", "value")} for entity in understood["parse_data"]["entities"]
    ]


@pytest.mark.parametrize("words", ["/", "///", "/ \u00a0 /", "/\n/"])
def test_mere_slashes_are_words_too(newcomer: Newcomer, words: str) -> None:
    assert newcomer.say(words)["status"] in ("unknown", "clarify", "smalltalk", "out_of_scope", "control")


def test_html_and_markdown_of_newcomers_are_text(newcomer: Newcomer) -> None:
    words = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) <img src=x onerror=alert(1)> & how do I get a tax card"
    received = newcomer.post(words).json()["received"]
    assert received["text"] == words
    for shown in (received, newcomer.history()[1]):
        assert "<script" not in shown["html"]
        assert "<img" not in shown["html"]
        assert "<a" not in shown["html"]
        assert "<strong" not in shown["html"]
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in shown["html"]
    assert "alert(1)" not in newcomer.history()[2]["html"]


SECRETS = {"identity code": "131052-308T", "phone": "+358 40 123 4567", "e-mail": "matti.meikalainen@example.org"}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_what_identifies_never_reaches_the_logs_or_the_statistics(newcomer: Newcomer, live_guide: LiveGuide, secret: str) -> None:
    for words in ("why has nobody answered me {}", "{} qwertyuiop zxcvbnm", "my card {} please"):
        newcomer.say(words.format(secret))
    logs = live_guide.service_process.log + live_guide.rasa_process.log
    settings = live_guide.settings
    missed = [str(row[0]) for row in stored(settings.database_url, "SELECT missed_question FROM turns")]
    assert "qwertyuiop zxcvbnm" in logs, "the log is the right one"
    for kept in (logs, "\n".join(missed)):
        assert secret not in kept
        assert secret.replace(" ", "") not in kept
    assert secret in newcomer.history()[1]["text"]
