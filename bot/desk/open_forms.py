"""Who has the form of which answer open just now, so that two people who edit the same one hear of each other."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bot.conversations.database import Database
from bot.desk.accounts import Account, account_of
from bot.desk.tables import AccountRow, OpenFormRow

SIGN_EVERY_SECONDS = 20
"""How often an open form says that it is open."""

GONE_AFTER = dt.timedelta(seconds=3 * SIGN_EVERY_SECONDS)


class OpenForms:
    """Forms say that they are open; one that is silent for long counts as closed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, answer_id: str, account: Account, now: dt.datetime) -> list[Account]:
        """Note that the account has the form open; gives the others who have it."""
        try:
            async with self._database.write() as session:
                await session.execute(delete(OpenFormRow).where(OpenFormRow.seen_at <= now - GONE_AFTER))
                row = await session.get(OpenFormRow, (answer_id, account.id))
                if row is None:
                    session.add(OpenFormRow(answer_id=answer_id, account_id=account.id, seen_at=now))
                else:
                    row.seen_at = now
        except IntegrityError:
            pass  # the same form in two tabs said so at once
        others = (
            select(AccountRow)
            .join(OpenFormRow, OpenFormRow.account_id == AccountRow.id)
            .where(OpenFormRow.answer_id == answer_id, OpenFormRow.seen_at > now - GONE_AFTER, AccountRow.id != account.id)
            .order_by(AccountRow.id)
        )
        async with self._database.session() as session:
            return [account_of(row) for row in await session.scalars(others)]

    async def close(self, answer_id: str, account: Account) -> None:
        """The account has saved, and the form is gone."""
        its_own = OpenFormRow.answer_id == answer_id, OpenFormRow.account_id == account.id
        async with self._database.write() as session:
            await session.execute(delete(OpenFormRow).where(*its_own))
