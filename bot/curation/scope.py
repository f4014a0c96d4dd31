"""Whose questions and feedback somebody at the desk sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, true

from bot.desk.accounts import Account


def visible(account: Account | None, municipality: Any) -> ColumnElement[bool]:
    """A condition on a column of municipalities: a counsellor sees their own and what names none, everybody else everything.

    ``None`` stands for whoever runs the guide, who can read the database anyway.
    """
    if account is None or account.role != "counsellor":
        return true()
    return or_(municipality.is_(None), municipality == account.municipality)
