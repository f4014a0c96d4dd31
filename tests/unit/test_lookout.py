"""What other processes store wakes the streams of this one."""

import datetime as dt

from bot.conversations import lookout as looking
from bot.conversations.database import Database
from bot.conversations.lookout import Lookout
from bot.conversations.store import ConversationStore
from bot.notify import DESK, Notifier
from tests.unit.desk_rows import add_conversation, message

AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


async def test_only_streams_with_news_are_woken(database: Database) -> None:
    for name in ("one", "two"):
        await add_conversation(database, name, AT)
    notifier = Notifier()
    lookout = Lookout(database, notifier, 5.0)
    desk, one, two = (notifier.listen(key) for key in (DESK, "one", "two"))
    await lookout.look()
    assert [await notifier.wait(each, 0) for each in (one, two, desk)] == [True, True, False]
    await lookout.look()
    assert [await notifier.wait(each, 0) for each in (one, two)] == [False, False]
    await ConversationStore(database).receive("two", message(AT, "Said to another process"))
    await lookout.look()
    assert [await notifier.wait(each, 0) for each in (one, two, desk)] == [False, True, False]


async def test_a_stream_of_an_erased_conversation_is_woken_until_it_ends(database: Database) -> None:
    await add_conversation(database, "gone", AT)
    notifier = Notifier()
    lookout = Lookout(database, notifier, 5.0)
    gone = notifier.listen("gone")
    await lookout.look()
    await ConversationStore(database).erase("gone")
    for _ in range(2):
        await notifier.wait(gone, 0)
        await lookout.look()
        assert gone.is_set()
    notifier.leave("gone", gone)
    assert notifier.listened() == []


async def test_many_conversations_are_asked_for_in_parts(database: Database) -> None:
    assert looking.AT_ONCE < 32_766  # what SQLite takes in one statement
    notifier = Notifier()
    names = [f"conversation {number}" for number in range(2 * looking.AT_ONCE + 1)]
    await add_conversation(database, names[-1], AT)
    events = [notifier.listen(name) for name in names]
    lookout = Lookout(database, notifier, 5.0)
    await lookout.look()
    for event in events:
        event.clear()
    await lookout.look()
    assert [event.is_set() for event in events] == [True] * (len(names) - 1) + [False]
