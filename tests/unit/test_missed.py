"""Missed questions: read once for the same words, masked, each for those who may see it, and decided on once."""

import datetime as dt

import pytest

from bot.conversations.database import Database
from bot.curation.missed import AT_ONCE, MissedQuestions, key_of
from tests.desk_people import NOON, audited
from tests.unit.missed_rows import SECRETS, missed, person, store

DAY = dt.timedelta(days=1)
LATER = NOON + DAY


@pytest.mark.parametrize("other", ["Where is  my CARD", "where is my card?!", "„Where is my card.”", "ｗhere is my card"])
def test_the_same_words_have_one_key(other: str) -> None:
    assert key_of(other) == key_of("where is my card")


@pytest.mark.parametrize(
    ("one", "other"), [("kortti", "kortit"), ("กิ", "กี"), ("123", "124"), ("???", "!!!"), ("äiti", "aiti"), ("где", "где?a")]
)
def test_other_words_have_another_key(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


async def test_questions_are_counted_with_their_languages_and_causes(database: Database) -> None:
    await store(
        database,
        missed("Where is my card?", language="en"),
        missed("where is my card", language="sv", at=LATER),
        missed("Where is my card?", status="clarify", at=NOON - DAY),
        missed("where is my card?", status="control", answer_id="kela_card", helped=False),
        missed("", missed_question=None, status="answered"),
        missed("rare", language=None),
    )
    found = await MissedQuestions(database).open(None)
    assert [(each.text, each.count) for each in found] == [("Where is my card?", 4), ("rare", 1)]
    card, rare = found
    assert card.causes == {"unknown": 2, "clarify": 1, "not_helped": 1}
    assert card.languages == {"en": 3, "sv": 1}
    assert (card.language, rare.language) == ("en", "en")
    assert card.not_helping == {"kela_card": 1}
    assert (card.first_at, card.last_at) == (NOON - DAY, LATER)
    assert [each.text for each in await MissedQuestions(database).open(None, NOON + DAY / 2)] == ["where is my card"]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
async def test_what_identifies_is_masked_though_it_was_stored(database: Database, secret: str) -> None:
    """Rules of masking become better: what was stored by those of then is masked by those of today."""
    await store(database, missed(f"is it {secret} then"))
    [found] = await MissedQuestions(database).open(None)
    assert secret not in found.text
    assert found.text.startswith("is it [")
    account = await person(database)
    await MissedQuestions(database).decide([found.key], account, NOON, "dismissed", reason="other")
    [decided] = await MissedQuestions(database).decided(account)
    assert secret not in decided.missed.text


async def test_who_sees_what(database: Database) -> None:
    await store(
        database,
        missed("in Kitee", municipality="kitee"),
        missed("in Liperi", municipality="liperi"),
        missed("anywhere"),
        missed("Anywhere", municipality="liperi"),
    )
    questions = MissedQuestions(database)
    everything = {"in Kitee": 1, "in Liperi": 1, "anywhere": 2}
    own = {"in Kitee": 1, "anywhere": 1}
    for account, expected in (
        (None, everything),
        (await person(database), everything),
        (await person(database, "administrator"), everything),
        (await person(database, "counsellor", "kitee"), own),
        (await person(database, "counsellor"), {"anywhere": 1}),
    ):
        assert {each.text: each.count for each in await questions.open(account)} == expected


async def test_a_decision_holds_for_the_same_words_and_is_noted_without_them(database: Database) -> None:
    await store(database, missed("Where is my card?"), missed("Where else?"))
    questions, account = MissedQuestions(database), await person(database)
    keys = [key_of("where is my card")]
    assert await questions.decide(keys, account, NOON, "attached", answer_id="kela_card") == 1
    assert await questions.decide(keys, account, LATER, "dismissed", reason="other") == 0
    await store(database, missed("where is MY card"))
    assert [each.text for each in await questions.open(None)] == ["Where else?"]
    [decided] = await questions.decided(account)
    assert (decided.missed.count, decided.decision, decided.answer_id, decided.at) == (2, "attached", "kela_card", NOON)
    assert await audited(database) == [("expert-none", "missed_attached", "1 kela_card")]


async def test_put_back_it_stands_in_the_list_again(database: Database) -> None:
    await store(database, missed("one"), missed("two"))
    questions, account = MissedQuestions(database), await person(database)
    await questions.decide([key_of("one"), key_of("two")], account, NOON, "dismissed", reason="no_question")
    assert await questions.put_back([key_of("one"), key_of("never asked")], account, LATER) == 1
    assert await questions.put_back([key_of("one")], account, LATER) == 0
    assert [each.text for each in await questions.open(None)] == ["one"]
    told = [(what, detail) for _, what, detail in await audited(database)]
    assert told == [("missed_dismissed", "2 no_question"), ("missed_put_back", "1")]


async def test_nobody_decides_on_what_they_do_not_see(database: Database) -> None:
    await store(database, missed("in Kitee", municipality="kitee"))
    questions = MissedQuestions(database)
    expert, other = await person(database), await person(database, "counsellor", "liperi")
    key = key_of("in Kitee")
    assert await questions.decide([key], other, NOON, "dismissed", reason="other") == 0
    assert await questions.decide([key], expert, NOON, "begun") == 1
    assert await questions.put_back([key], other, NOON) == 0
    assert [login for login, _, _ in await audited(database)] == ["expert-none"]


async def test_the_state_changes_with_everything_that_the_lists_tell(database: Database) -> None:
    questions, account = MissedQuestions(database), await person(database)
    seen = [await questions.state(account)]
    await store(database, missed("one"))
    seen.append(await questions.state(account))
    await questions.decide([key_of("one")], account, NOON, "begun")
    seen.append(await questions.state(account))
    await store(database, missed("", missed_question=None))
    assert await questions.state(account) == seen[-1]
    await questions.put_back([key_of("one")], account, NOON)
    assert len(set(seen)) == 3
    assert await questions.state(account) == seen[1]


async def test_thousands_are_decided_on_at_once(database: Database) -> None:
    words = [f"question {number}" for number in range(2 * AT_ONCE + 1)]
    await store(database, *map(missed, words))
    questions, account = MissedQuestions(database), await person(database)
    keys = list(map(key_of, words))
    assert await questions.decide(keys, account, NOON, "dismissed", reason="other") == len(words)
    assert await questions.open(None) == []
    assert await questions.put_back(keys, account, NOON) == len(words)
