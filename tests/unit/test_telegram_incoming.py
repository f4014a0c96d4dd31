"""What is read of an update, and that nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.incoming import Incoming, read_update

PERSON = {"id": 5_000_000_001, "is_bot": False, "first_name": "Zorblatt", "username": "zorblatt", "language_code": "pt-br"}
PRIVATE = {"id": 5_000_000_001, "type": "private", "first_name": "Zorblatt"}
CHANNEL = {"id": -100, "type": "channel", "title": "News"}
BOT = {"id": 1, "is_bot": True, "first_name": "ELO"}


def read(**update: Any) -> Incoming | None:
    made = Update.de_json({"update_id": 9, **update}, None)
    return read_update(made)


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 1, "date": 1, "chat": PRIVATE, "from": PERSON, **content}


def membership(chat: dict[str, Any], status: str) -> dict[str, Any]:
    new = {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}
    return {"chat": chat, "from": PERSON, "date": 1, "old_chat_member": {"user": BOT, "status": "left"}, "new_chat_member": new}


def test_of_words_the_number_the_words_and_the_language_are_read() -> None:
    incoming = read(message=message(text="  Hello "))
    assert incoming == Incoming(update_id=9, chat_id=5_000_000_001, kind="words", text="  Hello ", language="pt")
    assert "orblatt" not in incoming.model_dump_json()


@pytest.mark.parametrize(
    ("text", "kind", "name", "rest"),
    [
        ("/start", "command", "start", ""),
        ("/START@elo_bot  abc_-1 ", "command", "start", "abc_-1"),
        ("/erase\n", "command", "erase", ""),
        ("/erase now", "words", "", "/erase now"),
        ("/help my husband is beating me", "words", "", "/help my husband is beating me"),
        ("/start he is beating me", "words", "", "/start he is beating me"),
        ("/help help", "words", "", "/help help"),
        ("/restart", "words", "", "/restart"),
        ("/ask_human{}", "words", "", "/ask_human{}"),
        ("please /help", "words", "", "please /help"),
        ("/", "words", "", "/"),
    ],
)
def test_only_known_commands_are_commands(text: str, kind: str, name: str, rest: str) -> None:
    incoming = read(message=message(text=text))
    assert incoming is not None
    assert (incoming.kind, incoming.name, incoming.text) == (kind, name, rest)


def test_a_corrected_command_is_words() -> None:
    incoming = read(edited_message=message(text="/erase", edit_date=2))
    assert incoming is not None
    assert incoming.kind == "edited"


@pytest.mark.parametrize(
    "update",
    [
        {"channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"}},
        {"message": {**message(text="x"), "from": BOT}},
        {"message": message(pinned_message=message(text="x"))},
        {"message": message(new_chat_title="x")},
        {"edited_message": message(location={"longitude": 1, "latitude": 1, "live_period": 60}, edit_date=2)},
        {"my_chat_member": membership(CHANNEL, "member")},
        {"my_chat_member": membership({"id": -5, "type": "group", "title": "x"}, "left")},
        {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "data": "m1.0", "inline_message_id": "2"}},
    ],
    ids=["channel", "bot", "pinned", "title", "live location", "channel member", "left group", "inline"],
)  # fmt: skip
def test_there_is_nothing_to_do_about(update: dict[str, Any]) -> None:
    assert read(**update) is None


@pytest.mark.parametrize(
    ("chat", "status", "kind"),
    [
        (PRIVATE, "kicked", "blocked"),
        (PRIVATE, "member", "unblocked"),
        ({"id": -5, "type": "group", "title": "x"}, "member", "group"),
        ({"id": -5, "type": "supergroup", "title": "x"}, "member", "group"),
    ],
)
def test_who_lets_the_bot_in_and_who_blocks_it(chat: dict[str, Any], status: str, kind: str) -> None:
    incoming = read(my_chat_member=membership(chat, status))
    assert incoming is not None
    assert (incoming.kind, incoming.chat_id) == (kind, chat["id"])
