"""Whose chat a conversation is and how far it was delivered, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.channels.telegram.chats import CaseIsOpen, Chats, LinkExpired
from bot.channels.telegram.links import make_link
from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore, add_message
from bot.messages import Message
from tests.unit.desk_rows import add_case

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


class Kept:
    """The chats of a database, and messages in their conversations."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = ConversationStore(database)
        self.now = NOON
        self.chats = Chats(database, self.store, lambda: self.now)

    async def begin(self, name: str, chat_id: int | None, channel: str = "telegram") -> Conversation:
        conversation = Conversation(id=name, channel=channel, language="en", created_at=NOON, last_at=NOON)
        if chat_id is None:
            await self.store.create(conversation, [])
        else:
            await self.chats.begin(chat_id, conversation, [])
        return conversation

    async def say(self, name: str, sender: str, text: str) -> int:
        said = {"at": NOON, "sender": sender, "kind": "text", "text": text, "html": text, "language": "en", "dir": "ltr"}
        async with self.database.write() as session:
            return (await add_message(session, name, Message.model_validate(said))).id

    async def delivered(self, name: str, chat_id: int) -> list[str]:
        """Deliver all that is due; the texts."""
        texts: list[str] = []
        while (due := await self.chats.next_due(name, chat_id)) is not None:
            texts.append(due.message.text)
            await self.chats.sent(name, chat_id, due, 1, 1)
        return texts

    async def link(self, name: str) -> str:
        async with self.database.write() as session:
            return await make_link(session, name, self.now)


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(database)


async def test_what_the_newcomer_has_not_seen_is_due_in_order_and_once(kept: Kept) -> None:
    await kept.begin("mine", 1)
    for sender in ("bot", "newcomer", "system", "expert"):
        await kept.say("mine", sender, sender)
    assert await kept.chats.due(None) == await kept.chats.due(["mine", "other"]) == [("mine", 1)]
    assert await kept.delivered("mine", 1) == ["bot", "system", "expert"]
    assert await kept.chats.due(None) == []


async def test_the_parts_of_a_long_message_are_counted(kept: Kept) -> None:
    await kept.begin("mine", 1)
    await kept.say("mine", "bot", "long")
    await kept.say("mine", "bot", "next")
    first = await kept.chats.next_due("mine", 1)
    assert first is not None
    await kept.chats.sent("mine", 1, first, 2, 3)
    again = await kept.chats.next_due("mine", 1)
    assert again is not None
    assert (again.message.text, again.parts_sent) == ("long", 2)
    await kept.chats.sent("mine", 1, again, 3, 3)
    then = await kept.chats.next_due("mine", 1)
    assert then is not None
    assert (then.message.text, then.parts_sent) == ("next", 0)


async def test_what_was_delivered_late_does_not_turn_the_count_back(kept: Kept) -> None:
    await kept.begin("mine", 1)
    await kept.say("mine", "bot", "one")
    due = await kept.chats.next_due("mine", 1)
    assert due is not None
    await kept.chats.sent("mine", 1, due, 1, 1)
    await kept.chats.sent("mine", 1, due, 1, 2)
    assert await kept.chats.next_due("mine", 1) is None
    await kept.say("mine", "bot", "two")
    assert await kept.delivered("mine", 1) == ["two"]


async def test_nothing_is_due_for_whoever_blocked_the_bot_or_is_on_the_web(kept: Kept) -> None:
    await kept.begin("blocked", 1)
    await kept.begin("away", 2)
    for name in ("blocked", "away"):
        await kept.say(name, "expert", "hello")
    await kept.chats.mark_blocked(1, True)
    await kept.store.move("away", "web")
    assert await kept.chats.due(None) == []
    assert await kept.chats.next_due("blocked", 1) is None
    assert await kept.chats.next_due("away", 2) is None
    assert await kept.chats.conversation(1) is not None  # asked for when somebody writes: then they have let it in
    assert await kept.chats.due(None) == [("blocked", 1)]


@pytest.mark.parametrize(
    ("on_the_web", "shown"),
    [
        ([("newcomer", "q"), ("bot", "a")], []),
        ([("newcomer", "q"), ("bot", "a"), ("expert", "later")], ["later"]),
        ([("newcomer", "q"), ("expert", "read"), ("newcomer", "thanks"), ("system", "closed"), ("bot", "b")], ["closed", "b"]),
        ([("expert", "unread")], ["unread"]),
        ([], []),
    ],
)
async def test_who_comes_back_from_the_web_is_shown_what_they_may_have_missed(
    kept: Kept, on_the_web: list[tuple[str, str]], shown: list[str]
) -> None:
    await kept.begin("mine", 1)
    await kept.say("mine", "newcomer", "first")
    await kept.say("mine", "bot", "reply")
    assert await kept.delivered("mine", 1) == ["reply"]
    await kept.store.move("mine", "web")
    for sender, text in on_the_web:
        await kept.say("mine", sender, text)
    await kept.chats.come_back("mine")
    assert await kept.delivered("mine", 1) == shown


async def test_a_link_takes_the_conversation_over_from_the_last_words_on(kept: Kept) -> None:
    await kept.begin("web", None, "web")
    for sender, text in (("bot", "greeting"), ("newcomer", "q"), ("bot", "choose one")):
        await kept.say("web", sender, text)
    assert await kept.chats.take_over(7, await kept.link("web")) == "web"
    assert await kept.delivered("web", 7) == ["choose one"]
    taken = await kept.chats.conversation(7)
    assert taken is not None
    assert (taken.id, taken.channel) == ("web", "telegram")


async def test_a_conversation_moves_on_to_another_chat(kept: Kept) -> None:
    await kept.begin("mine", 1)
    assert await kept.chats.take_over(2, await kept.link("mine")) == "mine"
    assert await kept.chats.conversation(1) is None
    assert await kept.chats.all_of(2) == ["mine"]


async def test_a_chat_keeps_its_earlier_conversations_and_comes_back_to_one(kept: Kept) -> None:
    await kept.begin("first", 1)
    await kept.begin("second", None)
    await kept.chats.take_over(1, await kept.link("second"))
    assert await kept.chats.all_of(1) == ["second", "first"]
    await kept.say("first", "bot", "nobody reads this here")
    assert await kept.chats.due(None) == []
    await kept.chats.take_over(1, await kept.link("first"))
    assert await kept.chats.all_of(1) == ["first", "second"]
    assert (await kept.chats.message(1, await kept.say("first", "bot", "x"))) is not None
    assert (await kept.chats.message(1, await kept.say("second", "bot", "y"))) is None


async def test_a_link_holds_for_ten_minutes_and_once(kept: Kept) -> None:
    await kept.begin("mine", None)
    link = await kept.link("mine")
    kept.now = NOON + dt.timedelta(minutes=10)
    with pytest.raises(LinkExpired):
        await kept.chats.take_over(1, link)
    kept.now = NOON + dt.timedelta(minutes=10) - dt.timedelta(seconds=1)
    await kept.chats.take_over(1, link)
    with pytest.raises(LinkExpired):
        await kept.chats.take_over(1, link)


async def test_a_link_outlives_a_chat_whose_case_is_open(kept: Kept) -> None:
    await kept.begin("asked", 1)
    await add_case(kept.database, "asked", NOON)
    await kept.begin("web", None)
    link = await kept.link("web")
    with pytest.raises(CaseIsOpen):
        await kept.chats.take_over(1, link)
    assert await kept.chats.all_of(1) == ["asked"]
    assert await kept.chats.take_over(2, link) == "web"


async def test_what_is_erased_leaves_no_chat_and_no_link(kept: Kept) -> None:
    await kept.begin("mine", 1)
    link = await kept.link("mine")
    assert await kept.store.erase("mine")
    assert await kept.chats.all_of(1) == []
    with pytest.raises(LinkExpired):
        await kept.chats.take_over(1, link)
