"""Cases that wait: nobody is left without a word, and nobody at the desk forgets them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from bot.desk.presence import Presence
from bot.handoff.mailing import Mailing
from bot.handoff.tables import OutboxRow
from bot.handoff.watch import Watch
from bot.settings import Settings
from tests.handoff.conftest import Desk, published_guide


def watch_of(desk: Desk) -> tuple[Watch, Presence]:
    settings = Settings(desk_email="desk@example.fi", chat_expires_hours=24, case_reminder_minutes=30)
    presence, guide = Presence(desk.database, dt.timedelta(minutes=10)), published_guide()
    mailing = Mailing(settings, guide)
    return Watch(desk.database, guide, settings, desk.cases, desk.notifier, presence, mailing, desk.clock), presence


async def test_whoever_waits_in_a_chat_is_told_once_that_nobody_is_there(desk: Desk) -> None:
    watch, _ = watch_of(desk)
    chat, call = await desk.case(), await desk.case(way="callback")
    for _ in range(2):
        await watch.look()
    assert [sender for sender, _ in await desk.messages(chat)] == ["system"]
    assert "Nobody is at the desk" in (await desk.messages(chat))[0][1]
    assert await desk.messages(call) == []


async def test_nothing_is_said_while_somebody_is_there_and_then_when_they_have_gone(desk: Desk) -> None:
    watch, presence = watch_of(desk)
    expert, case = await desk.account("expert", "expert"), await desk.case()
    await presence.say(expert.id, True, desk.clock())
    await watch.look()
    assert await desk.messages(case) == []
    desk.clock.forward(minutes=11)
    await watch.look()
    assert len(await desk.messages(case)) == 1


async def test_the_desk_is_reminded_once_of_a_case_that_waits(desk: Desk) -> None:
    watch, _ = watch_of(desk)
    await desk.case(way="question")
    for minutes in (29, 2, 60):
        desk.clock.forward(minutes=minutes)
        await watch.look()
    async with desk.database.session() as session:
        assert (await session.scalars(select(OutboxRow.to))).all() == ["desk@example.fi"]


async def test_a_chat_that_nobody_took_ends_with_a_word_and_other_cases_go_on_waiting(desk: Desk) -> None:
    watch, _ = watch_of(desk)
    chat, call = await desk.case(), await desk.case(way="callback")
    desk.clock.forward(hours=25)
    await watch.look()
    assert [(await desk.read(case))[0].state for case in (chat, call)] == ["expired", "queued"]
    assert "Nobody has been able to answer" in (await desk.messages(chat))[-1][1]
