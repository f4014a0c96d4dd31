"""Watches the content folder and publishes what passes, in a process of its own that gives way to turns."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from collections.abc import Callable
from pathlib import Path

import structlog
from watchfiles import Change, awatch

from bot.conversations.database import OUTAGE, Database
from bot.handoff.notices import tell_of_unpublished_content
from bot.logs import set_up_logging
from bot.settings import Settings
from knowledge.encoder import Encoder, make_encoder
from knowledge.published import content_fingerprint
from knowledge.publishing import Result, publish
from knowledge.publishing_lock import PublishedElsewhere
from knowledge.verdict import told_against

log = structlog.get_logger(__name__)

QUIET_MS = 1_000
"""A change is looked at once nothing has changed for so long."""

LONGEST_MS = 15_000
"""Or after so long, when somebody saves again and again."""

LOOK_ANYWAY_MS = 60_000
"""And once a minute: some network folders tell of no change."""

NICE = 10
"""Steps by which the process stands back behind the service and Rasa."""

BY = "watch"
"""What the history says in place of a role."""


class ContentWatch:
    """Publishes each state of the folder that passes, and tells of each that does not, once."""

    def __init__(self, settings: Settings, encoder: Encoder, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._settings = settings
        self._encoder = encoder
        self._database = database
        self._now = now
        self._told: str | None = None
        """The last state of which was told that it is not published."""

    async def follow(self, stop: asyncio.Event) -> None:
        """Look now, and again after each change, until ``stop`` is set."""
        await self.look()
        changes = awatch(
            self._settings.content_dir,
            watch_filter=_is_content,
            step=QUIET_MS,
            debounce=LONGEST_MS,
            rust_timeout=LOOK_ANYWAY_MS,
            yield_on_timeout=True,
            stop_event=stop,
        )
        async for _ in changes:
            await self.look()

    async def look(self) -> None:
        """Publish the folder when it differs from what is live; tell when it does not pass. A state is told of once."""
        state = await asyncio.to_thread(content_fingerprint, self._settings.content_dir)
        if state == self._told:
            return
        try:
            result = await asyncio.to_thread(self._publish)
        except PublishedElsewhere:
            log.warning("content.published_elsewhere")
            return
        if result.published:
            log.info("content.published", snapshot=result.id, seconds=result.seconds)
        elif result.left == "held":
            log.info("content.held")
        elif result.left is None:
            await self._tell(state, result)

    def _publish(self) -> Result:
        settings = self._settings
        return publish(settings.content_dir, settings.snapshot_dir, self._encoder, self._now(), by=BY, if_changed=True)

    async def _tell(self, state: str, result: Result) -> None:
        """In the log, and by mail to the desk. An outage of the database leaves it untold: the next change tries again."""
        log.warning("content.not_published", problems=told_against(result, "en"))
        if self._settings.desk_email and self._settings.smtp_url:
            try:
                async with self._database.write() as session:
                    problems = told_against(result, "fi")
                    await tell_of_unpublished_content(session, state, self._settings.desk_email, problems, self._now())
            except OUTAGE as error:
                log.warning("content.not_told", problem=type(error).__name__)
                return
        self._told = state


def watch_until_stopped(settings: Settings) -> None:
    """Watch until SIGINT or SIGTERM."""
    os.nice(NICE)
    set_up_logging(settings.log_level)
    asyncio.run(_watch(settings))


async def _watch(settings: Settings) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    database = Database(settings.database_url)
    try:
        watch = ContentWatch(settings, make_encoder(settings.encoder), database, lambda: dt.datetime.now(dt.UTC))
        await watch.follow(stop)
    finally:
        await database.close()


def _is_content(change: Change, path: str) -> bool:
    return Path(path).suffix == ".yml"
