"""The life of a case, and who may speak meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from bot.conversations.tables import TurnRow
from bot.handoff.hold import NotPossible, UnknownCase
from bot.handoff.tables import CaseEventRow, CaseFiguresRow
from bot.status import Status
from tests.handoff.conftest import Desk


async def test_a_chat_that_is_claimed_belongs_to_the_human_until_it_is_resolved(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    desk.clock.forward(minutes=3)
    await desk.cases.claim(case.id, expert)
    claimed, conversation = await desk.read(case)
    assert (claimed.state, claimed.account_id, conversation.owner) == ("claimed", expert.id, "human")
    desk.clock.forward(minutes=7)
    await desk.cases.write(case.id, expert, "I am reading your case.", "en")
    await desk.cases.resolve(case.id, expert, "answered", "residence_permit_extension", "told how to apply")
    resolved, conversation = await desk.read(case)
    assert (resolved.state, resolved.outcome, conversation.owner) == ("resolved", "answered", "bot")
    assert [sender for sender, _ in await desk.messages(case)] == ["system", "expert", "system"]
    async with desk.database.session() as session:
        figures = await session.get_one(CaseFiguresRow, case.figures_id)
    assert (figures.waited_s, figures.took_s, figures.topic) == (180, 600, "residence_permit_extension")


@pytest.mark.parametrize("way", ["callback", "appointment", "question"])
async def test_the_guide_goes_on_answering_until_a_human_writes_where_the_human_calls_later(desk: Desk, way: str) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case(way=way)
    await desk.cases.claim(case.id, expert)
    assert (await desk.read(case))[1].owner == "bot"
    await desk.cases.write(case.id, expert, "Hello", "en")
    assert (await desk.read(case))[1].owner == "human"
    await desk.cases.give_back(case.id, expert)
    kept, conversation = await desk.read(case)
    assert (kept.state, conversation.owner) == ("claimed", "bot")


async def test_only_one_of_many_who_claim_at_once_gets_the_case(desk: Desk) -> None:
    experts = [await desk.account(f"expert{number}", "expert") for number in range(5)]
    case = await desk.case()
    done = await asyncio.gather(*(desk.cases.claim(case.id, expert) for expert in experts), return_exceptions=True)
    assert sum(result is None for result in done) == 1
    assert {str(result) for result in done if result is not None} == {"claimed_already"}
    assert [sender for sender, _ in await desk.messages(case)] == ["system"]


async def test_a_colleague_cannot_act_in_a_case_of_somebody_else(desk: Desk) -> None:
    owner, other = await desk.account("expert", "expert"), await desk.account("second", "expert")
    case = await desk.case()
    await desk.cases.claim(case.id, owner)
    for act in (
        desk.cases.write(case.id, other, "Hello", "en"),
        desk.cases.release(case.id, other),
        desk.cases.resolve(case.id, other, "answered", None, None),
        desk.cases.transfer(case.id, other, "kitee", "Kitee"),
    ):
        with pytest.raises(NotPossible, match="not_yours"):
            await act


async def test_a_counsellor_of_another_municipality_does_not_know_the_case(desk: Desk) -> None:
    stranger, case = await desk.account("lieksa", "counsellor", "lieksa"), await desk.case("kitee", municipality="kitee")
    for act in (desk.cases.claim(case.id, stranger), desk.cases.note(case.id, stranger, "seen")):
        with pytest.raises(UnknownCase):
            await act


async def test_an_asked_expert_answers_privately_and_the_counsellor_stays_the_owner(desk: Desk) -> None:
    counsellor, expert = await desk.account("kitee", "counsellor", "kitee"), await desk.account("expert", "expert")
    case = await desk.case("kitee", municipality="kitee")
    with pytest.raises(UnknownCase):
        await desk.cases.answer_consult(case.id, expert, "not asked")
    await desk.cases.claim(case.id, counsellor)
    await desk.cases.ask_expert(case.id, counsellor, "Does a D visa do?")
    await desk.cases.answer_consult(case.id, expert, "Yes.")
    kept, _ = await desk.read(case)
    assert (kept.account_id, kept.consulting) == (counsellor.id, False)
    assert all("D visa" not in text and "Yes." not in text for _, text in await desk.messages(case))


async def test_a_case_is_passed_to_another_desk_or_straight_to_a_colleague(desk: Desk) -> None:
    first, second = await desk.account("expert", "expert"), await desk.account("second", "expert")
    case = await desk.case()
    await desk.cases.claim(case.id, first)
    await desk.cases.transfer(case.id, first, "expert", "Expert", to=second)
    kept, conversation = await desk.read(case)
    assert (kept.account_id, kept.state, conversation.owner) == (second.id, "claimed", "human")
    await desk.cases.transfer(case.id, second, "kitee", "Counsellor, Kitee")
    kept, conversation = await desk.read(case)
    assert (kept.desk, kept.account_id, kept.state, conversation.owner) == ("kitee", None, "queued", "bot")


async def test_a_colleague_of_the_same_desk_takes_over_and_a_human_goes_on_speaking(desk: Desk) -> None:
    first, second = await desk.account("expert", "expert"), await desk.account("second", "expert")
    counsellor = await desk.account("kitee", "counsellor", "kitee")
    case = await desk.case(municipality="kitee")
    with pytest.raises(NotPossible, match="not_yours"):
        await desk.cases.take_over(case.id, second)
    await desk.cases.claim(case.id, first)
    with pytest.raises(NotPossible, match="not_yours"):
        await desk.cases.take_over(case.id, counsellor)
    await desk.cases.take_over(case.id, second)
    kept, conversation = await desk.read(case)
    assert (kept.account_id, kept.state, conversation.owner) == (second.id, "claimed", "human")
    with pytest.raises(NotPossible, match="not_yours"):
        await desk.cases.write(case.id, first, "Still here", "en")


async def test_all_cases_of_somebody_who_leaves_wait_again(desk: Desk) -> None:
    expert, cases = await desk.account("expert", "expert"), [await desk.case(), await desk.case(way="callback")]
    for case in cases:
        await desk.cases.claim(case.id, expert)
    assert await desk.cases.release_all(expert) == 2
    assert [(await desk.read(case))[0].state for case in cases] == ["queued", "queued"]


async def test_withdrawing_ends_a_claimed_case_and_the_guide_speaks_again(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    await desk.cases.claim(case.id, expert)
    assert await desk.cases.withdraw(case.conversation_id)
    assert not await desk.cases.withdraw(case.conversation_id)
    kept, conversation = await desk.read(case)
    assert (kept.state, conversation.owner) == ("withdrawn", "bot")
    with pytest.raises(NotPossible):
        await desk.cases.write(case.id, expert, "Too late", "en")


async def test_only_a_waiting_case_expires(desk: Desk) -> None:
    expert, taken, waiting = await desk.account("expert", "expert"), await desk.case(), await desk.case()
    await desk.cases.claim(taken.id, expert)
    assert not await desk.cases.expire(taken.conversation_id)
    assert await desk.cases.expire(waiting.conversation_id)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\x00b"])
async def test_words_that_cannot_be_sent_are_refused_and_change_nothing(desk: Desk, text: str) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case(way="question")
    await desk.cases.claim(case.id, expert)
    with pytest.raises(NotPossible, match="words_empty_or_long"):
        await desk.cases.write(case.id, expert, text, "en")
    assert (await desk.read(case))[1].owner == "bot"


async def test_html_of_the_expert_is_shown_as_text(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    await desk.cases.claim(case.id, expert)
    message = await desk.cases.write(case.id, expert, "<b onclick=x>see</b> **this**", "en")
    assert "<b" not in message.html
    assert "**this**" in message.html


async def test_how_it_went_is_kept_with_the_figures(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    await desk.cases.claim(case.id, expert)
    await desk.cases.resolve(case.id, expert, "referred", None, None)
    await desk.cases.rate(case.conversation_id, False)
    async with desk.database.session() as session:
        assert (await session.get_one(CaseFiguresRow, case.figures_id)).helped is False


async def test_a_reply_that_comes_after_a_human_took_over_is_dropped(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    conversation = await desk.store.read(case.conversation_id, desk.token)
    received = await desk.begin_turn(conversation, "a")
    await desk.cases.claim(case.id, expert)
    assert await desk.end_turn(conversation, received) == []
    assert [sender for sender, _ in await desk.messages(case)] == ["newcomer", "system"]
    async with desk.database.session() as session:
        assert await session.scalar(select(TurnRow.status)) == Status.human


async def test_help_numbers_are_shown_by_the_system_while_a_human_owns(desk: Desk) -> None:
    expert, case = await desk.account("expert", "expert"), await desk.case()
    conversation = await desk.store.read(case.conversation_id, desk.token)
    received = await desk.begin_turn(conversation, "a")
    await desk.cases.claim(case.id, expert)
    (shown,) = await desk.end_turn(conversation, received, kind="emergency")
    assert shown.sender == "system"


async def test_the_bot_never_speaks_between_claim_and_release_however_they_race(desk: Desk) -> None:
    """Newcomer and expert write at once, the case is claimed and released in between; the order of messages tells who owned."""
    expert, case = await desk.account("expert", "expert"), await desk.case()
    conversation = await desk.store.read(case.conversation_id, desk.token)

    async def newcomer() -> None:
        for number in range(40):
            received = await desk.begin_turn(conversation, f"n{number}")
            await asyncio.sleep(0)
            await desk.end_turn(conversation, received)

    async def human() -> None:
        for number in range(15):
            await desk.cases.claim(case.id, expert)
            await desk.cases.write(case.id, expert, f"expert {number}", "en")
            await desk.cases.release(case.id, expert)

    await asyncio.gather(newcomer(), human())
    owned, spoken = False, 0
    for sender, text in await desk.messages(case):
        if sender == "system":
            owned = "has joined" in text
        assert not (owned and sender == "bot"), text
        assert owned or sender != "expert"
        spoken += sender == "bot"
    assert 0 < spoken < 40
    async with desk.database.session() as session:
        claims = await session.scalar(select(func.count()).where(CaseEventRow.kind == "claimed"))
    assert claims == 15
