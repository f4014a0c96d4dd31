"""Rows of missed questions and of feedback, for tests of curation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.conversations.database import Database
from bot.conversations.tables import TurnRow
from bot.desk.accounts import Account, AccountStore, Role
from tests.desk_people import NOON, QUICK

SECRETS = {
    "an identity code": "131052-308T",
    "a phone number": "+358 40 123 4567",
    "an e-mail address": "matti.meikalainen@example.org",
    "a passport number": "FP1234567",
}


def missed(words: str, **told: Any) -> TurnRow:
    """A turn whose question was missed."""
    usual = {"at": NOON, "channel": "web", "status": "unknown", "language": "en", "took_ms": 1.0}
    return TurnRow(**{**usual, "missed_question": words, **told})


def judged(answer_id: str | None, helped: bool, **told: Any) -> TurnRow:
    """A turn in which somebody said whether an answer helped."""
    return missed("", status="control", answer_id=answer_id, helped=helped, **{"missed_question": None, **told})


async def store(database: Database, *rows: TurnRow) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def person(database: Database, role: Role = "expert", municipality: str | None = None, at: dt.datetime = NOON) -> Account:
    """An account, and nobody who logs in with it."""
    accounts = AccountStore(database, QUICK)
    return await accounts.add(f"{role}-{municipality}", f"The {role}", role, at, municipality=municipality)
