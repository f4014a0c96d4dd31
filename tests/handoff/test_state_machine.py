"""Any order of what newcomer and experts may do: the case is in the state that a small reference says, and so is the owner."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.conversations.database import Database
from bot.handoff.hold import NotPossible
from bot.messages import Message
from tests.desk_people import Clock
from tests.handoff.conftest import Desk

T = TypeVar("T")

WAYS = ("chat", "callback", "appointment", "question")
EXPERTS = st.integers(0, 1)
"""Two experts of one desk."""


class CaseMachine(RuleBasedStateMachine):
    """The reference: ``state``, ``holder`` (number of the expert) and ``owner``."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.pending: Message | None = None
        self.turns = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def tried(self, work: Coroutine[Any, Any, Any]) -> bool:
        try:
            self.run(work)
        except NotPossible:
            return False
        return True

    @initialize(way=st.sampled_from(WAYS))
    def begin(self, way: str) -> None:
        self.desk = Desk(Database(f"sqlite:///{self.folder / 'desk.db'}"), Clock())
        self.run(self.desk.database.migrate())
        self.experts = [self.run(self.desk.account(f"expert{number}", "expert")) for number in range(2)]
        self.case = self.run(self.desk.case(way=way))
        self.conversation = self.run(self.desk.store.read(self.case.conversation_id, self.desk.token))
        self.way, self.state, self.holder, self.owner = way, "queued", None, "bot"

    @rule(expert=EXPERTS)
    def claim(self, expert: int) -> None:
        done = self.tried(self.desk.cases.claim(self.case.id, self.experts[expert]))
        assert done == (self.state == "queued")
        if done:
            self.state, self.holder = "claimed", expert
            self.owner = "human" if self.way == "chat" else self.owner

    @rule(expert=EXPERTS)
    def take_over(self, expert: int) -> None:
        done = self.tried(self.desk.cases.take_over(self.case.id, self.experts[expert]))
        assert done == (self.state == "claimed" and self.holder != expert)
        self.holder = expert if done else self.holder

    @rule(expert=EXPERTS)
    def release(self, expert: int) -> None:
        done = self.tried(self.desk.cases.release(self.case.id, self.experts[expert]))
        assert done == self.holds(expert)
        if done:
            self.state, self.holder, self.owner = "queued", None, "bot"

    @rule(expert=EXPERTS)
    def give_back(self, expert: int) -> None:
        done = self.tried(self.desk.cases.give_back(self.case.id, self.experts[expert]))
        assert done == (self.holds(expert) and self.owner == "human")
        self.owner = "bot" if done else self.owner

    @rule(expert=EXPERTS, to=st.one_of(st.none(), EXPERTS))
    def transfer(self, expert: int, to: int | None) -> None:
        colleague = None if to is None else self.experts[to]
        done = self.tried(self.desk.cases.transfer(self.case.id, self.experts[expert], "expert", "Expert", to=colleague))
        assert done == (self.state == "queued" or self.holds(expert))
        if done:
            self.state, self.holder = ("queued", None) if to is None else ("claimed", to)
            self.owner = "bot" if to is None else self.owner

    @rule(expert=EXPERTS)
    def write(self, expert: int) -> None:
        done = self.tried(self.desk.cases.write(self.case.id, self.experts[expert], "Hello", "en"))
        assert done == self.holds(expert)
        self.owner = "human" if done else self.owner

    @rule(expert=EXPERTS)
    def resolve(self, expert: int) -> None:
        done = self.tried(self.desk.cases.resolve(self.case.id, self.experts[expert], "answered", None, None))
        assert done == self.holds(expert)
        if done:
            self.state, self.owner = "resolved", "bot"

    @rule()
    def withdraw(self) -> None:
        done = self.run(self.desk.cases.withdraw(self.case.conversation_id))
        assert done == (self.state in ("queued", "claimed"))
        if done:
            self.state, self.owner = "withdrawn", "bot"

    @rule()
    def expire(self) -> None:
        done = self.run(self.desk.cases.expire(self.case.conversation_id))
        assert done == (self.state == "queued")
        self.state = "expired" if done else self.state

    @precondition(lambda self: self.pending is None)
    @rule()
    def newcomer_writes(self) -> None:
        self.turns += 1
        self.pending = self.run(self.desk.begin_turn(self.conversation, f"n{self.turns}"))

    @precondition(lambda self: self.pending is not None)
    @rule()
    def bot_replies(self) -> None:
        assert self.pending is not None
        said = self.run(self.desk.end_turn(self.conversation, self.pending))
        assert len(said) == (self.owner == "bot")
        self.pending = None

    @invariant()
    def stands_as_the_reference_says(self) -> None:
        if not hasattr(self, "case"):
            return
        case, conversation = self.run(self.desk.read(self.case))
        assert (case.state, conversation.owner) == (self.state, self.owner)
        if self.state == "claimed":
            assert case.account_id == self.experts[self.holder or 0].id
        assert (case.ended_at is None) == (self.state in ("queued", "claimed"))

    def holds(self, expert: int) -> bool:
        return self.state == "claimed" and self.holder == expert

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.run(self.desk.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
