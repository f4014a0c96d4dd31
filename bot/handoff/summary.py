"""What a conversation was about, assembled for the human who takes over: no words but what was said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Conversation
from bot.conversations.tables import MessageRow
from bot.redaction import redact
from knowledge.model import EASY_FINNISH

MOST = 5
"""So many answers and questions are listed; the transcript has them all."""


async def summarise(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    """``topic``, what the newcomer ``asked`` that was not answered (masked), the ``answers`` shown with their sources, how many
    ``messages`` they wrote, and whether they read ``easy_finnish``."""
    rows = (
        await session.execute(
            select(MessageRow.id, MessageRow.reply_to, MessageRow.sender, MessageRow.status, MessageRow.body)
            .where(MessageRow.conversation_id == conversation.id)
            .order_by(MessageRow.id)
        )
    ).all()
    words = {row.id: str(row.body["text"]) for row in rows if row.sender == "newcomer"}
    shown = [row.body["answer"] for row in rows if row.body.get("answer")]
    asked = [words[row.reply_to] for row in rows if row.status in ("unknown", "clarify") and row.reply_to in words]
    answers = {
        answer["id"]: {"id": answer["id"], "title": answer["title"], "sources": [source["title"] for source in answer["sources"]]}
        for answer in shown
    }
    return {
        "topic": conversation.state.topic or (shown[-1]["topic"] if shown else None),
        "asked": [redact(text) for text in dict.fromkeys(asked)][-MOST:],
        "answers": list(answers.values())[-MOST:],
        "messages": len(words),
        "easy_finnish": conversation.reads == EASY_FINNISH,
    }
