"""Grouping by meaning: across languages with the encoder and content that are live, and what is done beside the event loop."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.conversations.database import Database
from bot.curation.grouping import grouped
from bot.curation.groups import ON_ONE_CORE, Group, MissedGroups, Reading
from bot.curation.missed import MissedQuestions, key_of
from bot.curation.vectors import MissedVectors
from bot.guide import Guide
from bot.settings import ROOT
from knowledge.encoder import make_encoder
from knowledge.publishing import publish
from tests.desk_people import NOON, new_database
from tests.unit.content_fixtures import NOW, FakeEncoder, write_content
from tests.unit.missed_rows import missed, person, store

SAME = {
    "library": {
        "en": "how can I get a library card",
        "fi": "mistä saan kirjastokortin",
        "ru": "как получить читательский билет в библиотеке",
        "sv": "hur får jag ett lånekort till biblioteket",
    },
    "tax": {
        "en": "I need a tax card for my first job",
        "fi": "mistä verokortti ensimmäiseen työhön",
        "ar": "كيف أحصل على بطاقة الضريبة",
    },
    "nobody knows": {"en": "how deep is the lake in front of the house", "fi": "montako koiraa mahtuu veneeseen"},
}


@pytest.fixture(scope="module")
def live() -> Iterator[Guide]:
    guide = Guide(make_encoder("bundled"), ROOT / "var" / "snapshots")
    yield guide
    guide.close()


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Guide]:
    publish(write_content(tmp_path), tmp_path / "snapshots", FakeEncoder(), NOW)
    guide = Guide(FakeEncoder(), tmp_path / "snapshots")
    yield guide
    guide.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> Database:
    return await new_database(tmp_path)


def groups_over(guide: Guide, database: Database, folder: Path) -> MissedGroups:
    return MissedGroups(guide, MissedQuestions(database), MissedVectors(folder / "vectors.npz"))


async def test_what_means_the_same_stands_together_across_languages(live: Guide, sqlite: Database, tmp_path: Path) -> None:
    rows = [missed(words, language=language) for same in SAME.values() for language, words in same.items()]
    await store(sqlite, *rows, missed(SAME["library"]["en"]))
    groups = groups_over(live, sqlite, tmp_path)
    found = await groups.look(None)
    assert not isinstance(found, Reading)
    told = [{each.text for each in group.members} for group in found]
    assert told[:2] == [set(SAME["library"].values()), set(SAME["tax"].values())]
    assert sorted(map(len, told[2:])) == [1, 1]
    library = found[0]
    assert library.count == 5
    assert library.languages == {"en": 2, "fi": 1, "ru": 1, "sv": 1}
    assert library.causes == {"unknown": 5}
    assert "library_card" in (await groups.suggestions(library))
    await sqlite.close()


def test_one_go_puts_each_where_the_middle_is_nearest() -> None:
    angles = np.radians([0, 90, 11, 78, 45, 4, 88])
    alike = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert grouped(alike, [1] * 7, 0.9) == [[5, 0, 2], [6, 1, 3], [4]]
    assert len(grouped(alike, [1] * 7, -1.0)) == 1
    assert [len(rows) for rows in grouped(alike, [1] * 7, 1.1)] == [1] * 7
    assert grouped(np.zeros((0, 2), dtype=np.float32), []) == []


def test_a_question_asked_often_is_the_middle_of_its_group() -> None:
    angles = np.radians([0, 20, 44])
    alike = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert grouped(alike, [1, 1, 1], 0.5) == [[1, 0, 2]]
    assert grouped(alike, [50, 1, 1], 0.5) == [[0, 1, 2]]


async def test_many_new_questions_are_read_beside_the_loop_and_only_once(fake: Guide, sqlite: Database, tmp_path: Path) -> None:
    words = [f"bussilippu numero {number}" for number in range(3 * ON_ONE_CORE)]
    await store(sqlite, *map(missed, words))
    groups = groups_over(fake, sqlite, tmp_path)
    first = await groups.look(None)
    assert isinstance(first, Reading)
    assert first == Reading(0, len(words))
    while isinstance(found := await groups.look(None), Reading):
        assert found.total == len(words)
        await asyncio.sleep(0)
    assert sum(len(group.members) for group in found) == len(words)
    encoder = fake.encoder
    assert isinstance(encoder, FakeEncoder)
    read = len(encoder.encoded)
    await store(sqlite, missed(words[0]))
    again = await groups_over(fake, sqlite, tmp_path).look(None)
    assert not isinstance(again, Reading)
    assert sum(group.count for group in again) == len(words) + 1
    assert len(encoder.encoded) == read
    await groups.stop()
    await sqlite.close()


async def test_a_second_look_is_the_first_until_something_changes(fake: Guide, sqlite: Database, tmp_path: Path) -> None:
    await store(sqlite, missed("bussilippu"), missed("oleskelulupa", municipality="kitee"))
    account, other = await person(sqlite), await person(sqlite, "counsellor", "liperi")
    groups = groups_over(fake, sqlite, tmp_path)
    first = await groups.look(account)
    assert await groups.look(account) is first
    assert [each.name.text for each in _groups(await groups.look(other))] == ["bussilippu"]
    await MissedQuestions(sqlite).decide([key_of("bussilippu")], account, NOON, "begun")
    assert [each.name.text for each in _groups(await groups.look(account))] == ["oleskelulupa"]
    assert await groups.look(other) == []
    await sqlite.close()


async def test_whoever_runs_the_guide_waits_and_hears_how_far_it_is(fake: Guide, sqlite: Database, tmp_path: Path) -> None:
    await store(sqlite, *(missed(f"kysymys {number}") for number in range(20)))
    told: list[tuple[int, int]] = []
    found = await groups_over(fake, sqlite, tmp_path).all(None, lambda done, total: told.append((done, total)))
    assert sum(group.count for group in found) == 20
    assert told == [(20, 20)]
    assert await groups_over(fake, sqlite, tmp_path).all(NOON.replace(year=2030), lambda done, total: None) == []
    await sqlite.close()


def _groups(found: list[Group] | Reading) -> list[Group]:
    assert isinstance(found, list)
    return found
