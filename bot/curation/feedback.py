"""What newcomers said of each answer: how often it helped, month by month, and why it did not.

Counts are those of ``turns``, which stay. Reasons and words are those of ``feedback``, which go with their conversation.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, case, func, select

from bot.conversations.database import Database
from bot.conversations.tables import ConversationRow, FeedbackRow, TurnRow
from bot.curation.scope import visible
from bot.desk.accounts import Account
from bot.opening import FINLAND
from bot.redaction import redact
from bot.reports.filters import MOST_MONTHS, ReportFilters, ends

SURE = 1.96
"""Standard deviations of a two-sided interval of 95 %."""


@dataclass(frozen=True)
class Said:
    """Why an answer did not help: a reason from the list, masked words, or both."""

    at: dt.datetime
    reason: str | None
    words: str | None
    language: str | None


@dataclass
class Judged:
    """An answer, and how often it helped and did not."""

    answer_id: str
    helped: int = 0
    not_helped: int = 0
    months: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each month of the period: how often it helped, how often not."""
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.helped + self.not_helped

    @property
    def badness(self) -> float:
        """The lower end of the Wilson interval of the share that was not helped: one bad of one weighs less than six of ten."""
        share, squared = self.not_helped / self.count, SURE**2
        spread = SURE * math.sqrt(share * (1 - share) / self.count + squared / (4 * self.count**2))
        return (share + squared / (2 * self.count) - spread) / (1 + squared / self.count)


def months_since(since: dt.datetime, now: dt.datetime) -> list[str]:
    """The months in Finland from ``since`` to ``now``, at most five years."""
    first, last = since.astimezone(FINLAND), now.astimezone(FINLAND)
    count = min((last.year - first.year) * 12 + last.month - first.month, MOST_MONTHS - 1)
    number = last.year * 12 + last.month - 1 - max(count, 0)
    return ReportFilters(first=f"{number // 12:04}-{number % 12 + 1:02}", last=f"{last:%Y-%m}").months


class AnswerFeedback:
    """Reads feedback. ``account`` is who looks, None for whoever runs the guide."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, account: Account | None, since: dt.datetime, now: dt.datetime) -> list[Judged]:
        """Every answer that was judged since, the worst first."""
        months = months_since(since, now)
        # SQLite knows no time zones, so the moments between months are worked out here.
        month = case(*((TurnRow.at < ends(each), each) for each in months)).label("month")
        inside = (
            select(TurnRow.answer_id, TurnRow.helped, month)
            .where(TurnRow.helped.is_not(None), TurnRow.answer_id.is_not(None), TurnRow.at >= since)
            .where(visible(account, TurnRow.municipality))
            .subquery()
        )
        counts: Select[Any] = select(*inside.c, func.count()).group_by(*inside.c)
        reasons = (
            select(FeedbackRow.answer_id, func.coalesce(FeedbackRow.reason, ""), func.count())
            .join(ConversationRow, ConversationRow.id == FeedbackRow.conversation_id)
            .where(FeedbackRow.reason.is_not(None), FeedbackRow.at >= since)
            .where(visible(account, ConversationRow.municipality))
            .group_by(FeedbackRow.answer_id, FeedbackRow.reason)
        )
        found: dict[str, Judged] = {}
        async with self._database.session() as session:
            for answer_id, helped, name, count in (await session.execute(counts)).all():
                judged = found.setdefault(answer_id, Judged(answer_id, months=dict.fromkeys(months, (0, 0))))
                good, bad = judged.months[name]
                judged.months[name] = (good + count, bad) if helped else (good, bad + count)
                judged.helped += count if helped else 0
                judged.not_helped += 0 if helped else count
            for answer_id, reason, count in await session.execute(reasons):
                if answer_id in found:
                    found[answer_id].reasons[reason] = count
        return sorted(found.values(), key=lambda each: (-each.badness, -each.not_helped, each.answer_id))

    async def said(self, account: Account | None, answer_id: str, since: dt.datetime, limit: int) -> list[Said]:
        """The last reasons and words with which an answer was said not to help."""
        query = (
            select(FeedbackRow.at, FeedbackRow.reason, FeedbackRow.words, ConversationRow.language)
            .join(ConversationRow, ConversationRow.id == FeedbackRow.conversation_id)
            .where(FeedbackRow.answer_id == answer_id, FeedbackRow.helped.is_(False), FeedbackRow.at >= since)
            .where(FeedbackRow.reason.is_not(None) | FeedbackRow.words.is_not(None))
            .where(visible(account, ConversationRow.municipality))
            .order_by(FeedbackRow.id.desc())
            .limit(limit)
        )
        async with self._database.session() as session:
            rows = (await session.execute(query)).all()
        return [Said(at, reason, redact(words) if words else None, language) for at, reason, words, language in rows]
