"""To whom a case can be passed on: desks where somebody works, and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk.accounts import Account, account_of
from bot.desk.tables import AccountRow

MOST = 200


@dataclass(frozen=True)
class Destination:
    """A desk, or one of its people. ``key`` is what the form sends."""

    key: str
    desk: str
    account: Account | None = None


async def destinations(session: AsyncSession, account: Account) -> tuple[list[Destination], list[Destination]]:
    """Desks, the own one among them, and colleagues. Where nobody works, nobody would ever see the case."""
    working = select(AccountRow).where(AccountRow.role.in_(("expert", "counsellor")), AccountRow.disabled.is_(False))
    people = [account_of(row) for row in await session.scalars(working.order_by(AccountRow.title, AccountRow.id).limit(MOST))]
    desks = sorted({each.desk for each in people if each.desk})
    return (
        [Destination(f"desk:{desk}", desk) for desk in desks],
        [Destination(f"account:{each.id}", each.desk, each) for each in people if each.desk and each.id != account.id],
    )


async def find_destination(session: AsyncSession, account: Account, key: str) -> Destination | None:
    """The destination that a form named, when it is one."""
    desks, colleagues = await destinations(session, account)
    return next((each for each in [*desks, *colleagues] if each.key == key), None)
