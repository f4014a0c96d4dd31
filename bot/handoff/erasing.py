"""What becomes of a case when the newcomer erases the conversation."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.tables import CaseFiguresRow, CaseRow


async def count_as_withdrawn(session: AsyncSession, conversation_id: str) -> None:
    """The open case of a conversation that is erased counts as withdrawn; else its figures would show it as open for ever."""
    open_case = select(CaseRow.figures_id).where(
        CaseRow.conversation_id == conversation_id, CaseRow.state.in_(("queued", "claimed"))
    )
    await session.execute(update(CaseFiguresRow).where(CaseFiguresRow.id.in_(open_case)).values(state="withdrawn"))
