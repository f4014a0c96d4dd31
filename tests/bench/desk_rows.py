"""A database full of cases, inserted in bulk before the service starts; and the conversations that are open in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from bot.conversations.database import Database
from bot.conversations.store import STORED_APART, new_conversation_id
from bot.conversations.tables import Base, ConversationRow, MessageRow
from bot.desk.accounts import Account, AccountStore
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.tables import CaseEventRow, CaseFiguresRow, CaseRow
from tests.desk_people import PASSWORD
from tests.made_cases import newcomer_says

SEED = 20261124
STATES = {"queued": 5, "claimed": 5, "resolved": 70, "expired": 10, "withdrawn": 10}
"""How many of a hundred cases are in which state."""
WAYS = ("chat", "callback", "appointment", "question")
MUNICIPALITIES = ("joensuu", "kitee", "lieksa", "nurmes")
DESKS = (EXPERT_DESK, EXPERT_DESK, *MUNICIPALITIES)
TOPICS = ("extended_permit", "family_permit", "tax_card", None)
LANGUAGES = ("en", "fi", "ru", "ar")
OPEN_FOR = dt.timedelta(hours=20)
"""Age of the oldest case that is open: a chat that waits for a day is closed by the service."""
CLOSED_FOR = dt.timedelta(days=300)
INSERTED_AT_ONCE = 2000

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class OpenCase:
    """A case that the expert has claimed, with the newcomer's way into its conversation."""

    id: int
    conversation: str
    token: str
    after: int
    """Id of its last message."""


@dataclass(frozen=True)
class Filled:
    """What is in the database."""

    expert: Account
    open: list[OpenCase]
    of_expert: list[int]
    """Cases of all states that the expert may see."""


async def fill(url: str, cases: int, conversations: int) -> Filled:
    """Bring a new database to its shape, and put ``cases`` into it; in ``conversations`` of them the expert chats just now."""
    database = Database(url)
    try:
        await database.migrate()
        now = dt.datetime.now(dt.UTC)
        accounts = AccountStore(database)
        expert = await accounts.add("expert", "Residence permit expert", "expert", now, password=PASSWORD, language="en")
        colleague = await accounts.add("colleague", "Residence permit expert", "expert", now, language="en")
        made = _Made(now, expert.id, colleague.id)
        for number in range(cases):
            made.add(live=number >= cases - conversations)
        await _insert(database, ConversationRow, made.conversations)
        await _insert(database, MessageRow, made.messages)
        await _insert(database, CaseFiguresRow, made.figures)
        await _insert(database, CaseRow, made.cases)
        async with database.session() as session:
            numbers = dict((await session.execute(select(CaseRow.conversation_id, CaseRow.id))).all())
            of_conversation = select(MessageRow.conversation_id, func.max(MessageRow.id)).group_by(MessageRow.conversation_id)
            last = dict((await session.execute(of_conversation)).all())
        await _insert(database, CaseEventRow, [_event(row, numbers, kind) for row in made.cases for kind in _happened(row)])
    finally:
        await database.close()
    return Filled(
        expert,
        [OpenCase(numbers[each], each, token, last[each]) for each, token in made.tokens.items()],
        [numbers[row["conversation_id"]] for row in made.cases if row["desk"] == EXPERT_DESK],
    )


async def _insert(database: Database, table: type[Base], rows: Rows) -> None:
    async with database.write() as session:
        for start in range(0, len(rows), INSERTED_AT_ONCE):
            await session.execute(insert(table), rows[start : start + INSERTED_AT_ONCE])


def _happened(case: dict[str, Any]) -> list[str]:
    return ["created", *(["claimed"] if case["claimed_at"] else []), *([case["state"]] if case["ended_at"] else [])]


def _event(case: dict[str, Any], numbers: dict[str, int], kind: str) -> dict[str, Any]:
    return {"case_id": numbers[case["conversation_id"]], "at": case["created_at"], "kind": kind}


class _Made:
    """Rows of the tables, made of chance that is the same each time."""

    def __init__(self, now: dt.datetime, expert: int, colleague: int) -> None:
        self._now, self._expert, self._colleague = now, expert, colleague
        self._chance = random.Random(SEED)
        self.conversations: Rows = []
        self.messages: Rows = []
        self.figures: Rows = []
        self.cases: Rows = []
        self.tokens: dict[str, str] = {}
        """Of the conversations that are open."""

    def add(self, *, live: bool) -> None:
        """One case with its conversation; a ``live`` one is a chat of the expert."""
        chance = self._chance
        (state,) = ["claimed"] if live else chance.choices(list(STATES), list(STATES.values()))
        is_open = state in ("queued", "claimed")
        at = self._now - chance.random() * (OPEN_FOR if is_open else CLOSED_FOR) - dt.timedelta(minutes=10)
        conversation = new_conversation_id()
        told = {
            "channel": "web",
            "language": chance.choice(LANGUAGES),
            "municipality": chance.choice(MUNICIPALITIES),
            "audience": "person",
        }
        about = {
            "way": "chat" if live else chance.choice(WAYS),
            "desk": EXPERT_DESK if live else chance.choice(DESKS),
            "topic": chance.choice(TOPICS),
            "state": state,
            "outcome": "answered" if state == "resolved" else None,
            **told,
        }
        token = secrets.token_urlsafe(24)
        if live:
            self.tokens[conversation] = token
        self.conversations.append(
            {
                "id": conversation,
                "token_hash": hashlib.sha256(token.encode()).hexdigest(),
                "owner": "human" if live else "bot",
                "state": {},
                "created_at": at,
                "last_at": at,
                **told,
            }
        )
        self.messages += [_message(conversation, turn, at) for turn in range(chance.randint(4, 12))]
        holder = {"claimed": self._expert if live else self._colleague, "resolved": self._colleague}.get(state)
        figures_id = secrets.token_hex(12)
        self.figures.append({"id": figures_id, "at": at, **about})
        self.cases.append(
            {
                "conversation_id": conversation,
                "urgent": chance.random() < 0.05,
                "account_id": holder,
                "matter": "My residence permit is late. What can I do?",
                "summary": {"topic": None, "asked": ["Where is my permit?"], "answers": [], "messages": 6},
                "consented_at": at,
                "created_at": at,
                "claimed_at": at if holder else None,
                "ended_at": None if is_open else at + dt.timedelta(hours=1),
                "reminded_at": at,
                "told_to_wait_at": at,
                "figures_id": figures_id,
                **about,
            }
        )


def _message(conversation: str, turn: int, begun: dt.datetime) -> dict[str, Any]:
    at = begun + dt.timedelta(seconds=10 * turn)
    message = newcomer_says(f"My residence permit is late: what can I do? ({turn})", at)
    sender = "bot" if turn % 2 else "newcomer"
    body = message.model_dump(mode="json", exclude=STORED_APART)
    return {"conversation_id": conversation, "at": at, "sender": sender, "body": body}
