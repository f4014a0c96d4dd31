"""Messages arrive, in order, once, whatever the network and Telegram do meanwhile."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.connection import make_bot
from bot.channels.telegram.sending import Gone, Pause, Refused, Sender
from bot.handoff.tables import CaseRow
from bot.messages import Message
from bot.settings import Settings
from tests.telegram.bot_api import TOKEN, BotApi, Fault
from tests.telegram.conftest import Running, eventually, run_service
from tests.telegram.person import Person

TOO_MANY = Fault(429, "Too Many Requests: retry after 2", retry_after=2)
BLOCKED = Fault(403, "Forbidden: bot was blocked by the user")
BROKEN = Fault(500, "Internal Server Error")
LOST = Fault(drop=True)
TAKEN_BUT_LOST = Fault(drop=True, taken=True)


class Talk:
    """A person whom an expert writes to."""

    def __init__(self, running: Running, person: Person) -> None:
        self.running, self.person = running, person

    async def begin(self) -> None:
        await self.person.write("/start")
        await self.person.hears("I am ELO Guide")
        self._expert = await self.running.expert()
        self.case: CaseRow = await self.running.case_of(self.person, self._expert)
        await self.person.hears("has joined")

    async def write(self, text: str) -> Message:
        return await self.running.service.parts.cases.write(self.case.id, self._expert, text, "en")

    def heard(self, part: str) -> list[str]:
        return [each.text for each in self.person.told if part in each.text]


async def talk_in(running: Running) -> Talk:
    talk = Talk(running, running.person())
    await talk.begin()
    return talk


async def test_the_time_that_telegram_asks_for_is_waited_and_nobody_else_waits(running: Running) -> None:
    slowed, other = await talk_in(running), await talk_in(running)
    running.api.meets("sendMessage", TOO_MANY, chat_id=slowed.person.id)
    await slowed.write("slow")
    await running.api.until(lambda: running.api.called("sendMessage", slowed.person.id)[-1].refused, "the first attempt")
    await other.write("quick")
    await other.person.hears("quick")
    assert not slowed.heard("slow")
    await slowed.person.hears("slow")
    refused, taken = running.api.called("sendMessage", slowed.person.id)[-2:]
    assert taken.at - refused.at >= 2
    assert len(slowed.heard("slow")) == 1


@pytest.mark.parametrize("fault", [BROKEN, LOST], ids=["500", "dropped connection"])
async def test_what_did_not_arrive_is_sent_again_before_what_follows(running: Running, fault: Fault) -> None:
    talk = await talk_in(running)
    running.api.meets("sendMessage", fault, fault, chat_id=talk.person.id)
    await talk.write("line 1")
    await talk.write("line 2")
    await talk.person.hears("line 2")
    assert [text[-6:] for text in talk.heard("line")] == ["line 1", "line 2"]


async def test_a_message_whose_arrival_was_not_heard_of_comes_twice_at_most(running: Running) -> None:
    talk = await talk_in(running)
    running.api.meets("sendMessage", TAKEN_BUT_LOST, chat_id=talk.person.id)
    await talk.write("line 1")
    await talk.write("line 2")
    await talk.person.hears("line 2")
    assert [text[-6:] for text in talk.heard("line")] == ["line 1", "line 1", "line 2"]


async def test_to_somebody_who_blocked_the_bot_nothing_is_sent_until_they_let_it_in(running: Running) -> None:
    talk = await talk_in(running)
    running.api.meets("sendMessage", BLOCKED, chat_id=talk.person.id)
    await talk.write("line 1")

    async def marked() -> bool:
        chat = await running.chat(talk.person)
        return chat is not None and chat.blocked

    await eventually(marked, "the chat to be marked")
    attempts = len(running.api.called("sendMessage", talk.person.id))
    await talk.write("line 2")
    other = await talk_in(running)
    await other.write("after")
    await other.person.hears("after")
    assert len(running.api.called("sendMessage", talk.person.id)) == attempts
    await talk.person.membership("member")
    await talk.person.hears("line 2")
    assert [text[-6:] for text in talk.heard("line")] == ["line 1", "line 2"]


async def test_whoever_writes_has_let_the_bot_in_again(running: Running) -> None:
    talk = await talk_in(running)
    await running.is_handled(await talk.person.membership("kicked"))
    await talk.write("while you were away")
    assert not talk.heard("while you were away")
    await talk.person.write("I am back")
    await talk.person.hears("while you were away")


async def test_what_telegram_refuses_goes_as_bare_text_and_does_not_hold_up_what_follows(running: Running) -> None:
    talk = await talk_in(running)
    refused = Fault(400, "Bad Request: something of the message is wrong")
    running.api.meets("sendMessage", refused, refused, refused, chat_id=talk.person.id)
    await talk.write("line 1, refused in both ways")
    await talk.write("line 2, refused once")
    await talk.write("line 3")
    await talk.person.hears("line 3")
    told = [each.html for each in talk.person.told if "line" in each.text]
    assert told == ["Permit expert\n\nline 2, refused once", "<b>Permit expert</b>\n\nline 3"]


async def test_a_long_message_comes_in_parts_each_once(running: Running) -> None:
    talk = await talk_in(running)
    paragraphs = [f"Paragraph {number}. " + "Words & more words. " * 45 for number in range(4)]
    sent_before = len(talk.person.told)
    for _ in range(2):
        running.api.meets("sendMessage", BROKEN, chat_id=talk.person.id)
    await talk.write("\n\n".join(paragraphs)[:3990])
    await talk.write("the end " + "x" * 3980)
    await talk.person.hears("the end")
    texts = [each.text for each in talk.person.told[sent_before:]]
    assert len(texts) == 2
    assert sum(text.count("Paragraph") for text in texts) == 4


async def test_while_the_database_is_locked_what_was_sent_is_not_sent_again(api: BotApi, tmp_path: Path) -> None:
    async with run_service(tmp_path, api) as running:
        talk = await talk_in(running)
        api.meets("sendMessage", TOO_MANY, chat_id=talk.person.id)
        await talk.write("once")
        await api.until(lambda: api.called("sendMessage", talk.person.id)[-1].refused, "the first attempt")
        lock = sqlite3.connect(tmp_path / "elo.db", isolation_level=None)
        with capture_logs() as logs:
            lock.execute("BEGIN IMMEDIATE")
            await talk.person.hears("once")

            async def noticed() -> bool:
                return any(entry["event"] == "telegram.no_database" for entry in logs)

            await eventually(noticed, "the outage to be noticed")
            lock.execute("ROLLBACK")
        lock.close()
        await talk.write("then")
        await talk.person.hears("then")
        assert len(talk.heard("once")) == 1


async def test_when_telegram_is_away_nothing_is_lost_in_either_direction(api: BotApi, tmp_path: Path) -> None:
    async with run_service(tmp_path, api) as running:
        talk = await talk_in(running)
        port = int(api.url.rpartition(":")[2])
        await api.stop()
        for number in range(3):
            await talk.write(f"line {number}")
        await talk.person.write("Are you there?")
        await api.start(port)
        await talk.person.hears("line 2")
        assert [text[-6:] for text in talk.heard("line")] == ["line 0", "line 1", "line 2"]

        async def came() -> bool:
            return await running.wrote(talk.case.conversation_id) == ["Are you there?"]

        await eventually(came, "the newcomer's words to be fetched")


async def connected(api: BotApi, pause: Pause) -> Sender:
    sender = Sender(make_bot(Settings(telegram_token=TOKEN, telegram_api_url=api.url)), pause)
    await sender.bot.initialize()
    return sender


async def test_a_network_that_is_away_for_minutes_is_asked_less_and_less_often(api: BotApi) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    sender = await connected(api, pause)
    api.meets("sendMessage", *[LOST] * 14)
    await sender.send(7, "at last")
    assert pauses[:8] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert sum(pauses) > 240
    assert [each.text for each in api.in_chat(7)] == ["at last"]
    await sender.bot.shutdown()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (BLOCKED, Gone),
        (Fault(403, "Forbidden: user is deactivated"), Gone),
        (Fault(400, "Bad Request: chat not found"), Gone),
        (Fault(400, "Bad Request: message is too long"), Refused),
    ],
)
async def test_what_cannot_succeed_is_not_tried_again(api: BotApi, fault: Fault, error: type[Exception]) -> None:
    async def pause(seconds: float) -> None:
        raise AssertionError(seconds)

    sender = await connected(api, pause)
    api.meets("sendMessage", fault)
    with pytest.raises(error):
        await sender.send(7, "hello")
    await sender.bot.shutdown()
