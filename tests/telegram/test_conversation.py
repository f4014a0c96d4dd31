"""What people see who talk with the bot: greeting, turns, commands, and what is not text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.conversations.tables import ConversationRow
from bot.texts import LANGUAGES
from tests.telegram.conftest import Running

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Newcomers"}


async def test_the_first_contact_says_who_speaks_and_what_is_stored(running: Running) -> None:
    person = running.person()
    await person.write("/start")
    greeting = await person.hears("I am ELO Guide")
    assert "only your Telegram number" in greeting.text
    assert "/erase" in greeting.text
    assert (await running.conversation(person)).channel == "telegram"


async def test_whoever_begins_with_a_question_is_greeted_before_the_reply(running: Running) -> None:
    person = running.person()
    await person.write("My house is on fire, help!")
    greeting, reply = (await person.hears_messages(2))[:2]
    assert "I am ELO Guide" in greeting.text
    assert "112" in reply.text


async def test_no_name_and_no_user_name_is_kept(running: Running) -> None:
    person = running.person()
    await running.is_handled(await person.write("Do you know my name?"))
    stored = await running.stored_text()
    assert str(person.id) in stored
    assert "zorblatt" not in stored.lower()


@pytest.mark.parametrize(
    ("code", "language", "greeting"),
    [("fi", "fi", "Olen ELO-opas"), ("ar", "ar", "ELO"), ("en-GB", "en", "I am ELO Guide"), ("xx", "xx", "I am ELO Guide")],
)
async def test_the_language_of_telegram_is_the_first_guess(running: Running, code: str, language: str, greeting: str) -> None:
    person = running.person(code)
    await person.write("/start")
    await person.hears(greeting)
    assert (await running.conversation(person)).language == language


async def test_the_language_that_somebody_writes_goes_before_that_of_their_telegram(running: Running) -> None:
    person = running.person("fi")
    await person.write("Somebody is hitting me at home, I need help now")
    await person.hears("Olen ELO-opas")
    await person.hears("112")
    assert (await running.conversation(person)).language == "en"


async def test_the_commands_are_listed_in_every_language(running: Running) -> None:
    listed = {
        call.fields.get("language_code", ""): json.loads(call.fields["commands"]) for call in running.api.called("setMyCommands")
    }
    assert set(listed) == {"", *LANGUAGES}
    names = ["start", "help", "language", "municipality", "human", "status", "erase", "privacy"]
    assert all([command["command"] for command in commands] == names for commands in listed.values())
    assert listed["fi"] != listed["en"] == listed[""]


async def test_help_lists_the_commands_and_keeps_nothing(running: Running) -> None:
    person = running.person("sv")
    await person.write("/help")
    told = await person.hears("Norra Karelen")
    assert "/erase: Radera samtalet" in told.text
    assert await running.chat(person) is None


async def test_privacy_tells_for_how_long_things_are_kept(running: Running) -> None:
    person = running.person()
    await person.write("/privacy")
    told = await person.hears("is deleted 30 days after its last message")
    assert "12 months" in told.text


async def test_a_command_with_the_name_of_the_bot_is_one_too(running: Running) -> None:
    person = running.person()
    await person.write("/help@elo_test_bot")
    await person.hears("/language: Choose the language")


async def test_languages_and_municipalities_are_offered_one_in_a_row(running: Running) -> None:
    person = running.person()
    await person.write("/language")
    assert [each["text"] for each in (await person.hears("Which language")).buttons] == [
        "Suomi", "Selkosuomi", "English", "Svenska", "Русский", "Українська", "العربية",
    ]  # fmt: skip
    await person.write("/municipality")
    places = await person.hears("Which municipality")
    assert {"Joensuu", "Kitee", "Lieksa"} <= {each["text"] for each in places.buttons}


async def test_status_without_a_case_says_so(running: Running) -> None:
    person = running.person()
    await person.write("/status")
    await person.hears("You have no open case")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}, "Photos"),
        ({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}}, "Voice messages"),
        ({"video_note": {"file_id": "a", "file_unique_id": "b", "length": 1, "duration": 3}}, "Videos"),
        (
            {
                "animation": {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "duration": 3},
                "document": {"file_id": "a", "file_unique_id": "b"},
            },
            "Videos",
        ),
        ({"document": {"file_id": "a", "file_unique_id": "b"}}, "Files"),
        (
            {
                "sticker": {
                    "file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
                    "is_animated": False, "is_video": False,
                }
            },
            "Stickers",
        ),
        ({"location": {"longitude": 29.76, "latitude": 62.6}}, "Locations"),
        ({"contact": {"phone_number": "+358401234567", "first_name": "Zorblatt"}}, "Contact cards"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "Messages of this kind"),
    ],
    ids=["photo", "voice", "video", "animation", "file", "sticker", "location", "contact", "dice"],
)  # fmt: skip
async def test_what_is_not_text_gets_a_friendly_word(running: Running, content: dict[str, Any], told: str) -> None:
    person = running.person()
    await person.send(**content)
    line = await person.hears(f"{told} cannot be read here")
    assert "not stored either" in line.text


async def test_the_words_under_a_picture_are_read(running: Running) -> None:
    person = running.person()
    await person.send(photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], caption="He wants to kill me")
    await person.hears("Photos cannot be read here")
    await person.hears("112")


async def test_of_an_album_only_one_word_is_made(running: Running) -> None:
    person = running.person()
    for _ in range(3):
        await person.send(photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], media_group_id="77")
    await person.write("/help")
    await person.hears("/erase:")
    assert sum("Photos" in each.text for each in person.told) == 1


async def test_a_message_that_is_too_long_is_not_cut_but_sent_back(running: Running) -> None:
    person = running.person()
    await person.write("x" * 2001)
    told = await person.hears("at most 2000 fit")
    assert "2001 characters" in told.text
    assert await running.wrote((await running.conversation(person)).id) == []


async def test_a_message_without_anything_to_read_is_answered(running: Running) -> None:
    person = running.person()
    await person.write("\u200b")
    await person.hears("I cannot read your message")


async def test_a_corrected_message_is_a_new_turn_and_a_change_that_nobody_sees_is_none(running: Running) -> None:
    person = running.person()
    await person.write("Wher is Migri")
    await person.hears("I cannot answer right now")
    await person.edit("Wher is Migri")
    await person.edit("Where is Migri")
    await person.write("thanks")
    await person.hears_messages(4)
    conversation = await running.conversation(person)
    assert await running.wrote(conversation.id) == ["Wher is Migri", "Where is Migri", "thanks"]


async def test_an_emergency_is_found_in_a_corrected_message(running: Running) -> None:
    person = running.person()
    await person.write("my hause")
    await person.hears("I cannot answer right now")
    await person.edit("my house is on fire")
    await person.hears("112")


async def test_a_group_is_declined_with_a_word_and_left(running: Running) -> None:
    person = running.person()
    await person.membership("member", GROUP)
    await running.api.until(lambda: running.api.called("leaveChat", GROUP["id"]), "the group to be left")
    await running.is_handled(await running.api.happens({"message": person.message(chat=GROUP, text="hello bot")}))
    assert len(running.api.called("leaveChat", GROUP["id"])) == 2
    assert [("one person at a time" in each.text) for each in running.api.in_chat(GROUP["id"])] == [True]
    assert str(GROUP["id"]) not in await running.stored_text()


async def test_posts_in_channels_and_messages_of_bots_are_ignored(running: Running) -> None:
    person = running.person()
    conversations = await running.count(ConversationRow)
    post = {"message_id": 1, "date": 1, "chat": {"id": -100777, "type": "channel", "title": "News"}, "text": "hello"}
    await running.api.happens({"channel_post": post})
    await running.api.happens({"message": {**person.message(text="hello"), "from": {**person.user, "is_bot": True}}})
    other = running.person()
    await other.write("/help")
    await other.hears("/erase")
    assert await running.count(ConversationRow) == conversations
    assert person.told == []
    assert running.api.in_chat(-100777) == []


async def test_a_button_that_is_not_in_use_says_so(running: Running) -> None:
    person = running.person()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    for data in ("m1.0", "m99999999.3", "language", "nonsense", "x" * 64):
        await person.press_data(data)
    answered = running.api.called("answerCallbackQuery")
    await running.api.until(lambda: len(running.api.called("answerCallbackQuery")) >= 5, "the presses to be answered")
    answered = running.api.called("answerCallbackQuery")[-5:]
    assert all("not in use" in call.fields["text"] and call.fields["show_alert"] == "true" for call in answered)
    assert await running.wrote((await running.conversation(person)).id) == []
