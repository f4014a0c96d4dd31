"""What other processes store wakes the streams of this one."""

import datetime as dt

from bot.conversations.database import Database
from bot.conversations.lookout import AT_ONCE, Lookout
from bot.conversations.store import ConversationStore
from bot.notify import DESK, News, Notifier
from tests.unit.desk_rows import add_conversation, message

AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


def streaming(notifier: Notifier, conversation: str, up_to: int) -> News:
    news = notifier.listen(conversation)
    news.up_to = up_to
    return news


async def woken(notifier: Notifier, *streams: News) -> list[bool]:
    return [await notifier.wait(each, 0) for each in streams]


async def test_only_streams_that_have_not_told_everything_are_woken(database: Database) -> None:
    store, notifier = ConversationStore(database), Notifier()
    for name in ("one", "two"):
        await add_conversation(database, name, AT)
    last = {name: (await store.messages(name))[-1].id or 0 for name in ("one", "two")}
    desk, page = notifier.listen(DESK), notifier.listen("two")
    one, two, behind = (streaming(notifier, name, up_to) for name, up_to in (*last.items(), ("one", 0)))
    lookout = Lookout(database, notifier, 5.0)
    await lookout.look()
    assert await woken(notifier, one, two, behind, desk, page) == [True, False, True, False, False]
    behind.up_to = last["one"]
    await lookout.look()
    assert await woken(notifier, one, two, behind, desk, page) == [False] * 5
    await store.receive("two", message(AT, "Said to another process"))
    await lookout.look()
    assert await woken(notifier, one, two, behind, desk, page) == [False, True, False, False, True]


async def test_a_stream_of_an_erased_conversation_is_woken_until_it_ends(database: Database) -> None:
    await add_conversation(database, "gone", AT)
    notifier = Notifier()
    lookout = Lookout(database, notifier, 5.0)
    gone = streaming(notifier, "gone", 2**62)
    await lookout.look()
    assert await woken(notifier, gone) == [False]
    await ConversationStore(database).erase("gone")
    for _ in range(2):
        await lookout.look()
        assert await woken(notifier, gone) == [True]
    notifier.leave("gone", gone)
    assert notifier.told() == {}


async def test_many_conversations_are_asked_for_in_parts(database: Database) -> None:
    notifier = Notifier()
    await add_conversation(database, "the last one", AT)
    streams = [streaming(notifier, name, 2**62) for name in (*map(str, range(2 * AT_ONCE)), "the last one")]
    await Lookout(database, notifier, 5.0).look()
    assert await woken(notifier, *streams) == [True] * (2 * AT_ONCE) + [False]
