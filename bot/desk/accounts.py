"""Who may work at the desk: the accounts, and what each of them may see."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, fields
from typing import Literal

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import Database
from bot.desk.passwords import HASHER
from bot.desk.tables import AccountRow, DeskSessionRow
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.tables import CaseRow

Role = Literal["expert", "counsellor", "administrator"]
ROLES: tuple[Role, ...] = ("expert", "counsellor", "administrator")

LANGUAGES = ("fi", "en")
"""Languages of the desk."""

LONGEST_SUBJECT = 255
"""Characters of a provider's address and its name for a person, together."""


class UnknownAccount(Exception):
    """There is no account with this login."""


class LoginTaken(Exception):
    """There is an account with this login already."""


class HoldsCases(Exception):
    """The account has claimed cases that are not resolved: without it nobody would see to them."""


@dataclass(frozen=True)
class Account:
    """One person at the desk, as the rest of the desk knows them."""

    id: int
    login: str
    title: str
    role: Role
    municipality: str | None
    language: str
    email: str | None
    notify_by_email: bool

    @property
    def desk(self) -> str | None:
        """The desk that the person serves: ``expert``, or a municipality's id. An administrator serves none."""
        return {"expert": EXPERT_DESK, "counsellor": self.municipality}.get(self.role)

    def may_see(self, case_desk: str, case_municipality: str | None, expert_asked: bool = False) -> bool:
        """Whether the person may see a case of this desk and municipality, on which the expert was or was not asked."""
        if self.role == "expert":
            return case_desk == EXPERT_DESK or expert_asked
        if self.role == "counsellor":
            return self.municipality is not None and self.municipality in (case_desk, case_municipality)
        return False


@dataclass(frozen=True)
class ListedAccount(Account):
    """An account with its state, for those who look after accounts."""

    disabled: bool
    locked_until: dt.datetime | None
    has_password: bool
    has_code: bool
    has_sign_on: bool


def normal_login(login: str) -> str:
    """A login as it is stored and looked for: without spaces around it, in small letters."""
    return login.strip().casefold()


def account_of(row: AccountRow) -> Account:
    """The account without its secrets."""
    return Account(**{field.name: getattr(row, field.name) for field in fields(Account)})


class AccountStore:
    """Reads and writes accounts. Every method is one transaction; passwords are hashed outside of the event loop."""

    def __init__(self, database: Database, hasher: PasswordHasher = HASHER) -> None:
        self.database = database
        self.hasher = hasher

    async def add(
        self,
        login: str,
        title: str,
        role: Role,
        now: dt.datetime,
        *,
        password: str | None = None,
        municipality: str | None = None,
        language: str = "fi",
        email: str | None = None,
        notify_by_email: bool = False,
    ) -> Account:
        """Store a new account. Raises ``LoginTaken``. Without a password it can only come by single sign-on."""
        row = AccountRow(
            login=normal_login(login),
            title=title,
            role=role,
            municipality=municipality,
            language=language,
            email=email,
            password_hash=None if password is None else await self._hash(password),
            notify_by_email=notify_by_email,
            created_at=now,
        )
        try:
            async with self.database.write() as session:
                session.add(row)
                await session.flush()
                return account_of(row)
        except IntegrityError:
            raise LoginTaken(row.login) from None

    async def find(self, login: str) -> Account | None:
        """The account with this login."""
        async with self.database.session() as session:
            row = await session.scalar(select(AccountRow).where(AccountRow.login == normal_login(login)))
            return None if row is None else account_of(row)

    async def all(self) -> list[ListedAccount]:
        """All accounts by login."""
        async with self.database.session() as session:
            return [_listed(row) for row in await session.scalars(select(AccountRow).order_by(AccountRow.login))]

    async def set_password(self, login: str, password: str) -> None:
        """Change the password, open a lock, and end all sessions of the account. Raises ``UnknownAccount``."""
        hashed = await self._hash(password)
        async with self.database.write() as session:
            row = await _row(session, login)
            row.password_hash, row.failures, row.locked_until = hashed, 0, None
            await _end_sessions(session, row)

    async def set_code(self, login: str) -> str:
        """Ask for a one-time code at login from now on; returns the new secret in base 32. Raises ``UnknownAccount``."""
        secret = pyotp.random_base32()
        async with self.database.write() as session:
            row = await _row(session, login)
            row.totp_secret, row.totp_last = secret, None
        return secret

    async def clear_code(self, login: str) -> None:
        """Ask for no one-time code any more. Raises ``UnknownAccount``."""
        async with self.database.write() as session:
            row = await _row(session, login)
            row.totp_secret, row.totp_last = None, None

    async def disable(self, login: str) -> None:
        """Let nobody in with this account, and end all of its sessions. Raises ``UnknownAccount``."""
        async with self.database.write() as session:
            row = await _row(session, login)
            row.disabled = True
            await _end_sessions(session, row)

    async def enable(self, login: str) -> None:
        """Let the account in again, and open a lock. Raises ``UnknownAccount``."""
        async with self.database.write() as session:
            row = await _row(session, login)
            row.disabled, row.failures, row.locked_until = False, 0, None

    async def remove(self, login: str) -> None:
        """Delete the account. What it did stays in the audit log under its login. Raises ``UnknownAccount`` or ``HoldsCases``."""
        async with self.database.write() as session:
            row = await _row(session, login)
            held = select(CaseRow.id).where(CaseRow.account_id == row.id, CaseRow.state == "claimed").limit(1)
            if await session.scalar(held) is not None:
                raise HoldsCases(row.login)
            await session.delete(row)

    async def set_language(self, account_id: int, language: str) -> None:
        """Change the language in which the person reads the desk."""
        async with self.database.write() as session:
            await session.execute(update(AccountRow).where(AccountRow.id == account_id).values(language=language))

    async def sign_on(self, issuer: str, subject: str, email: str | None) -> Account | None:
        """The account of somebody whom the provider ``issuer`` vouches for; None when there is none that may come in.

        It is found by the subject that was bound to it; at the first time by ``email``, which must be verified, as its
        login or e-mail. It is bound then, so that an address that passes on to somebody else opens nothing.
        """
        bound = f"{issuer} {subject}"
        if len(bound) > LONGEST_SUBJECT or "\x00" in bound:  # could not be stored
            return None
        async with self.database.write() as session:
            row = await session.scalar(select(AccountRow).where(AccountRow.sso_subject == bound))
            if row is None and email:
                address = normal_login(email)
                matching = or_(AccountRow.login == address, func.lower(AccountRow.email) == address)
                found = (await session.scalars(select(AccountRow).where(matching))).all()
                if len(found) == 1 and not (found[0].sso_subject or "").startswith(f"{issuer} "):
                    row = found[0]
            if row is None or row.disabled:
                return None
            row.sso_subject = bound
            return account_of(row)

    async def _hash(self, password: str) -> str:
        return await asyncio.to_thread(self.hasher.hash, password)


async def _row(session: AsyncSession, login: str) -> AccountRow:
    row = await session.scalar(select(AccountRow).where(AccountRow.login == normal_login(login)))
    if row is None:
        raise UnknownAccount(login)
    return row


async def _end_sessions(session: AsyncSession, row: AccountRow) -> None:
    await session.execute(delete(DeskSessionRow).where(DeskSessionRow.account_id == row.id))


def _listed(row: AccountRow) -> ListedAccount:
    return ListedAccount(
        **vars(account_of(row)),
        disabled=row.disabled,
        locked_until=row.locked_until,
        has_password=row.password_hash is not None,
        has_code=row.totp_secret is not None,
        has_sign_on=row.sso_subject is not None,
    )
