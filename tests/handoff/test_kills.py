"""The process is killed in the middle, again and again: nothing acknowledged is lost, nothing is twice, nothing is stuck."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter

from sqlalchemy import func, select

from bot.conversations.tables import MessageRow, TurnRow
from bot.handoff.tables import OPEN_STATES, CaseRow
from bot.status import Status
from tests.handoff.conftest import Desk, words
from tests.handoff.hammer import hammer

ROUNDS = 200
CONVERSATIONS = 4


async def test_kills_lose_nothing_double_nothing_and_leave_no_case_stuck(desk: Desk) -> None:
    expert = await desk.account("expert", "expert")
    cases = [await desk.case() for _ in range(CONVERSATIONS)]
    conversations = [case.conversation_id for case in cases]
    chance, acknowledged = random.Random(4), Counter[str]()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.handoff.hammer"])
    for number in range(ROUNDS):
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        work = (str(desk.database.url), conversations, [case.id for case in cases], expert, number)
        process = context.Process(target=_hammer_into, args=(*work, multiprocessing.reduction.DupFd(writing)))
        process.start()
        os.close(writing)
        acknowledged.update(_read_until_killed(reading, process.pid or 0, chance.uniform(0.0, 0.06)))
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert {kind for kind, _ in map(str.split, acknowledged)} == {"newcomer", "expert"}
    for case in cases:
        await _check(desk, case, acknowledged)
    async with desk.database.session() as session:
        stored = Counter((await session.scalars(select(MessageRow.client_id).where(MessageRow.sender == "newcomer"))).all())
        said = Counter(row["text"] for row in await session.scalars(select(MessageRow.body).where(MessageRow.sender == "expert")))
    for line in acknowledged:
        kind, name = line.split()
        assert (stored if kind == "newcomer" else said)[name] == 1, line
    assert max((stored + said).values()) == 1


async def _check(desk: Desk, case: CaseRow, acknowledged: Counter[str]) -> None:
    """The bot was silent while a human owned; turns that were cut off end when sent again; the case can be gone on with."""
    owned, replied = False, Counter[int | None]()
    async with desk.database.session() as session:
        rows = (
            await session.scalars(
                select(MessageRow).where(MessageRow.conversation_id == case.conversation_id).order_by(MessageRow.id)
            )
        ).all()
    for row in rows:
        if row.sender == "system":
            owned = "has joined" in row.body["text"]
        assert owned or row.sender != "expert"
        if row.sender == "bot":
            assert not owned
            replied[row.reply_to] += 1
    assert not replied or max(replied.values()) == 1
    kept, conversation = await desk.read(case)
    assert kept.state in OPEN_STATES
    assert (conversation.owner == "human") == owned == (kept.state == "claimed")
    unended = [row for row in rows if row.sender == "newcomer" and not row.turn_ended]
    for row in unended:
        again = await desk.store.receive(case.conversation_id, words("newcomer", row.body["text"], desk.clock(), row.client_id))
        assert again[0].id == row.id
        assert not again[1]
    async with desk.database.session() as session:
        ended = await session.scalar(select(func.count()).where(TurnRow.status.in_((Status.answered, Status.human))))
        total = await session.scalar(select(func.count()).where(MessageRow.turn_ended.is_(True)))
    assert ended == total
    expert = await desk.account(f"after{case.id}", "expert")
    if kept.state == "queued":
        await desk.cases.claim(case.id, expert)
        await desk.cases.resolve(case.id, expert, "answered", None, None)
    else:
        assert await desk.cases.withdraw(case.conversation_id)


def _hammer_into(url: str, conversations: list[str], cases: list[int], expert: object, number: int, pipe: object) -> None:
    hammer(url, conversations, cases, expert, number, pipe.detach())  # type: ignore[arg-type, attr-defined]


def _read_until_killed(reading: int, pid: int, seconds: float) -> list[str]:
    """Kill the process so long after its first word; returns its whole lines."""
    said = os.read(reading, 65536)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return [line for line in said.decode().split("\n") if line]
