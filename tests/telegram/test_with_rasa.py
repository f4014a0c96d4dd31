"""What needs the dialogue: answers, choices, the whole way to a human and back, and the sign of typing."""

from __future__ import annotations

from sqlalchemy import select

from bot.handoff.tables import CaseRow
from tests.live_guide import LiveGuide
from tests.telegram.conftest import Running
from tests.telegram.person import Person


async def test_an_answer_has_its_source_and_day_and_is_judged_with_a_button(live_running: Running) -> None:
    person = live_running.person()
    await person.write("How do I get a library card?")
    answer = await person.hears("Sources")
    assert "Checked on" in answer.text
    assert '<a href="https://' in answer.html
    assert [each["text"] for each in answer.buttons][:2] == ["It helped", "It did not help"]
    assert all(len(each["callback_data"].encode()) <= 64 for each in answer.buttons)
    await person.press("It helped")
    await person.hears_messages(3)
    assert live_running.api.called("answerCallbackQuery")


async def test_language_and_municipality_are_chosen_from_buttons(live_running: Running) -> None:
    person = live_running.person()
    await person.write("/language")
    await person.hears("Which language")
    await person.press("Suomi")
    await person.hears("suome")
    await person.write("/municipality")
    await person.hears("Missä kunnassa asut")
    await person.press("Kitee")
    await person.hears("Kitee")
    conversation = await live_running.conversation(person)
    assert (conversation.language, conversation.municipality) == ("fi", "kitee")


async def hand_off(person: Person) -> None:
    """Go through the form."""
    await person.write("/human")
    await person.hears("Choose how to go on")
    await person.press("Write with a person now")
    await person.hears("May I pass")
    await person.press("Yes")
    await person.hears("own words")
    await person.write("My employer has not paid my salary")
    await person.hears("municipality")
    await person.press("Joensuu")
    await person.hears("employer")
    await person.write("for myself")
    await person.hears("language")
    await person.write("English")
    await person.hears("Your place in the queue")


async def test_from_the_guide_to_a_human_and_back(live_running: Running) -> None:
    running, person = live_running, live_running.person()
    expert = await running.expert()
    await hand_off(person)
    await person.write("/status")
    await person.hears("Your case waits for a person")
    conversation = await running.conversation(person)
    async with running.service.database.session() as session:
        case = (await session.scalars(select(CaseRow).where(CaseRow.conversation_id == conversation.id))).one()
    assert (case.channel, case.matter) == ("telegram", "My employer has not paid my salary")
    cases = running.service.parts.cases
    await cases.claim(case.id, expert)
    await person.hears("Permit expert has joined")
    await person.write("Hello")
    await cases.write(case.id, expert, "Please send me the dates.", "en")
    await person.hears("Please send me the dates.")
    await cases.resolve(case.id, expert, "answered", None, None)
    await person.hears("Your case is closed")
    await person.press("It went well")
    await person.hears("hank")
    await person.write("How do I get a library card?")
    await person.hears("Sources")


async def test_a_waiting_case_is_withdrawn(live_running: Running) -> None:
    running, person = live_running, live_running.person()
    await hand_off(person)
    await person.write("withdraw my case")
    await person.hears_messages(len(person.told) + 1)
    await person.press("Yes")
    await person.hears("Your case is withdrawn")
    conversation = await running.conversation(person)
    async with running.service.database.session() as session:
        case = (await session.scalars(select(CaseRow).where(CaseRow.conversation_id == conversation.id))).one()
    assert case.state == "withdrawn"


async def test_erasing_in_words_erases_and_says_so(live_running: Running) -> None:
    running, person = live_running, live_running.person()
    await person.write("delete my data")
    await person.hears("I am ELO Guide")
    await person.hears_messages(2)
    await person.press("Yes")
    await person.hears("have been deleted")
    assert await running.chat(person) is None
    await running.is_handled(await person.write("/help"))
    assert str(person.id) not in await running.stored_text()


async def test_when_the_answer_takes_a_while_somebody_seems_to_type(live_running: Running, live_guide: LiveGuide) -> None:
    person = live_running.person()
    await person.write("How do I get a library card?")
    await person.hears("Sources")
    live_guide.rasa_process.pause()
    try:
        await person.write("And a bus card?")
        await live_running.api.until(lambda: live_running.api.called("sendChatAction", person.id), "the sign of typing")
        await person.hears("I cannot answer right now")
    finally:
        live_guide.rasa_process.go_on()
