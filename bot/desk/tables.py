"""The tables of the desk: who may work there, who is there, and who looked at what."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.tables import Base, Moment, Number


class AccountRow(Base):
    """One account. ``role`` is ``expert``, ``counsellor`` (of one municipality) or ``administrator``.

    ``title`` is what newcomers and colleagues see, a role and never a person's name: "Residence permit expert".
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    municipality: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """argon2id; None for an account that comes by single sign-on only."""
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last: Mapped[int | None] = mapped_column(Number)
    """Number of the time step of the last code that was used: a code works once."""
    sso_subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(Moment)
    disabled: Mapped[bool] = mapped_column(default=False)
    notify_by_email: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)


class DeskSessionRow(Base):
    """A browser that is logged in. The id is kept as SHA-256 only."""

    __tablename__ = "desk_sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    last_at: Mapped[dt.datetime] = mapped_column(Moment)


class PresenceRow(Base):
    """Whether somebody is at the desk: what they said, and when their browser was last heard of."""

    __tablename__ = "presence"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    present: Mapped[bool] = mapped_column()
    since: Mapped[dt.datetime] = mapped_column(Moment)
    seen_at: Mapped[dt.datetime] = mapped_column(Moment)


class OpenFormRow(Base):
    """Who has the form of an answer open, and when their browser was last heard of."""

    __tablename__ = "open_forms"

    answer_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class AuditRow(Base):
    """Who did or looked at what, and when. Rows are only ever added, and deleted by age."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_of_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    login: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(40))
    """Such as ``login``, ``login_failed``, ``case_seen``, ``identity_code_shown``, ``report_taken``."""
    case_id: Mapped[int | None] = mapped_column(Number)
    detail: Mapped[str | None] = mapped_column(Text)
