"""Browsers that are logged in at the desk. What they know is a random id; what is stored of it is its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update

from bot.conversations.database import Database
from bot.desk.accounts import Account, account_of
from bot.desk.audit import record
from bot.desk.tables import AccountRow, DeskSessionRow

TOUCH_EVERY = dt.timedelta(minutes=1)
"""How old the last sign of life must be before a new one is written."""


@dataclass(frozen=True)
class DeskSession:
    """A session that is valid now."""

    id: str
    account: Account
    csrf: str
    last_at: dt.datetime


class DeskSessions:
    """Begins, finds and ends sessions. One ends ``idle`` after the last sign of life, and ``longest`` after its login."""

    def __init__(self, database: Database, idle: dt.timedelta, longest: dt.timedelta) -> None:
        self._database = database
        self._idle, self._longest = idle, longest

    async def begin(self, account: Account, now: dt.datetime, how: str, before: str | None = None) -> str:
        """Log an account in; returns the new session's id. The session that the browser had ``before`` ends."""
        session_id = secrets.token_urlsafe(32)
        over = or_(DeskSessionRow.last_at <= now - self._idle, DeskSessionRow.created_at <= now - self._longest)
        if before is not None:
            over = or_(over, DeskSessionRow.id_hash == _hash(before))
        async with self._database.write() as session:
            await session.execute(delete(DeskSessionRow).where(over))
            session.add(
                DeskSessionRow(
                    id_hash=_hash(session_id),
                    account_id=account.id,
                    csrf=secrets.token_urlsafe(32),
                    created_at=now,
                    last_at=now,
                )
            )
            record(session, now, account, "login", detail=how)
        return session_id

    async def read(self, session_id: str, now: dt.datetime) -> DeskSession | None:
        """The session with its account as it is now; None when it has ended or the account is disabled."""
        query = (
            select(DeskSessionRow, AccountRow)
            .join(AccountRow, AccountRow.id == DeskSessionRow.account_id)
            .where(
                DeskSessionRow.id_hash == _hash(session_id),
                DeskSessionRow.last_at > now - self._idle,
                DeskSessionRow.created_at > now - self._longest,
                AccountRow.disabled.is_(False),
            )
        )
        async with self._database.session() as session:
            found = (await session.execute(query)).one_or_none()
        if found is None:
            return None
        row, account = found
        return DeskSession(id=session_id, account=account_of(account), csrf=row.csrf, last_at=row.last_at)

    async def touch(self, session_id: str, now: dt.datetime) -> None:
        """Note a sign of life."""
        async with self._database.write() as session:
            await session.execute(update(DeskSessionRow).where(DeskSessionRow.id_hash == _hash(session_id)).values(last_at=now))

    async def end(self, ended: DeskSession, now: dt.datetime) -> None:
        """Log out."""
        async with self._database.write() as session:
            await session.execute(delete(DeskSessionRow).where(DeskSessionRow.id_hash == _hash(ended.id)))
            record(session, now, ended.account, "logout")

    async def end_all(self, account_id: int) -> None:
        """End every session of an account."""
        async with self._database.write() as session:
            await session.execute(delete(DeskSessionRow).where(DeskSessionRow.account_id == account_id))


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
