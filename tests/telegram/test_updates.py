"""Updates are handled once each, in their order, however they come."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.channels.telegram.inbox import MOST_WAITING, Inbox
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.tables import TelegramUpdateRow
from bot.service import Service
from tests.telegram.bot_api import BotApi, Fault
from tests.telegram.conftest import Running, eventually, run_service

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def pushed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A service to which updates are pushed."""
    api = BotApi()
    await api.start()
    async with run_service(tmp_path_factory.mktemp("pushed"), api, pushed=True) as running:
        yield running
    await api.stop()


async def test_pushed_updates_are_answered(pushed: Running) -> None:
    person = pushed.person()
    await person.write("my house is on fire")
    await person.hears("112")
    assert pushed.api.pushes[-1] == HTTPStatus.OK


@pytest.mark.parametrize("secret", ["", "wrong", "ä"])
async def test_only_telegram_may_push(pushed: Running, secret: str) -> None:
    person = pushed.person()
    update = {"update_id": pushed.api.update_id(), "message": person.message(text="hello")}
    assert await pushed.api.push(update, secret) == HTTPStatus.FORBIDDEN
    await pushed.is_handled(await person.write("/help"))
    assert await pushed.chat(person) is None


async def test_a_repeated_update_is_no_second_turn(pushed: Running) -> None:
    person = pushed.person()
    update = {"update_id": pushed.api.update_id(), "message": person.message(text="my house is on fire")}
    for _ in range(3):
        assert await pushed.api.push(update) == HTTPStatus.OK
    await person.hears("112")
    await pushed.is_handled(await person.write("/help"))
    assert await pushed.api.push(update) == HTTPStatus.OK
    await pushed.is_handled(await person.write("my house is still on fire"))
    await person.hears("112")
    conversation = await pushed.conversation(person)
    assert await pushed.wrote(conversation.id) == ["my house is on fire", "my house is still on fire"]
    assert sum("112" in each.text for each in person.told) == 2


async def test_an_update_that_comes_late_is_handled_nevertheless(pushed: Running) -> None:
    person = pushed.person()
    late = pushed.api.update_id()
    await pushed.is_handled(await person.write("second"))
    await pushed.api.push({"update_id": late, "message": person.message(text="first")})
    await pushed.is_handled(late)
    assert sorted(await pushed.wrote((await pushed.conversation(person)).id)) == ["first", "second"]


async def test_a_large_update_is_taken(pushed: Running) -> None:
    person = pushed.person()
    quoted = person.message(text="ы" * 4096)
    update_id = await person.write("/help", reply_to_message=quoted, entities=[
        {"type": "bot_command", "offset": 0, "length": 5}, *[{"type": "bold", "offset": 0, "length": 1}] * 1500,
    ])  # fmt: skip
    await pushed.is_handled(update_id)


async def test_what_is_not_an_update_is_refused(pushed: Running) -> None:
    assert pushed.api.webhook is not None
    address, secret = pushed.api.webhook
    async with httpx.AsyncClient() as client:
        answer = await client.post(address, content=b"{", headers={"X-Telegram-Bot-Api-Secret-Token": secret})
    assert answer.status_code == HTTPStatus.BAD_REQUEST


UNREADABLE = {"message": {"message_id": "?", "poll": {"id": 1}, "chat": {}}}


async def test_an_update_that_the_library_cannot_read_holds_up_nobody(pushed: Running, running: Running) -> None:
    for where in (pushed, running):
        await where.api.happens(UNREADABLE)
        person = where.person()
        await person.write("my house is on fire")
        await person.hears("112")
    assert pushed.api.pushes[-2:] == [HTTPStatus.OK, HTTPStatus.OK]


async def test_an_update_that_cannot_be_stored_is_not_acknowledged(tmp_path: Path, api: BotApi) -> None:
    async with run_service(tmp_path, api, pushed=True) as running:
        person = running.person()
        update = {"update_id": api.update_id(), "message": person.message(text="my house is on fire")}
        lock = sqlite3.connect(tmp_path / "elo.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        assert await api.push(update) == HTTPStatus.SERVICE_UNAVAILABLE
        lock.execute("ROLLBACK")
        lock.close()
        assert await api.push(update) == HTTPStatus.OK
        await person.hears("112")


async def test_fetching_goes_on_after_every_fault(tmp_path: Path, api: BotApi) -> None:
    conflict = Fault(409, "Conflict: terminated by other getUpdates request")
    api.meets("getMe", Fault(500, "Internal Server Error"))
    api.meets("getUpdates", conflict, Fault(429, "Too Many Requests", retry_after=1), Fault(502, "Bad Gateway"), Fault(drop=True))
    async with run_service(tmp_path, api) as running:
        person = running.person()
        await person.write("my house is on fire")
        await person.hears("112")


async def test_a_wrong_token_leaves_the_rest_of_the_guide_running(tmp_path: Path, api: BotApi) -> None:
    async with run_service(tmp_path, api, telegram_token="") as off:
        settings = off.service.settings.model_copy(update={"telegram_token": "1:wrong"})
    service = Service(settings)
    await service.start()
    try:
        await api.until(lambda: api.called("getMe"), "the token to be tried")
        assert service.telegram is not None
        assert service.telegram.user_name is None
        assert await service.database.is_reachable()
    finally:
        await service.stop()


async def test_what_was_stored_but_not_handled_is_handled_after_the_next_start(tmp_path: Path, api: BotApi) -> None:
    async with run_service(tmp_path, api) as running:
        person = running.person()
        handled = await person.write("my house is on fire")
        await person.hears("112")
        await running.is_handled(handled)
        conversation = await running.conversation(person)
        database = running.service.database
        inbox = Inbox(database, running.service.parts.now)
        async with database.write() as session:  # as if the service had died just before it wrote down that this is done
            row = await session.get_one(TelegramUpdateRow, handled)
            row.chat_id, row.body = person.id, {"kind": "words", "text": "my house is on fire"}
        waiting = Incoming(update_id=api.update_id(), chat_id=person.id, kind="words", text="Are you there?")
        await inbox.put([waiting])
    async with run_service(tmp_path, api) as running:
        await running.is_handled(handled, waiting.update_id)
        await person.hears("I cannot answer right now")
        assert await running.wrote(conversation.id) == ["my house is on fire", "Are you there?"]
        assert sum("112" in each.text for each in person.told if "cannot answer" not in each.text) == 1


async def test_the_flood_of_one_person_slows_nobody_else_and_is_not_lost(tmp_path: Path, api: BotApi) -> None:
    async with run_service(tmp_path, api, questions_per_minute=3) as running:
        flooding, other = running.person(), running.person()
        for number in range(MOST_WAITING + 20):
            await flooding.write(f"my house is on fire {number}")
        await other.write("my house is on fire")
        await other.hears("112")
        await flooding.hears("The last ones were not read")
        inbox = Inbox(running.service.database, running.service.parts.now)

        async def the_fourth_waits() -> bool:
            waiting = await inbox.next(flooding.id)
            assert waiting is not None
            return waiting.text == "my house is on fire 3"

        await eventually(the_fourth_waits, "as many turns as a minute has room for")
        assert len(await running.wrote((await running.conversation(flooding)).id)) == 3
        assert sum("were not read" in each.text for each in flooding.told) == 1
