"""The tables of the hand-off: cases and what happened to them, appointments, mail to be sent, figures for reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.tables import Base, Moment, Number

OPEN_STATES = ("queued", "claimed")
"""Of a case that has not ended."""

OPEN = f"state IN {OPEN_STATES}"


class CaseRow(Base):
    """One case: the desk's unit of work. ``queued → claimed → resolved``, or ``expired`` or ``withdrawn``.

    A conversation has at most one case that is open. ``desk`` says whose it is: ``expert``, or a municipality's id.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("one_open_case", "conversation_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("cases_by_state", "state", "urgent", "created_at"),
        Index("cases_of_desk", "desk", "state", "urgent", "created_at"),
        Index("cases_of_municipality", "municipality", "state", "urgent", "created_at"),
        Index("cases_of_account", "account_id", "state", "urgent", "created_at"),
        Index("ended_of_desk", "desk", "ended_at"),
        Index("ended_of_municipality", "municipality", "ended_at"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(12))
    """``chat``, ``callback``, ``appointment`` or ``question``."""
    desk: Mapped[str] = mapped_column(String(40))
    urgent: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    """Who has claimed it."""
    consulting: Mapped[bool] = mapped_column(default=False)
    """Whether the expert was asked for help and has not answered yet."""
    topic: Mapped[str | None] = mapped_column(String(80))
    matter: Mapped[str] = mapped_column(Text)
    """In the newcomer's own words."""
    municipality: Mapped[str | None] = mapped_column(String(40))
    audience: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    """The language that the newcomer writes in."""
    interpreter: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(String(40))
    """As E.164."""
    email: Mapped[str | None] = mapped_column(String(254))
    wished_time: Mapped[str | None] = mapped_column(String(200))
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the conversation was about when the case began: answers shown, questions not answered (bot/handoff/summary.py)."""
    consented_at: Mapped[dt.datetime] = mapped_column(Moment)
    created_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    first_words_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When a human first wrote to the newcomer."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment, index=True)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    told_to_wait_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    """When the newcomer was last told that nobody is there."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    """``answered``, ``appointment_held``, ``referred`` or ``not_reached``."""
    outcome_detail: Mapped[str | None] = mapped_column(Text)
    figures_id: Mapped[str] = mapped_column(String(32))
    """Key of the row of ``case_figures``, which stays when the case is deleted."""


class CaseEventRow(Base):
    """What happened to a case: its timeline at the desk. Private notes and consults are events with a text."""

    __tablename__ = "case_events"
    __table_args__ = (Index("events_of_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    """None when the newcomer or the service itself did it."""
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(Number)
    """Id of the last message of the conversation at that moment, where the owner changed."""


class AppointmentRow(Base):
    """A time that is booked at a desk. A desk has one appointment at a time."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "one_appointment_a_time",
            "desk",
            "starts_at",
            unique=True,
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    desk: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[dt.datetime] = mapped_column(Moment)
    ends_at: Mapped[dt.datetime] = mapped_column(Moment)
    medium: Mapped[str] = mapped_column(String(10))
    """``teams`` or ``phone``."""
    link: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    """``booked`` or ``cancelled``."""
    uid: Mapped[str] = mapped_column(String(80))
    """Of the calendar entry: the same through every change."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts the changes, as calendars want it (RFC 5545, SEQUENCE)."""


class OutboxRow(Base):
    """A mail to be sent. Written in the transaction that causes it, so that neither is without the other."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_due", "sent_at", "next_at"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What the mail is about, such as ``appointment/7/2/newcomer``: the same mail is never written twice. Also its Message-ID."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[bytes | None] = mapped_column(LargeBinary)
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime] = mapped_column(Moment)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    given_up_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    problem: Mapped[str | None] = mapped_column(String(300))


class CaseFiguresRow(Base):
    """What the reports count of a case. Holds nothing that tells who it was, and stays when the case is deleted."""

    __tablename__ = "case_figures"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    channel: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(12))
    desk: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str | None] = mapped_column(String(80))
    municipality: Mapped[str | None] = mapped_column(String(40))
    audience: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(20))
    waited_s: Mapped[float | None] = mapped_column()
    """From the beginning of the case until a human claimed it."""
    took_s: Mapped[float | None] = mapped_column()
    """From its beginning until its end."""
    helped: Mapped[bool | None] = mapped_column()
    """What the newcomer said when asked how it went."""


class ConversationKeyRow(Base):
    """A further token of a conversation: of a private link that was opened in another browser."""

    __tablename__ = "conversation_keys"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(Moment)
