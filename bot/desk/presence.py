"""Who is at the desk: what people said, as long as their browsers show signs of life."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import Database
from bot.desk.accounts import Account, account_of
from bot.desk.tables import AccountRow, PresenceRow
from bot.handoff.draft import EXPERT_DESK


class Presence:
    """Present is who said so and was heard of within ``away_after``; then they count as away until they are heard of again."""

    def __init__(self, database: Database, away_after: dt.timedelta) -> None:
        self._database = database
        self._away_after = away_after

    async def say(self, account_id: int, present: bool, now: dt.datetime) -> None:
        """Note what the person says of themselves."""
        async with self._database.write() as session:
            row = await session.get(PresenceRow, account_id)
            if row is None:
                session.add(PresenceRow(account_id=account_id, present=present, since=now, seen_at=now))
            else:
                row.since = row.since if row.present == present else now
                row.present, row.seen_at = present, now

    async def touch(self, account_id: int, now: dt.datetime) -> None:
        """Note a sign of life of the person's browser."""
        async with self._database.write() as session:
            await session.execute(update(PresenceRow).where(PresenceRow.account_id == account_id).values(seen_at=now))

    async def is_present(self, account_id: int, now: dt.datetime) -> bool:
        """Whether the person counts as present."""
        async with self._database.session() as session:
            return await session.scalar(self._present(now).where(AccountRow.id == account_id)) is not None

    async def present_at(self, session: AsyncSession, desk: str, now: dt.datetime) -> bool:
        """Whether somebody who serves the desk is present."""
        return await session.scalar(self._present_at(desk, now).limit(1)) is not None

    async def present_accounts(self, session: AsyncSession, desk: str, now: dt.datetime) -> list[Account]:
        """Those who serve the desk and are present, longest first."""
        rows = await session.scalars(self._present_at(desk, now).order_by(PresenceRow.since, AccountRow.id))
        return [account_of(row) for row in rows]

    def _present(self, now: dt.datetime) -> Select[AccountRow]:
        return (
            select(AccountRow)
            .join(PresenceRow, PresenceRow.account_id == AccountRow.id)
            .where(PresenceRow.present.is_(True), PresenceRow.seen_at > now - self._away_after, AccountRow.disabled.is_(False))
        )

    def _present_at(self, desk: str, now: dt.datetime) -> Select[AccountRow]:
        if desk == EXPERT_DESK:
            return self._present(now).where(AccountRow.role == "expert")
        return self._present(now).where(AccountRow.role == "counsellor", AccountRow.municipality == desk)
