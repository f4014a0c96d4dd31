"""A human owns the conversation: what goes to them, what comes from them, and what the guide may still do."""

from __future__ import annotations

import asyncio

from sqlalchemy import update

from bot.channels.telegram.tables import TelegramUpdateRow
from bot.status import Status
from tests.telegram.conftest import Running

PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}


async def test_words_of_the_human_come_in_order_with_their_role_and_as_text(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    await person.hears("Permit expert has joined")
    for number in range(5):
        await running.service.parts.cases.write(case.id, expert, f"<b>Line</b> {number} & **more**", "en")
    told = [await person.hears(f"<b>Line</b> {number} & **more**") for number in range(5)]
    assert all(each.text.startswith("Permit expert\n") for each in told)
    assert [each.message_id for each in told] == sorted(each.message_id for each in told)
    await running.service.parts.cases.resolve(case.id, expert, "answered", None, None)
    closing = await person.hears("Your case is closed")
    assert [each["text"] for each in closing.buttons] == ["It went well", "It did not help"]


async def test_while_a_human_speaks_the_guide_is_silent_and_the_words_reach_them(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    await person.hears("has joined")
    await person.write("When is my appointment?")
    await person.write("/status")
    await person.hears("Permit expert has taken your case")
    stored = await running.messages(case.conversation_id)
    assert [each.text for each in stored if each.sender == "newcomer"] == ["When is my appointment?"]
    assert not [each for each in stored if each.sender == "bot" and each.kind != "notice"]


async def test_commands_that_would_make_the_guide_speak_say_that_a_human_does(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    await person.hears("has joined")
    for command in ("/start", "/language", "/municipality", "/human"):
        await person.write(command)
        await person.hears("A person is answering you here now")
    await person.press_data("language:fi")
    await person.hears("A person is answering you here now")
    assert await running.wrote(case.conversation_id) == []


async def test_danger_gets_the_help_numbers_whoever_speaks(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    await person.write("my house is on fire")
    await person.hears("112")
    stored = await running.messages(case.conversation_id)
    assert [each.sender for each in stored if each.status is Status.emergency] == ["system"]


async def test_a_picture_for_a_human_is_announced_once_to_both_and_not_stored(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    await person.hears("has joined")
    first = await person.send(**PHOTO, caption="my letter from Migri")
    told = await person.hears("Photos cannot be passed on here")
    assert "They are not stored either" in told.text
    await running.is_handled(first)
    async with running.service.database.write() as session:  # as after a crash just before the update counted as handled
        body = {"kind": "media", "name": "photo", "text": "my letter from Migri"}
        await session.execute(
            update(TelegramUpdateRow).where(TelegramUpdateRow.update_id == first).values(chat_id=person.id, body=body)
        )
    await running.is_handled(first, await person.write("done"))
    stored = await running.messages(case.conversation_id)
    assert [each.sender for each in stored if "Photos" in each.text] == ["system"]
    assert await running.wrote(case.conversation_id) == ["my letter from Migri", "done"]


async def test_the_desk_hears_of_what_is_written_in_telegram(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    case = await running.case_of(person, expert)
    news = running.service.notifier.listen(case.conversation_id)
    await person.hears("has joined")
    news.clear()
    await person.write("Here I am")
    async with asyncio.timeout(10):
        await news.wait()
    running.service.notifier.leave(case.conversation_id, news)


async def test_a_case_that_began_in_telegram_is_counted_there(running: Running) -> None:
    person, expert = running.person(), await running.expert()
    await person.write("/start")
    await person.hears("I am ELO Guide")
    assert (await running.case_of(person, expert)).channel == "telegram"
