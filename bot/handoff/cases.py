"""The life of a case: ``queued → claimed → resolved``, or ``expired`` or ``withdrawn``. Every method is one transaction.

Who may speak changes only here, always together with a message of the system, so that the order of the messages shows at
every one of them who owned the conversation. The conversation's row is written or locked first, then the case: a turn that
ends at the same instant (``ConversationStore.end_turn``) comes wholly before or wholly after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.database import Database
from bot.conversations.store import UnknownConversation
from bot.conversations.tables import ConversationRow
from bot.desk.accounts import Account
from bot.handoff.hold import Hold, NotPossible, UnknownCase, may_see, must
from bot.handoff.kinds import EventKind
from bot.handoff.lines import closing_line, expert_words, system_line
from bot.handoff.tables import OPEN_STATES, CaseFiguresRow, CaseRow
from bot.messages import Message
from bot.notify import DESK, Notifier

OUTCOMES = ("answered", "appointment_held", "referred", "not_reached")
Ending = Literal["withdrawn", "expired"]

LONGEST_WORDS = 4000
"""Characters in what a human writes at most."""


class Cases:
    """All that changes cases."""

    def __init__(self, database: Database, notifier: Notifier, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._notifier = notifier
        self._now = now
        self.when_ended: list[Callable[[Hold, dt.datetime], Awaitable[None]]] = []
        """What else is done, in the same transaction, when a case is withdrawn or expires."""

    async def claim(self, case_id: int, account: Account) -> None:
        """Take a waiting case. In a chat the human owns the conversation from here on. Raises ``NotPossible``."""
        async with self.held(case_id, account) as hold:
            now = self._now()
            must(hold.case.state == "queued", "claimed_already")
            hold.case.state, hold.case.account_id, hold.case.claimed_at = "claimed", account.id, hold.case.claimed_at or now
            if hold.case.way == "chat":
                await self._take_conversation(hold, account, now)
            hold.note(now, "claimed", account)
            await hold.count(state="claimed", waited_s=(hold.case.claimed_at - hold.case.created_at).total_seconds())

    async def release(self, case_id: int, account: Account) -> None:
        """Put a claimed case back into the queue; the bot speaks again."""
        async with self.held(case_id, account) as hold:
            must(hold.is_of(account), "not_yours")
            now = self._now()
            hold.case.state, hold.case.account_id = "queued", None
            await self._give_conversation_back(hold, system_line(now, hold.case.language, "released", who=account.title))
            hold.note(now, "released", account)
            await hold.count(state="queued")

    async def take_over(self, case_id: int, account: Account) -> None:
        """Take a case from a colleague of the same desk, who is away, say. A human goes on speaking where one did."""
        async with self.held(case_id, account) as hold:
            must(hold.case.state == "claimed" and not hold.is_of(account) and account.desk == hold.case.desk, "not_yours")
            now = self._now()
            hold.case.account_id = account.id
            await hold.say(system_line(now, hold.case.language, "transferred", who=account.title))
            hold.note(now, "taken_over", account)

    async def release_all(self, account: Account) -> int:
        """Put every case that the account has claimed back into the queue, since they will not go on; returns how many."""
        async with self._database.session() as session:
            claimed = select(CaseRow.id).where(CaseRow.account_id == account.id, CaseRow.state == "claimed")
            numbers = (await session.scalars(claimed)).all()
        for number in numbers:
            await self.release(number, account)
        return len(numbers)

    async def give_back(self, case_id: int, account: Account) -> None:
        """Let the bot speak again while the case stays claimed: the call comes later, say."""
        async with self.held(case_id, account) as hold:
            must(hold.is_of(account) and hold.conversation.owner == "human", "not_yours")
            now = self._now()
            await self._give_conversation_back(hold, system_line(now, hold.case.language, "given_back", who=account.title))
            hold.note(now, "given_back", account)

    async def transfer(self, case_id: int, account: Account, desk: str, desk_name: str, to: Account | None = None) -> None:
        """Pass a case on to another desk's queue, or straight to a colleague."""
        async with self.held(case_id, account) as hold:
            must(hold.case.state in OPEN_STATES and (hold.case.account_id in (None, account.id)), "not_yours")
            now = self._now()
            hold.case.desk = desk
            hold.case.account_id, hold.case.state = (to.id, "claimed") if to else (None, "queued")
            if to is not None:
                hold.case.claimed_at = hold.case.claimed_at or now
            line = system_line(now, hold.case.language, "transferred", who=to.title if to else desk_name)
            if to is None:
                await self._give_conversation_back(hold, line)
            else:
                await hold.say(line)
            hold.note(now, "transferred", account, to.title if to else desk_name)
            await hold.count(state=hold.case.state, desk=desk)

    async def write(self, case_id: int, account: Account, text: str, language: str, client_id: str | None = None) -> Message:
        """Words of the human to the newcomer. Whoever has claimed the case owns the conversation with the first of them.

        A ``client_id`` that was seen before gives the message of then.
        """
        words = text.strip()
        must(0 < len(words) <= LONGEST_WORDS and "\x00" not in words, "words_empty_or_long")
        async with self.held(case_id, account) as hold:
            sent = await hold.sent_before(client_id)
            if sent is not None:
                return sent
            must(hold.is_of(account), "not_yours")
            now = self._now()
            if hold.conversation.owner != "human":
                await self._take_conversation(hold, account, now)
                hold.note(now, "spoke", account)
            hold.case.first_words_at = hold.case.first_words_at or now
            message = expert_words(now, words, language, account.title)
            return await hold.say(message.model_copy(update={"client_id": client_id}))

    async def note(self, case_id: int, account: Account, text: str) -> None:
        """A private note, which newcomers never see."""
        await self._private(case_id, account, "note", text)

    async def ask_expert(self, case_id: int, account: Account, text: str) -> None:
        """A counsellor asks the permit expert for help on a case; its owner stays."""
        words = _private_words(text)
        async with self.held(case_id, account) as hold:
            must(hold.is_of(account), "not_yours")
            hold.case.consulting = True
            if not await hold.noted_last("consult", account, words):
                hold.note(self._now(), "consult", account, words)

    async def answer_consult(self, case_id: int, account: Account, text: str) -> None:
        """The expert answers a colleague in a private note."""
        async with self.held(case_id, account) as hold:
            must(hold.case.consulting and account.role == "expert", "nothing_asked")
            hold.case.consulting = False
            hold.note(self._now(), "consult_answer", account, _private_words(text))

    async def resolve(self, case_id: int, account: Account, outcome: str, topic: str | None, detail: str | None) -> None:
        """Close a case with what came of it; the bot takes over with one line and asks how it went."""
        must(outcome in OUTCOMES, "outcome_missing")
        async with self.held(case_id, account) as hold:
            must(hold.is_of(account), "not_yours")
            now = self._now()
            case = hold.case
            case.state, case.outcome, case.outcome_detail, case.ended_at = "resolved", outcome, detail or None, now
            case.topic, case.consulting = topic or case.topic, False
            await self._give_conversation_back(hold, closing_line(now, case.language))
            hold.note(now, "resolved", account, outcome)
            took = (now - case.created_at).total_seconds()
            await hold.count(state="resolved", outcome=outcome, topic=case.topic, took_s=took)

    async def withdraw(self, conversation_id: str) -> bool:
        """The newcomer needs no help any more. Returns whether there was an open case."""
        return await self._end_open(conversation_id, "withdrawn")

    async def withdraw_in(self, session: AsyncSession, conversation_id: str) -> list[Message]:
        """The same at the end of a turn, in its transaction; gives the line that says so, or that there is no case."""
        case = await session.scalar(
            select(CaseRow).where(CaseRow.conversation_id == conversation_id, CaseRow.state.in_(OPEN_STATES)).with_for_update()
        )
        conversation = await session.get(ConversationRow, conversation_id)
        if conversation is None:
            return []
        now = self._now()
        if case is None:
            return [system_line(now, conversation.language, "no_case")]
        await self._end(Hold(session, case, conversation), "withdrawn", now)
        return [system_line(now, conversation.language, "withdrawn")]

    async def expire(self, conversation_id: str) -> bool:
        """Nobody came. Returns whether there was a case that still waited."""
        return await self._end_open(conversation_id, "expired", only=("queued",))

    async def rate(self, conversation_id: str, helped: bool) -> None:
        """Keep what the newcomer said of the last case that was closed."""
        async with self._database.write() as session:
            figures = (
                select(CaseRow.figures_id)
                .where(CaseRow.conversation_id == conversation_id, CaseRow.state == "resolved")
                .order_by(CaseRow.id.desc())
                .limit(1)
                .scalar_subquery()
            )
            await session.execute(update(CaseFiguresRow).where(CaseFiguresRow.id == figures).values(helped=helped))

    async def _end_open(self, conversation_id: str, state: Ending, only: tuple[str, ...] = OPEN_STATES) -> bool:
        async with self._database.session() as session:
            case_id = await session.scalar(
                select(CaseRow.id).where(CaseRow.conversation_id == conversation_id, CaseRow.state.in_(only))
            )
        if case_id is None:
            return False
        try:
            async with self.held(case_id, None) as hold:
                must(hold.case.state in only, "ended_already")
                now = self._now()
                await hold.say(system_line(now, hold.case.language, state))
                await self._end(hold, state, now)
        except (NotPossible, UnknownCase):
            return False
        return True

    async def _end(self, hold: Hold, state: Ending, now: dt.datetime) -> None:
        for also in self.when_ended:
            await also(hold, now)
        hold.case.state, hold.case.ended_at, hold.case.consulting = state, now, False
        hold.conversation.owner = "bot"
        hold.note(now, state, None)
        await hold.count(state=state, took_s=(now - hold.case.created_at).total_seconds())

    async def _private(self, case_id: int, account: Account, kind: EventKind, text: str) -> None:
        words = _private_words(text)
        async with self.held(case_id, account) as hold:
            if not await hold.noted_last(kind, account, words):
                hold.note(self._now(), kind, account, words)

    async def _take_conversation(self, hold: Hold, account: Account, now: dt.datetime) -> None:
        await hold.say(system_line(now, hold.case.language, "joined", who=account.title))
        hold.conversation.owner = "human"

    async def _give_conversation_back(self, hold: Hold, line: Message) -> None:
        await hold.say(line)
        hold.conversation.owner = "bot"

    @asynccontextmanager
    async def held(self, case_id: int, account: Account | None) -> AsyncIterator[Hold]:
        """The case for ``account``, locked with its conversation; wakes whoever listens when all is stored.

        Raises ``UnknownCase``.
        """
        async with self._database.write() as session:
            of_case = select(CaseRow.conversation_id).where(CaseRow.id == case_id).scalar_subquery()
            # Writing nothing new is still a write: SQLite gives this transaction alone the right to write, before it reads.
            await session.execute(
                update(ConversationRow).where(ConversationRow.id == of_case).values(owner=ConversationRow.owner)
            )
            case = await session.scalar(select(CaseRow).where(CaseRow.id == case_id).with_for_update())
            if case is None or (account is not None and not may_see(account, case)):
                raise UnknownCase(case_id)
            conversation = await session.get(ConversationRow, case.conversation_id)
            if conversation is None:
                raise UnknownConversation(case.conversation_id)
            hold = Hold(session, case, conversation)
            yield hold
        self._notifier.tell(hold.conversation.id)
        self._notifier.tell(DESK)


def _private_words(text: str) -> str:
    words = text.strip()
    must(0 < len(words) <= LONGEST_WORDS and "\x00" not in words, "words_empty_or_long")
    return words
