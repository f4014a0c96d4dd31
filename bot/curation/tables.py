"""The table of curation: what was decided on missed questions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.tables import Base, Moment


class MissedDecisionRow(Base):
    """What was decided on a question in some words. The words themselves are in ``turns`` only, and go from there by age."""

    __tablename__ = "missed_decisions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """``key_of`` of the masked words (bot/curation/missed.py)."""
    decision: Mapped[str] = mapped_column(String(12))
    """One of ``DECISIONS`` (bot/curation/kinds.py)."""
    reason: Mapped[str | None] = mapped_column(String(20))
    """Why it was dismissed: one of ``REASONS``."""
    answer_id: Mapped[str | None] = mapped_column(String(80))
    """The answer to which it was attached."""
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
