"""Which cases an account sees at the desk, in which order, and how much of them is read."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, insert, update

from bot.conversations.tables import ConversationRow
from bot.desk.case_full import MESSAGES_ON_A_PAGE, last_words, messages_after, one_message, read_case
from bot.desk.case_reading import CLOSED_ON_A_PAGE, MOST_WAITING, first_line, read_closed, read_queue, waiting_ids
from bot.handoff.hold import UnknownCase
from bot.handoff.tables import CaseRow
from tests.desk_people import NOON, Clock, new_database
from tests.made_cases import CODE, MadeCases, newcomer_says


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[MadeCases]:
    database = await new_database(tmp_path)
    yield MadeCases(database, Clock())
    await database.close()


async def conversation_of(made: MadeCases, case_id: int) -> str:
    async with made.database.session() as session:
        case = await session.get(CaseRow, case_id)
        assert case is not None
        return case.conversation_id


async def test_urgent_cases_come_first_then_those_that_wait_longest(made: MadeCases) -> None:
    expert = await made.account("expert")
    old = await made.case("old")
    made.clock.forward(minutes=5)
    new = await made.case("new")
    urgent = await made.case("urgent", urgent=True)
    async with made.database.session() as session:
        queue = await read_queue(session, expert)
        assert await waiting_ids(session, expert) == [urgent, old, new]
    assert [case.id for case in queue.waiting] == [urgent, old, new]
    assert queue.waiting_count == 3


async def test_a_counsellor_sees_their_desk_and_apart_from_it_what_their_people_wait_for_elsewhere(made: MadeCases) -> None:
    kitee = await made.account("kitee", "counsellor", "kitee")
    here = await made.case(desk="kitee", municipality="kitee")
    at_expert = await made.case(municipality="kitee")
    await made.case(municipality="liperi")
    await made.case(desk="liperi", municipality="liperi")
    async with made.database.session() as session:
        queue = await read_queue(session, kitee)
    assert [case.id for case in queue.waiting] == [here]
    assert [case.id for case in queue.elsewhere] == [at_expert]


async def test_own_cases_consults_and_those_of_colleagues_are_apart(made: MadeCases) -> None:
    expert, other = await made.account("expert"), await made.account("other")
    kitee = await made.account("kitee", "counsellor", "kitee")
    own, colleagues = await made.case(), await made.case()
    asked = await made.case(desk="kitee", municipality="kitee")
    await made.cases.claim(own, expert)
    await made.cases.claim(colleagues, other)
    await made.cases.claim(asked, kitee)
    await made.cases.ask_expert(asked, kitee, "Which form is it?")
    async with made.database.session() as session:
        queue = await read_queue(session, expert)
        of_kitee = await read_queue(session, kitee)
    assert [case.id for case in queue.own] == [own]
    assert [(case.id, case.claimed_by) for case in queue.colleagues] == [(colleagues, "OTHER")]
    assert [(case.id, case.claimed_by) for case in queue.asked] == [(asked, "KITEE")]
    assert [case.id for case in of_kitee.own] == [asked]
    assert not of_kitee.asked


async def test_an_administrator_sees_no_case(made: MadeCases) -> None:
    administrator = await made.account("admin", "administrator")
    case_id = await made.case()
    async with made.database.session() as session:
        queue = await read_queue(session, administrator)
        assert not any([queue.waiting, queue.elsewhere, queue.own, queue.asked, queue.colleagues, queue.waiting_count])
        assert await read_closed(session, administrator) == ([], False)
        with pytest.raises(UnknownCase):
            await read_case(session, case_id, administrator)


async def test_a_case_in_the_list_tells_of_its_appointment_and_of_words_that_wait(made: MadeCases) -> None:
    expert = await made.account("expert")
    case_id = await made.case("I have a question\nabout  my permit")
    starts_at = NOON + dt.timedelta(days=1)
    await made.appointment(case_id, "expert", starts_at)
    await made.cases.claim(case_id, expert)
    async with made.database.session() as session:
        listed = (await read_queue(session, expert)).own[0]
    assert (listed.first_line, listed.appointment) == ("I have a question about my permit", starts_at)
    assert listed.unanswered
    await made.cases.write(case_id, expert, "Hello", "en")
    async with made.database.session() as session:
        assert not (await read_queue(session, expert)).own[0].unanswered


def test_the_first_line_is_masked_and_cut() -> None:
    assert first_line(f"My code is {CODE}, phone 040 123 4567") == "My code is [identity code], phone 040 123 4567"
    assert len(first_line("word " * 100)) <= 140


async def test_closed_cases_are_paged_newest_first(made: MadeCases) -> None:
    kitee = await made.account("kitee", "counsellor", "kitee")
    expert = await made.account("expert")
    ids = []
    for number in range(CLOSED_ON_A_PAGE + 3):
        at_kitee = number % 2 == 0
        case_id = await made.case(desk="kitee" if at_kitee else "expert", municipality="kitee")
        account = kitee if at_kitee else expert
        await made.cases.claim(case_id, account)
        made.clock.forward(minutes=1)
        await made.cases.resolve(case_id, account, "answered", None, None)
        ids.append(case_id)
    async with made.database.session() as session:
        page, more = await read_closed(session, kitee)
        assert [case.id for case in page] == ids[::-1][:CLOSED_ON_A_PAGE]
        assert more
        rest, more = await read_closed(session, kitee, before=page[-1].id)
        assert [case.id for case in rest] == ids[::-1][CLOSED_ON_A_PAGE:]
        assert not more


async def test_a_case_is_read_with_its_timeline_and_private_words(made: MadeCases) -> None:
    expert = await made.account("expert")
    case_id = await made.case("The matter")
    await made.cases.claim(case_id, expert)
    await made.cases.note(case_id, expert, "Call on Friday")
    async with made.database.session() as session:
        full = await read_case(session, case_id, expert)
    assert (full.owner, full.holder, full.booked) == ("human", "EXPERT", None)
    assert [(each.kind, each.who, each.text) for each in full.events] == [
        ("created", None, None),
        ("claimed", "EXPERT", None),
        ("note", "EXPERT", "Call on Friday"),
    ]
    assert [message.sender for message in full.messages] == ["newcomer", "system"]


async def test_a_case_of_another_municipality_is_unknown(made: MadeCases) -> None:
    case_id = await made.case(desk="kitee", municipality="kitee")
    liperi, expert = await made.account("liperi", "counsellor", "liperi"), await made.account("expert")
    async with made.database.session() as session:
        for account in (liperi, expert):
            with pytest.raises(UnknownCase):
                await read_case(session, case_id, account)
        for nonsense in (0, -1, 10**30, case_id + 1):
            with pytest.raises(UnknownCase):
                await read_case(session, nonsense, expert)


async def test_a_long_conversation_is_paged(made: MadeCases) -> None:
    expert = await made.account("expert")
    case_id = await made.case("first")
    conversation_id = await conversation_of(made, case_id)
    for number in range(MESSAGES_ON_A_PAGE):
        await made.message(conversation_id, newcomer_says(f"message {number}", made.clock()))
    async with made.database.session() as session:
        full = await read_case(session, case_id, expert)
        assert (len(full.messages), full.more_before) == (MESSAGES_ON_A_PAGE, True)
        assert full.messages[-1].text == f"message {MESSAGES_ON_A_PAGE - 1}"
        before = await read_case(session, case_id, expert, before=full.messages[0].id)
        assert ([message.text for message in before.messages], before.more_before) == (["first"], False)
        news = await messages_after(session, full.case, full.messages[-2].id)
        assert [message.text for message in news] == [f"message {MESSAGES_ON_A_PAGE - 1}"]


async def test_a_message_of_another_conversation_is_unknown(made: MadeCases) -> None:
    expert = await made.account("expert")
    one, other = await made.case("one"), await made.case("other")
    async with made.database.session() as session:
        mine, foreign = await read_case(session, one, expert), await read_case(session, other, expert)
        assert (await one_message(session, mine.case, mine.messages[0].id)).text == "one"
        with pytest.raises(UnknownCase):
            await one_message(session, mine.case, foreign.messages[0].id)


async def test_the_last_words_are_no_button(made: MadeCases) -> None:
    expert = await made.account("expert")
    case_id = await made.case("How long does it take?")
    conversation_id = await conversation_of(made, case_id)
    await made.message(conversation_id, newcomer_says('/choose{"answer":"x"}', made.clock()))
    async with made.database.session() as session:
        words = await last_words(session, (await read_case(session, case_id, expert)).case)
    assert words is not None
    assert words.text == "How long does it take?"


async def test_many_cases_are_not_walked_through(made: MadeCases) -> None:
    """Every list finds its cases by an index in the order in which it shows them: no sorting, no scan."""
    expert = await made.account("expert")
    kitee = await made.account("kitee", "counsellor", "kitee")
    await many(made, 4_000)
    plans: list[str] = []
    async with made.database.engine.connect() as connection:
        queries: list[tuple[str, object]] = []

        @event.listens_for(made.database.engine.sync_engine, "before_cursor_execute")
        def remember(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
            queries.append((statement, parameters))

        async with made.database.session() as session:
            for account in (expert, kitee):
                queue = await read_queue(session, account)
                assert len(queue.waiting) == MOST_WAITING
                assert len((await read_closed(session, account))[0]) == CLOSED_ON_A_PAGE
        event.remove(made.database.engine.sync_engine, "before_cursor_execute", remember)
        for statement, parameters in queries:
            if statement.startswith("SELECT"):
                explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
                plans += [row[3] for row in explained if "cases" in row[3] or "B-TREE" in row[3]]
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN") or "TEMP B-TREE" in plan]


async def many(made: MadeCases, count: int) -> None:
    """Cases of every state and desk, straight into the tables."""
    first = await made.case(desk="kitee", municipality="kitee")
    async with made.database.write() as session:
        case = await session.get(CaseRow, first)
        assert case is not None
        conversation = await session.get(ConversationRow, case.conversation_id)
        assert conversation is not None
        like_case = {column.name: getattr(case, column.name) for column in CaseRow.__table__.columns if column.name != "id"}
        like_conversation = {
            column.name: getattr(conversation, column.name) for column in ConversationRow.__table__.columns if column.name != "id"
        }
        numbers = range(count)
        await session.execute(insert(ConversationRow), [{**like_conversation, "id": f"c{number}"} for number in numbers])
        rows = []
        for number in numbers:
            state = "queued" if number % 20 == 0 else "resolved"
            desk = ("expert", "kitee", "liperi", "kitee", "expert")[number // 20 % 5]
            at = NOON + dt.timedelta(seconds=number)
            ended = None if state == "queued" else at + dt.timedelta(hours=1)
            rows.append(
                {**like_case, "conversation_id": f"c{number}", "state": state, "desk": desk, "municipality": desk}
                | {"created_at": at, "ended_at": ended, "figures_id": f"f{number}"}
            )
        await session.execute(insert(CaseRow), rows)
        await session.execute(update(CaseRow).where(CaseRow.desk == "expert").values(municipality="kitee"))
