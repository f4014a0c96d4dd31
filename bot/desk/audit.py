"""The audit log: who did or looked at what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk.accounts import Account
from bot.desk.tables import AuditRow

NOBODY_KNOWN = "?"
"""Stands for a login that no account has. What was typed is not kept: it may be a password in the wrong field."""


def record(
    session: AsyncSession,
    at: dt.datetime,
    account: Account | None,
    what: str,
    case_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add a row, in the transaction of what was done, so that neither is without the other."""
    session.add(
        AuditRow(
            at=at,
            account_id=account.id if account else None,
            login=account.login if account else NOBODY_KNOWN,
            what=what,
            case_id=case_id,
            detail=detail,
        )
    )
