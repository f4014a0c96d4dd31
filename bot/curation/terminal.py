"""Curation for the verbs of ``python -m knowledge``: all that is there, also beside a running service."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

from bot.conversations.database import Database
from bot.curation.feedback import AnswerFeedback, Judged
from bot.curation.groups import Group, MissedGroups
from bot.curation.missed import MissedQuestions
from bot.curation.vectors import missed_vectors
from bot.guide import Guide
from bot.settings import Settings
from knowledge.encoder import make_encoder


def read_missed(settings: Settings, since: dt.datetime | None, told: Callable[[int, int], None]) -> list[tuple[Group, list[str]]]:
    """The groups of missed questions with the nearest answers. Raises the errors of ``OUTAGE``, or ``NothingPublished``."""

    async def read() -> list[tuple[Group, list[str]]]:
        guide, database = Guide(make_encoder(settings.encoder), settings.snapshot_dir), Database(settings.database_url)
        try:
            await database.migrate()
            groups = MissedGroups(guide, MissedQuestions(database), missed_vectors(settings.run_dir))
            found = await groups.all(since, told)
            return [(group, await groups.suggestions(group)) for group in found]
        finally:
            await database.close()
            guide.close()

    return asyncio.run(read())


def read_feedback(settings: Settings, since: dt.datetime, now: dt.datetime) -> list[Judged]:
    """The answers that were judged, the worst first. Raises the errors of ``OUTAGE``."""

    async def read() -> list[Judged]:
        database = Database(settings.database_url)
        try:
            await database.migrate()
            return await AnswerFeedback(database).all(None, since, now)
        finally:
            await database.close()

    return asyncio.run(read())
