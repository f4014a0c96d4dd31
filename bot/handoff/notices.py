"""Mails about cases: a new one, one that waits, a question that was left."""

from __future__ import annotations

import datetime as dt
import hashlib

from babel import Locale
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.appointment_mails import page_line
from bot.handoff.letters import letter, line, mail_language
from bot.handoff.outbox import queue
from bot.handoff.tables import CaseRow
from bot.opening import FINLAND, moment_text
from knowledge.model import Localised

MOST_PROBLEMS = 20
"""Of the content that are told in a mail."""


async def tell_of_new_case(
    session: AsyncSession, case: CaseRow, to: str, language: str, page: str | None, now: dt.datetime
) -> bool:
    """Tell ``to``, who works at the desk, that a case came in; False when they were told before. ``page``: its address."""
    return await _tell_the_desk(session, "new_case", f"case/{case.id}/new", case, to, language, page, now)


async def remind_of_case(
    session: AsyncSession, case: CaseRow, to: str, language: str, page: str | None, now: dt.datetime, reminder: int = 1
) -> bool:
    """Remind ``to`` of a case that nobody has claimed. Each number of ``reminder`` is told once to each."""
    return await _tell_the_desk(session, "case_waits", f"case/{case.id}/waits/{reminder}", case, to, language, page, now)


async def confirm_question(session: AsyncSession, case: CaseRow, desk: Localised, private_link: str, now: dt.datetime) -> bool:
    """Confirm a question that was left, with the link back to it; False without an address, or when it was confirmed before."""
    if not case.email:
        return False
    language = mail_language(case.language)
    words = letter("question_left_newcomer", language, desk=desk.in_language(language), link=private_link)
    return await queue(session, f"case/{case.id}/question/newcomer", case.email, words.subject, words.body, now, case.id)


async def tell_of_unpublished_content(session: AsyncSession, state: str, to: str, problems: list[str], now: dt.datetime) -> bool:
    """Tell ``to`` in Finnish that a state of the content was not published; False when they were told of this state before."""
    shown = problems[:MOST_PROBLEMS]
    if len(problems) > MOST_PROBLEMS:
        shown.append(line("more_problems", "fi", count=len(problems) - MOST_PROBLEMS))
    words = letter("content_not_published_desk", "fi", problems="\n".join(shown))
    return await queue(session, f"content/{state}/{_key_of(to)}", to, words.subject, words.body, now)


def _key_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


async def _tell_the_desk(
    session: AsyncSession, name: str, key: str, case: CaseRow, to: str, language: str, page: str | None, now: dt.datetime
) -> bool:
    code = mail_language(language)
    words = letter(
        f"{name}_desk",
        code,
        case=case.id,
        way=line(case.way, code),
        language=_language_name(case.language, code),
        when=moment_text(case.created_at.astimezone(FINLAND), code),
        page=page_line(case, page, code),
    )
    return await queue(session, f"{key}/{_key_of(to)}", to, words.subject, words.body, now, case.id)


def _language_name(code: str, language: str) -> str:
    return str(Locale(language).languages.get(code, code))
