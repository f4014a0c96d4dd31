"""The service put together from its parts."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

from bot.channels.web.limits import RateLimit
from bot.conversations.database import Database
from bot.conversations.store import ConversationStore
from bot.dialogue import Dialogue
from bot.guide import Guide
from bot.handoff.possible import HandoffDesk, NoDesk
from bot.language import LanguageDetector
from bot.notify import Notifier
from bot.settings import Settings
from bot.turns.engine import TurnEngine
from bot.turns.turn import Parts
from knowledge.encoder import make_encoder


class Service:
    """Everything that runs in the service's process."""

    def __init__(
        self, settings: Settings, now: Callable[[], dt.datetime] | None = None, handoff: HandoffDesk | None = None
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.notifier = Notifier()
        self.rate_limit = RateLimit(settings.questions_per_minute)
        self.stopping = False
        self.parts = Parts(
            guide=Guide(make_encoder(settings.encoder), settings.snapshot_dir),
            dialogue=Dialogue(settings.rasa_address, settings.rasa_timeout),
            detector=LanguageDetector(),
            store=ConversationStore(self.database),
            handoff=handoff or NoDesk(),
            now=now or (lambda: dt.datetime.now(dt.UTC)),
        )
        self.engine = TurnEngine(self.parts, self.notifier)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Bring the database up to date, load what is loaded late otherwise, and follow publishing."""
        await self.database.migrate()
        await asyncio.to_thread(self.parts.detector.warm)
        await self.parts.guide.encode("warm")
        self._tasks.append(asyncio.create_task(self.parts.guide.follow_publishing()))

    async def stop(self) -> None:
        """End streams and tasks, and let go of connections."""
        self.stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.parts.dialogue.close()
        await self.database.close()
        self.parts.guide.close()
