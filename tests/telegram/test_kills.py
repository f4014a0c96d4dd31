"""The service is killed again and again while messages go both ways: nothing is lost, and at most what was on its way repeats."""

from __future__ import annotations

import asyncio
import random
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from bot.conversations.database import Database
from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import account_of
from bot.desk.tables import AccountRow
from bot.handoff.beginning import begin, new_case
from bot.handoff.cases import Cases
from bot.handoff.draft import Draft
from bot.notify import Notifier
from tests.live_guide import LiveGuide, settings_for_tests
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.conftest import eventually
from tests.telegram.person import Person
from tests.telegram.test_updates import NOON

ROUNDS = 4
LINES = 6


async def test_a_service_that_is_killed_loses_nothing_and_repeats_one_message_at_most(api: BotApi, tmp_path: Path) -> None:
    chance = random.Random(5)
    settings = settings_for_tests(tmp_path, telegram_token=TOKEN, telegram_api_url=api.url, rasa_url="http://127.0.0.1:9")
    service = LiveGuide(settings).service_process
    person, database = Person(api), Database(settings.database_url)
    cases = Cases(database, Notifier(), lambda: NOON)
    await asyncio.to_thread(service.start)
    try:
        await person.write("/start")
        await person.hears("I am ELO Guide")
        async with database.write() as session:
            account = AccountRow(login="expert", title="Expert", role="expert", language="en", created_at=NOON)
            session.add(account)
            conversation = (await session.scalars(select(ConversationRow))).one()
            draft = Draft.model_validate({"consent": True, "way": "chat", "matter": "x", "language": "en"})
            case = new_case(draft, conversation, "expert", {"topic": None}, NOON)
            begin(session, case)
            await session.flush()
        expert = account_of(account)
        await cases.claim(case.id, expert)
        await person.hears("has joined")
        written: list[str] = []
        said: list[str] = []
        for round_number in range(ROUNDS):
            before = len(person.told)
            for number in range(LINES):
                said.append(f"line {round_number}.{number}")
                await cases.write(case.id, expert, said[-1], "en")
            written += [f"word {round_number}.{number}" for number in range(3)]
            for text in written[-3:]:
                await person.write(text)
            arrived = before + chance.randrange(1, LINES)
            await api.until(lambda arrived=arrived: len(person.told) >= arrived, "some of the messages")
            service.kill()
            await asyncio.to_thread(service.restart)
        await person.hears(said[-1])

        async def stored() -> bool:
            query = select(MessageRow).where(MessageRow.sender == "newcomer").order_by(MessageRow.id)
            async with database.session() as session:
                return [row.body["text"] for row in await session.scalars(query)] == written

        await eventually(stored, "the newcomer's words, each once and in order")
        heard = [each.text.partition("\n")[2].strip() for each in person.told if "line" in each.text]
        assert [text for text, _ in groupby(heard)] == said
        assert len(heard) <= len(said) + ROUNDS
    finally:
        await asyncio.to_thread(service.stop)
        await database.close()
