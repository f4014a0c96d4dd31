"""Who is at the desk."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversations.database import Database
from bot.desk.accounts import AccountStore, Role
from bot.desk.presence import Presence
from tests.desk_people import NOON, QUICK, new_database

AWAY_AFTER = dt.timedelta(minutes=10)
LAST_MOMENT = NOON + AWAY_AFTER - dt.timedelta(seconds=1)
DESKS = ("expert", "joensuu", "liperi")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await new_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture
def presence(database: Database) -> Presence:
    return Presence(database, AWAY_AFTER)


async def person(database: Database, login: str, role: Role, municipality: str | None = None) -> int:
    account = await AccountStore(database, QUICK).add(login, "Title", role, NOON, municipality=municipality)
    return account.id


async def present_at(database: Database, presence: Presence, now: dt.datetime = NOON) -> dict[str, list[str]]:
    """The logins at each desk; both ways of asking agree."""
    found = {}
    async with database.session() as session:
        for desk in DESKS:
            found[desk] = [account.login for account in await presence.present_accounts(session, desk, now)]
            assert await presence.present_at(session, desk, now) is bool(found[desk])
    return found


async def test_nobody_is_present_who_has_not_said_so(database: Database, presence: Presence) -> None:
    expert = await person(database, "expert", "expert")
    await presence.touch(expert, NOON)
    assert not await presence.is_present(expert, NOON)
    assert await present_at(database, presence) == {"expert": [], "joensuu": [], "liperi": []}


async def test_each_serves_the_desk_of_their_role(database: Database, presence: Presence) -> None:
    people = [
        await person(database, "expert", "expert"),
        await person(database, "joensuu", "counsellor", "joensuu"),
        await person(database, "administrator", "administrator"),
    ]
    for account_id in people:
        await presence.say(account_id, True, NOON)
    assert await present_at(database, presence) == {"expert": ["expert"], "joensuu": ["joensuu"], "liperi": []}


async def test_who_says_away_is_away(database: Database, presence: Presence) -> None:
    expert = await person(database, "expert", "expert")
    await presence.say(expert, True, NOON)
    assert await presence.is_present(expert, NOON)
    await presence.say(expert, False, NOON)
    assert not await presence.is_present(expert, NOON)
    assert (await present_at(database, presence))["expert"] == []


async def test_without_a_sign_of_life_one_is_away_until_the_next(database: Database, presence: Presence) -> None:
    expert = await person(database, "expert", "expert")
    await presence.say(expert, True, NOON)
    assert (await present_at(database, presence, LAST_MOMENT))["expert"] == ["expert"]
    assert (await present_at(database, presence, NOON + AWAY_AFTER))["expert"] == []
    assert not await presence.is_present(expert, NOON + AWAY_AFTER)
    await presence.touch(expert, NOON + 2 * AWAY_AFTER)
    assert (await present_at(database, presence, NOON + 2 * AWAY_AFTER))["expert"] == ["expert"]


async def test_a_sign_of_life_does_not_bring_back_who_said_away(database: Database, presence: Presence) -> None:
    expert = await person(database, "expert", "expert")
    await presence.say(expert, False, NOON)
    await presence.touch(expert, NOON)
    assert not await presence.is_present(expert, NOON)


async def test_the_one_who_is_there_longest_comes_first(database: Database, presence: Presence) -> None:
    first, second = await person(database, "a", "expert"), await person(database, "b", "expert")
    await presence.say(first, True, NOON)
    await presence.say(second, True, NOON + dt.timedelta(minutes=1))
    await presence.say(first, True, NOON + dt.timedelta(minutes=2))
    assert (await present_at(database, presence, LAST_MOMENT))["expert"] == ["a", "b"]
    await presence.say(first, False, NOON + dt.timedelta(minutes=3))
    await presence.say(first, True, NOON + dt.timedelta(minutes=4))
    assert (await present_at(database, presence, LAST_MOMENT))["expert"] == ["b", "a"]


async def test_a_disabled_account_is_not_present(database: Database, presence: Presence) -> None:
    expert = await person(database, "expert", "expert")
    await presence.say(expert, True, NOON)
    await AccountStore(database, QUICK).disable("expert")
    assert (await present_at(database, presence))["expert"] == []
