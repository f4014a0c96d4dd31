"""Feedback by answer: counts that stay, month by month in Finnish time, and reasons as long as their conversation."""

import datetime as dt

import pytest
from sqlalchemy import update

from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import ConversationRow
from bot.curation.feedback import AnswerFeedback, Judged, months_since
from tests.desk_people import NOON
from tests.unit.desk_rows import add_conversation
from tests.unit.missed_rows import SECRETS, judged, person, store

BEGIN = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


async def test_answers_are_counted_by_month_the_worst_first(database: Database) -> None:
    midnight = dt.datetime(2026, 10, 31, 22, 30, tzinfo=dt.UTC)  # in Finland it is November already
    await store(
        database,
        *(judged("bad", False) for _ in range(6)),
        *(judged("bad", True) for _ in range(4)),
        judged("once", False, at=midnight),
        judged("good", True, at=midnight - dt.timedelta(hours=1)),
        judged("good", True),
        judged("bad", True, at=BEGIN - dt.timedelta(seconds=1)),
        judged(None, True),
    )
    found = await AnswerFeedback(database).all(None, BEGIN, NOON)
    assert [(each.answer_id, each.helped, each.not_helped) for each in found] == [("bad", 4, 6), ("once", 0, 1), ("good", 2, 0)]
    bad, once, good = found
    assert bad.months == {"2026-10": (0, 0), "2026-11": (4, 6)}
    assert once.months == {"2026-10": (0, 0), "2026-11": (0, 1)}
    assert good.months == {"2026-10": (1, 0), "2026-11": (1, 0)}


def test_a_single_voice_weighs_less_than_many() -> None:
    assert Judged("a", 4, 6).badness > Judged("b", 0, 1).badness > Judged("c", 1, 1).badness > Judged("d", 5, 0).badness
    assert Judged("e", 0, 10).badness == pytest.approx(0.7225, abs=1e-4)  # Wilson (1927): n / (n + z²) when all say so
    assert Judged("d", 5, 0).badness == pytest.approx(0.0, abs=1e-9)


async def test_reasons_and_words_are_those_of_conversations_that_are_kept(database: Database) -> None:
    feedback, conversations = AnswerFeedback(database), ConversationStore(database)
    await store(database, judged("permit_late", False), judged("permit_late", False))
    await add_conversation(database, "one", NOON)  # says "still late" without a reason
    await conversations.keep_feedback("one", "permit_late", False, "unclear", None, NOON)
    await conversations.keep_feedback("one", "permit_late", False, None, None, NOON)
    await conversations.keep_feedback("one", "permit_late", True, None, "thanks", NOON)
    await conversations.keep_feedback("one", "other", False, "wrong", None, NOON)
    [found] = await feedback.all(None, BEGIN, NOON)
    assert found.reasons == {"unclear": 1}
    said = await feedback.said(None, "permit_late", BEGIN, 10)
    assert [(each.reason, each.words, each.language) for each in said] == [("unclear", None, "en"), (None, "still late", "en")]
    assert len(await feedback.said(None, "permit_late", BEGIN, 1)) == 1
    assert await feedback.said(None, "permit_late", NOON + dt.timedelta(days=1), 10) == []
    await conversations.erase("one")
    [found] = await feedback.all(None, BEGIN, NOON)
    assert (found.not_helped, found.reasons) == (2, {})
    assert await feedback.said(None, "permit_late", BEGIN, 10) == []


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
async def test_words_are_masked_though_they_were_stored(database: Database, secret: str) -> None:
    await add_conversation(database, "one", NOON)
    await ConversationStore(database).keep_feedback("one", "kela_card", False, None, f"no, I am {secret}", NOON)
    [said] = await AnswerFeedback(database).said(None, "kela_card", BEGIN, 10)
    assert secret not in (said.words or "")
    assert (said.words or "").startswith("no, I am [")


async def test_a_counsellor_sees_the_own_municipality_and_what_names_none(database: Database) -> None:
    for place in ("kitee", "liperi", None):
        await store(database, judged("permit_late", False, municipality=place))
        name = place or "none"
        await add_conversation(database, name, NOON)
        async with database.write() as session:
            await session.execute(update(ConversationRow).where(ConversationRow.id == name).values(municipality=place))
        await ConversationStore(database).keep_feedback(name, "permit_late", False, "wrong", name, NOON)
    feedback, counsellor = AnswerFeedback(database), await person(database, "counsellor", "kitee")
    [own] = await feedback.all(counsellor, BEGIN, NOON)
    assert (own.not_helped, own.reasons) == (2, {"wrong": 2})
    said = await feedback.said(counsellor, "permit_late", BEGIN, 10)
    assert {each.words for each in said if each.reason} == {"kitee", "none"}
    [everything] = await feedback.all(await person(database), BEGIN, NOON)
    assert (everything.not_helped, everything.reasons) == (3, {"wrong": 3})


@pytest.mark.parametrize(
    ("since", "count", "first"),
    [
        (BEGIN, 2, "2026-10"),
        (NOON, 1, "2026-11"),
        (NOON.replace(year=1990), 60, "2021-12"),
        (NOON.replace(year=2027), 1, "2026-11"),
    ],
)
def test_months_reach_back_five_years_at_most(since: dt.datetime, count: int, first: str) -> None:
    months = months_since(since, NOON)
    assert (len(months), months[0], months[-1]) == (count, first, "2026-11")
