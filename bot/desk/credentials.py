"""Checks passwords and one-time codes, and locks accounts that somebody guesses at.

Who has no account learns nothing: an unknown login, a wrong password, a locked and a disabled account get the same answer after
the same work (one read, one argon2 verification, one write).
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache
from weakref import WeakValueDictionary

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import Database
from bot.desk.accounts import Account, account_of, normal_login
from bot.desk.audit import record
from bot.desk.tables import AccountRow

FAILURES = 5
"""After so many failures the account is locked, and again after as many more."""

FIRST_LOCK = dt.timedelta(minutes=15)
LONGEST_LOCK = dt.timedelta(hours=24)
"""Each lock in a row is twice as long as the one before."""

TICKET_LASTS = dt.timedelta(minutes=5)
"""Time between the password and the one-time code."""

STEP_SECONDS = 30
"""Length of a time step of one-time codes (RFC 6238)."""


@dataclass(frozen=True)
class Checked:
    """The password was right. With a ``ticket`` the login goes on with a one-time code."""

    account: Account
    ticket: str | None


class Credentials:
    """Attempts at one account wait for each other, so that guesses sent at once are counted like guesses sent in a row."""

    def __init__(self, database: Database, hasher: PasswordHasher) -> None:
        self._database = database
        self._hasher = hasher
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check_password(self, login: str, password: str, now: dt.datetime) -> Checked | None:
        """The account, when it may come in with this password; failures are counted and recorded."""
        login = normal_login(login)
        lock = self._locks.setdefault(login, asyncio.Lock())
        async with lock:
            row = await self._find(login)
            known_hash = row.password_hash if row and not row.disabled else None
            right = await asyncio.to_thread(self._verify, known_hash or _nobodys_hash(self._hasher), password)
            right = right and known_hash is not None
            renewed = await self._renewed(known_hash, password) if right else None
            async with self._database.write() as session:
                if row is None:
                    record(session, now, None, "login_failed")
                    return None
                row = await session.get_one(AccountRow, row.id, with_for_update=True)
                # The password may have been changed while it was verified.
                if not _settle(session, row, right and row.password_hash == known_hash, now, "password"):
                    return None
                row.password_hash = renewed or row.password_hash
                if row.totp_secret:
                    return Checked(account_of(row), _ticket(row, now + TICKET_LASTS))
                _forget_failures(row)
                return Checked(account_of(row), None)

    async def check_code(self, ticket: str, code: str, now: dt.datetime) -> Account | None:
        """The account of a ticket, when the one-time code is right, new, and of this time step or one beside it."""
        account_id = _account_of_ticket(ticket)
        if account_id is None:
            return None
        async with self._database.write() as session:
            row = await session.get(AccountRow, account_id, with_for_update=True)
            if row is None or row.disabled or not _ticket_is_good(ticket, row, now):
                return None
            step = _step_of(row, code, now)
            if not _settle(session, row, step is not None, now, "code"):
                return None
            row.totp_last = step
            _forget_failures(row)
            return account_of(row)

    async def _find(self, login: str) -> AccountRow | None:
        if "\x00" in login:  # PostgreSQL cannot even look for it
            return None
        async with self._database.session() as session:
            return await session.scalar(select(AccountRow).where(AccountRow.login == login))

    async def _renewed(self, known_hash: str | None, password: str) -> str | None:
        if known_hash is None or not self._hasher.check_needs_rehash(known_hash):
            return None
        return await asyncio.to_thread(self._hasher.hash, password)

    def _verify(self, known_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(known_hash, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("the password of nobody")


def _settle(session: AsyncSession, row: AccountRow, right: bool, now: dt.datetime, what: str) -> bool:
    """Whether the attempt goes through; one that does not is counted and recorded."""
    account = account_of(row)
    if row.locked_until is not None and now < row.locked_until:
        record(session, now, account, "login_failed", detail="locked")
        return False
    if right:
        return True
    row.failures += 1
    record(session, now, account, "login_failed", detail="disabled" if row.disabled else what)
    if row.failures % FAILURES == 0:
        lasts = min(FIRST_LOCK * 2 ** min(row.failures // FAILURES - 1, 10), LONGEST_LOCK)
        row.locked_until = now + lasts
        record(session, now, account, "locked_out", detail=f"{lasts.total_seconds() / 60:.0f} min")
    return False


def _forget_failures(row: AccountRow) -> None:
    row.failures, row.locked_until = 0, None


def _step_of(row: AccountRow, code: str, now: dt.datetime) -> int | None:
    """The time step of a code that was not used yet, nor a later one."""
    code = "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(row.totp_secret or "")
    for step in (current - 1, current, current + 1):
        used = row.totp_last is not None and step <= row.totp_last
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and not used:
            return step
    return None


def _ticket(row: AccountRow, until: dt.datetime) -> str:
    """Says that the password was right. Signed with the account's secrets: it ends when one of them changes."""
    body = f"{row.id}.{int(until.timestamp())}"
    key = hashlib.sha256(f"{row.password_hash} {row.totp_secret}".encode()).digest()
    signature = hmac.new(key, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(signature).decode()}"


def _ticket_is_good(ticket: str, row: AccountRow, now: dt.datetime) -> bool:
    until = ticket.split(".")[1]
    if not until.isdecimal() or len(until) > 12 or row.totp_secret is None:
        return False
    ends = dt.datetime.fromtimestamp(int(until), dt.UTC)
    return now < ends and hmac.compare_digest(ticket.encode(), _ticket(row, ends).encode())


def _account_of_ticket(ticket: str) -> int | None:
    parts = ticket.split(".")
    usable = len(parts) == 3 and parts[0].isdecimal() and parts[0].isascii() and len(parts[0]) < 19
    return int(parts[0]) if usable else None
