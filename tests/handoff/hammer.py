"""A process that works at conversations in hand-off until it is killed, and tells what was acknowledged to it."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from contextlib import suppress

from bot.conversation import Conversation
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.conversations.tables import TurnRow
from bot.desk.accounts import Account
from bot.handoff.cases import Cases
from bot.handoff.hold import NotPossible
from bot.notify import Notifier
from bot.status import Status
from tests.desk_people import Clock
from tests.handoff.conftest import words

Told = Callable[[str], None]


def hammer(url: str, conversations: list[str], cases: list[int], expert: Account, round_number: int, pipe: int) -> None:
    """Run until killed. Each acknowledgement is one line, written in one go: ``newcomer <client id>`` or ``expert <words>``."""
    asyncio.run(_work(url, conversations, cases, expert, round_number, lambda line: _tell(pipe, line)))


def _tell(pipe: int, line: str) -> None:
    os.write(pipe, (line + "\n").encode())


async def _work(url: str, conversations: list[str], cases: list[int], expert: Account, round_number: int, told: Told) -> None:
    database = Database(url)
    chance = random.Random(round_number)
    store, desk = ConversationStore(database), Cases(database, Notifier(), Clock())
    await asyncio.gather(
        *(_newcomer(store, name, f"r{round_number}c{number}", told) for number, name in enumerate(conversations)),
        *(_expert(desk, case, expert, f"r{round_number}e{number}", chance, told) for number, case in enumerate(cases)),
    )


async def _newcomer(store: ConversationStore, conversation_id: str, prefix: str, told: Told) -> None:
    clock, number = Clock(), 0
    while True:
        client_id = f"{prefix}n{number}"
        conversation = Conversation(id=conversation_id, channel="web", created_at=clock(), last_at=clock())
        received, _ = await store.receive(conversation_id, words("newcomer", client_id, clock(), client_id))
        told(f"newcomer {client_id}")
        turn = TurnRow(at=clock(), channel="web", status=Status.answered, took_ms=1.0)
        await store.end_turn(conversation, received, [words("bot", f"reply {client_id}", clock())], turn)
        number += 1


async def _expert(desk: Cases, case: int, expert: Account, prefix: str, chance: random.Random, told: Told) -> None:
    number = 0
    while True:
        with suppress(NotPossible):  # claimed in a round before, by this very expert
            await desk.claim(case, expert)
        for _ in range(chance.randrange(3)):
            text = f"{prefix}w{number}"
            await desk.write(case, expert, text, "en")
            told(f"expert {text}")
            number += 1
        await desk.release(case, expert)
