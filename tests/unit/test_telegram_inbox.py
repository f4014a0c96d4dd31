"""Updates that wait are kept once and in order, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.channels.telegram.inbox import MOST_WAITING, Inbox
from bot.channels.telegram.incoming import Incoming
from bot.conversations.database import Database

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database, lambda: NOON)


def words(update_id: int, chat_id: int = 1, **more: Any) -> Incoming:
    return Incoming(update_id=update_id, chat_id=chat_id, kind="words", text=f"text {update_id}", **more)


async def test_waiting_updates_are_taken_in_the_order_of_their_numbers(inbox: Inbox) -> None:
    await inbox.put([words(3), words(5, chat_id=2)])
    await inbox.put([words(2), words(1)])
    taken = []
    incoming = await inbox.next(1)
    while incoming is not None:
        taken.append(incoming.text)
        incoming = await inbox.done(incoming)
    assert taken == ["text 1", "text 2", "text 3"]
    assert await inbox.chats() == [2]


async def test_an_update_comes_back_as_it_was_put(inbox: Inbox) -> None:
    put = words(1, chat_id=2**52, data="m1.2", callback_id="q", album="77", language="fi", name="photo")
    await inbox.put([put])
    assert await inbox.next(2**52) == put


async def test_of_a_handled_update_nothing_but_its_number_stays_and_it_is_not_put_again(inbox: Inbox) -> None:
    assert await inbox.put([words(1)]) == ({1}, set())
    await inbox.done(words(1))
    assert await inbox.put([words(1), words(1)]) == (set(), set())
    assert await inbox.next(1) is None


async def test_a_chat_has_room_for_so_many_and_others_have_their_own(inbox: Inbox) -> None:
    news, too_many = await inbox.put([words(number) for number in range(1, MOST_WAITING + 3)] + [words(999, chat_id=2)])
    assert (news, too_many) == ({1, 2}, {1})
    await inbox.done(words(1))
    assert await inbox.put([words(1000)]) == ({1}, set())
