"""The beginning of a case."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import ConversationRow
from bot.handoff.draft import Draft
from bot.handoff.tables import CaseFiguresRow, CaseRow


def begin(session: AsyncSession, case: CaseRow) -> None:
    """Add a new case with its first event and its row of figures."""
    session.add(case)
    session.add(
        CaseFiguresRow(
            id=case.figures_id,
            at=case.created_at,
            channel=case.channel,
            way=case.way,
            desk=case.desk,
            topic=case.topic,
            municipality=case.municipality,
            audience=case.audience,
            language=case.language,
            state=case.state,
        )
    )


def new_case(draft: Draft, conversation: ConversationRow, desk: str, summary: dict[str, object], now: dt.datetime) -> CaseRow:
    """A case made of what the newcomer told in the form."""
    topic = summary.get("topic")
    return CaseRow(
        conversation_id=conversation.id,
        channel=conversation.channel,
        state="queued",
        way=draft.way,
        desk=desk,
        urgent=False,
        consulting=False,
        topic=str(topic) if topic else None,
        matter=draft.matter,
        municipality=draft.municipality,
        audience=draft.audience,
        language=draft.language,
        interpreter=draft.interpreter,
        phone=draft.phone,
        email=draft.email,
        wished_time=draft.wished_time,
        summary=summary,
        consented_at=now,
        created_at=now,
        figures_id=secrets.token_hex(12),
    )
