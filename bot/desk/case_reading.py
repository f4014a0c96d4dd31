"""The lists of cases that an account may see: what waits, what is its own, what it was asked about, what was closed.

Every list is cut off, and walks an index in its own order: with 20,000 cases no list reads more rows than it shows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import MessageRow
from bot.desk.accounts import Account
from bot.desk.tables import AccountRow
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.tables import AppointmentRow, CaseRow
from bot.redaction import mask_identity_codes

MOST_WAITING = 50
MOST_CLAIMED = 100
CLOSED_ON_A_PAGE = 25

FIRST_LINE = 140
"""Characters of the matter that a list shows."""


@dataclass(frozen=True)
class ListedCase:
    """A case in a list. What the newcomer wrote is masked."""

    id: int
    state: str
    way: str
    desk: str
    urgent: bool
    consulting: bool
    topic: str | None
    municipality: str | None
    language: str
    interpreter: bool
    first_line: str
    created_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str | None
    appointment: dt.datetime | None
    claimed_by: str | None
    """The role of whoever has it."""
    unanswered: bool
    """Whether the newcomer was the last to write, and a human has the case."""


@dataclass(frozen=True)
class Queue:
    """What an account sees when it opens the desk."""

    waiting: list[ListedCase] = field(default_factory=list)
    """At its own desk: urgent cases first, then the longest waiting."""
    waiting_count: int = 0
    elsewhere: list[ListedCase] = field(default_factory=list)
    """From its municipality, at another desk."""
    own: list[ListedCase] = field(default_factory=list)
    asked: list[ListedCase] = field(default_factory=list)
    """On which the expert was asked for help."""
    colleagues: list[ListedCase] = field(default_factory=list)
    """At its own desk, claimed by somebody else."""


async def read_queue(session: AsyncSession, account: Account) -> Queue:
    """The open cases that the account may see. An administrator sees none."""
    if account.desk is None:
        return Queue()
    at_desk = CaseRow.desk == account.desk
    queued, claimed = CaseRow.state == "queued", CaseRow.state == "claimed"
    own = and_(claimed, CaseRow.account_id == account.id)
    asked = and_(claimed, CaseRow.consulting, CaseRow.account_id != account.id)
    others = and_(claimed, at_desk, CaseRow.account_id != account.id)
    is_expert = account.desk == EXPERT_DESK
    from_here = and_(queued, CaseRow.municipality == account.municipality, CaseRow.desk != account.desk)
    return Queue(
        waiting=await _open(session, and_(queued, at_desk), MOST_WAITING),
        waiting_count=await session.scalar(select(func.count()).where(queued, at_desk)) or 0,
        elsewhere=[] if is_expert else await _open(session, from_here, MOST_WAITING),
        own=await _open(session, own, MOST_CLAIMED),
        asked=await _open(session, asked, MOST_WAITING) if is_expert else [],
        colleagues=await _open(session, others, MOST_WAITING),
    )


async def waiting_ids(session: AsyncSession, account: Account) -> list[int]:
    """The cases that wait at the account's desk, in the order of the queue."""
    if account.desk is None:
        return []
    waiting = (CaseRow.desk == account.desk) & (CaseRow.state == "queued")
    return [row.id for row in await _urgent_first(session, select(CaseRow.id).where(waiting), MOST_WAITING)]


async def read_closed(session: AsyncSession, account: Account, before: int | None = None) -> tuple[list[ListedCase], bool]:
    """The cases closed last, and whether there are older ones. ``before`` is the last case of the page before."""
    places = [CaseRow.desk == account.desk] if account.desk else []
    if account.municipality and account.role == "counsellor":
        places.append(CaseRow.municipality == account.municipality)
    found: dict[int, ListedCase] = {}
    for place in places:
        older = place & CaseRow.ended_at.is_not(None)
        if before is not None:
            end = select(CaseRow.ended_at).where(CaseRow.id == before).scalar_subquery()
            older &= tuple_(CaseRow.ended_at, CaseRow.id) < tuple_(end, before)
        newest_first = _listed().where(older).order_by(CaseRow.ended_at.desc(), CaseRow.id.desc())
        rows = (await session.execute(newest_first.limit(CLOSED_ON_A_PAGE + 1))).all()
        found |= {row.id: _case(row) for row in rows}
    closed = sorted(found.values(), key=lambda case: (case.ended_at or case.created_at, case.id), reverse=True)
    return closed[:CLOSED_ON_A_PAGE], len(closed) > CLOSED_ON_A_PAGE


async def _open(session: AsyncSession, which: ColumnElement[bool], most: int) -> list[ListedCase]:
    return [_case(row) for row in await _urgent_first(session, _listed().where(which), most)]


async def _urgent_first(session: AsyncSession, cases: Select[*tuple[Any, ...]], most: int) -> list[Row[*tuple[Any, ...]]]:
    """Urgent ones, then the oldest. Asked for in two parts, each of which an index holds in its very order."""
    found: list[Row[*tuple[Any, ...]]] = []
    for urgent in (True, False):
        part = cases.where(CaseRow.urgent.is_(urgent)).order_by(CaseRow.created_at, CaseRow.id).limit(most - len(found))
        found += (await session.execute(part)).all()
    return found


def _listed() -> Select[*tuple[Any, ...]]:
    """What a list shows, without the summary and the transcript."""
    booked = AppointmentRow.case_id == CaseRow.id, AppointmentRow.state == "booked"
    spoken = MessageRow.conversation_id == CaseRow.conversation_id, MessageRow.sender.in_(("newcomer", "expert"))
    return select(
        CaseRow.id,
        CaseRow.state,
        CaseRow.way,
        CaseRow.desk,
        CaseRow.urgent,
        CaseRow.consulting,
        CaseRow.topic,
        CaseRow.municipality,
        CaseRow.language,
        CaseRow.interpreter,
        CaseRow.matter,
        CaseRow.created_at,
        CaseRow.ended_at,
        CaseRow.outcome,
        select(func.min(AppointmentRow.starts_at)).where(*booked).scalar_subquery().label("appointment"),
        select(AccountRow.title).where(AccountRow.id == CaseRow.account_id).scalar_subquery().label("claimed_by"),
        select(MessageRow.sender).where(*spoken).order_by(MessageRow.id.desc()).limit(1).scalar_subquery().label("spoke_last"),
    )


def _case(row: Row[*tuple[Any, ...]]) -> ListedCase:
    values = row._asdict()
    spoke_last, matter = values.pop("spoke_last"), values.pop("matter")
    return ListedCase(
        **values,
        first_line=first_line(matter),
        unanswered=row.state == "claimed" and spoke_last == "newcomer",
    )


def first_line(matter: str) -> str:
    """The beginning of what the newcomer wrote, on one line and masked."""
    words = " ".join(mask_identity_codes(matter).split())
    return words if len(words) <= FIRST_LINE else words[: FIRST_LINE - 1].rstrip() + "…"
