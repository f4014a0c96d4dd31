"""What people see who talk with the bot: greeting, turns, commands, and what is not text."""

from __future__ import annotations

from tests.telegram.conftest import Running


async def test_the_first_contact_says_who_speaks_and_what_is_stored(running: Running) -> None:
    person = running.person()
    await person.write("/start")
    greeting = await person.hears("I am ELO Guide")
    assert "only your Telegram number" in greeting.text
    assert "/erase" in greeting.text
    assert (await running.conversation(person)).channel == "telegram"
