"""A case held by one transaction: nobody else changes it, or the owner of its conversation, until the transaction ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.store import add_message, message_of
from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import Account
from bot.handoff.kinds import Conflict, EventKind, TypedWrong
from bot.handoff.tables import CaseEventRow, CaseFiguresRow, CaseRow
from bot.messages import Message


class NotPossible(Exception):
    """The case is not in a state in which this can be done, say because somebody else was quicker.

    The message is the key of a line in the desk's catalogue.
    """

    def __init__(self, problem: TypedWrong | Conflict) -> None:
        super().__init__(problem)
        self.problem = problem


class UnknownCase(Exception):
    """There is no such case, or this account may not see it."""


@dataclass
class Hold:
    """A case and its conversation, locked until the transaction ends."""

    session: AsyncSession
    case: CaseRow
    conversation: ConversationRow
    said: list[Message] = field(default_factory=list)

    async def say(self, message: Message) -> Message:
        """Store a message to the newcomer."""
        stored = await add_message(self.session, self.conversation.id, message)
        self.said.append(stored)
        return stored

    async def sent_before(self, client_id: str | None) -> Message | None:
        """The human's message with this client id, when it is stored already."""
        if client_id is None:
            return None
        same = MessageRow.conversation_id == self.conversation.id, MessageRow.client_id == client_id
        row = await self.session.scalar(select(MessageRow).where(*same, MessageRow.sender == "expert"))
        return None if row is None else message_of(row)

    async def noted_last(self, kind: EventKind, account: Account, text: str) -> bool:
        """Whether the very same is the last of the timeline: a button was pressed twice."""
        newest = select(CaseEventRow).where(CaseEventRow.case_id == self.case.id).order_by(CaseEventRow.id.desc()).limit(1)
        last = await self.session.scalar(newest)
        return last is not None and (last.kind, last.account_id, last.text) == (kind, account.id, text)

    def note(self, at: dt.datetime, kind: EventKind, account: Account | None, text: str | None = None) -> None:
        """Write into the case's timeline."""
        last = self.said[-1].id if self.said else None
        self.session.add(
            CaseEventRow(
                case_id=self.case.id, at=at, kind=kind, account_id=account.id if account else None, text=text, message_id=last
            )
        )

    def is_of(self, account: Account) -> bool:
        """Whether the account has claimed the case."""
        return self.case.state == "claimed" and self.case.account_id == account.id

    async def count(self, **values: object) -> None:
        """Keep the figures for the reports up to date."""
        of_case = CaseFiguresRow.id == self.case.figures_id
        await self.session.execute(update(CaseFiguresRow).where(of_case).values(**values))


def must(holds: bool, problem: TypedWrong | Conflict) -> None:
    """Raises ``NotPossible`` unless it holds."""
    if not holds:
        raise NotPossible(problem)


def may_see(account: Account, case: CaseRow) -> bool:
    """Whether the case is any of the account's business: their desk's, their own, or one that the expert was asked about."""
    if case.account_id == account.id or (case.consulting and account.role == "expert"):
        return True
    return account.may_see(case.desk, case.municipality)
