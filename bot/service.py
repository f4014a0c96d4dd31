"""The service put together from its parts."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from bot.channels.web.limits import RateLimit
from bot.conversations.database import Database
from bot.conversations.lookout import Lookout
from bot.conversations.store import ConversationStore
from bot.curation.attaching import Attaching
from bot.curation.feedback import AnswerFeedback
from bot.curation.groups import MissedGroups
from bot.curation.missed import MissedQuestions
from bot.curation.vectors import missed_vectors
from bot.desk.accounts import AccountStore
from bot.desk.answer_commits import commits_examples
from bot.desk.answer_folder import AnswerFolder
from bot.desk.open_forms import OpenForms
from bot.desk.presence import Presence
from bot.desk.publishing import Publishing
from bot.desk.sessions import DeskSessions
from bot.dialogue import Dialogue
from bot.guide import Guide
from bot.handoff.arranging import Arranging
from bot.handoff.cases import Cases
from bot.handoff.erasing import cancels_appointments, count_as_withdrawn
from bot.handoff.handoff import Handoff
from bot.handoff.mail import Mailer
from bot.handoff.outbox import OutboxSender
from bot.handoff.possible import Offers
from bot.handoff.watch import Watch
from bot.language import LanguageDetector
from bot.notify import Notifier
from bot.reports.store import ReportStore
from bot.retention import Retention
from bot.settings import Settings
from bot.turns.engine import TurnEngine
from bot.turns.turn import Parts
from knowledge.encoder import make_encoder

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel

log = structlog.get_logger(__name__)


class Service:
    """Everything that runs in the service's process."""

    def __init__(self, settings: Settings, now: Callable[[], dt.datetime] | None = None, offers: Offers | None = None) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.notifier = Notifier()
        self.rate_limit = RateLimit(settings.questions_per_minute)
        self.accounts = AccountStore(self.database)
        self.desk_sessions = DeskSessions(
            self.database, dt.timedelta(minutes=settings.desk_idle_minutes), dt.timedelta(hours=settings.desk_session_hours)
        )
        self.presence = Presence(self.database, dt.timedelta(minutes=settings.desk_away_minutes))
        self.answers = AnswerFolder(settings.content_dir)
        self.open_forms = OpenForms(self.database)
        self.publishing = Publishing(settings)
        self.stopping = False
        self._ending = asyncio.Event()
        clock = now or (lambda: dt.datetime.now(dt.UTC))
        guide = Guide(make_encoder(settings.encoder), settings.snapshot_dir)
        cases = Cases(self.database, self.notifier, clock)
        self.parts = Parts(
            guide=guide,
            dialogue=Dialogue(settings.rasa_address, settings.rasa_timeout),
            detector=LanguageDetector(),
            store=ConversationStore(self.database),
            handoff=Handoff(self.database, guide, settings, self.presence, clock, offers),
            cases=cases,
            now=clock,
        )
        self.outbox = OutboxSender(self.database, Mailer.from_settings(settings), clock)
        mailing = self.parts.handoff.mailing
        self.arranging = Arranging(cases, mailing, settings, clock)
        cases.when_ended.append(self.arranging.cancel_coming)
        self.watch = Watch(self.database, guide, settings, cases, self.notifier, self.presence, mailing, clock)
        self.parts.store.before_erase += [cancels_appointments(mailing, clock), count_as_withdrawn]
        self.lookout = Lookout(self.database, self.notifier, settings.look_seconds)
        self.reports = ReportStore(self.database, self.parts.now)
        self.missed = MissedQuestions(self.database)
        self.missed_groups = MissedGroups(guide, self.missed, missed_vectors(settings.run_dir))
        self.attaching = Attaching(guide, self.answers)
        self.attaching.written.append(commits_examples(self.answers.root))
        self.answer_feedback = AnswerFeedback(self.database)
        self.retention = Retention(settings, self.database, self.parts.store, self.parts.dialogue, self.parts.now)
        self.engine = TurnEngine(self.parts, self.notifier)
        self.telegram = self._telegram_channel()
        self._tasks: list[asyncio.Task[None]] = []
        self._unbroken: list[asyncio.Task[None]] = []
        """Tasks that are let come to their end by themselves."""

    def _telegram_channel(self) -> TelegramChannel | None:
        if not self.settings.telegram_token:
            return None
        from bot.channels.telegram.channel import TelegramChannel  # its library is loaded only where there is a bot
        from bot.channels.telegram.shared import Shared

        return TelegramChannel(Shared(self.settings, self.database, self.engine, self.parts, self.notifier, self.rate_limit))

    async def start(self) -> None:
        """Bring the database up to date, load what is loaded late otherwise, and follow publishing."""
        await self.database.migrate()
        await asyncio.to_thread(self.parts.detector.warm)
        await self.parts.guide.encode("warm")
        followers = (
            self.parts.guide.follow_publishing(),
            self.watch.follow(),
            self.lookout.follow(),
            self.retention.run_daily(),
        )
        self._tasks += [asyncio.create_task(follower) for follower in followers]
        self._unbroken.append(asyncio.create_task(self.outbox.follow(self._ending)))
        if self.telegram is None:
            log.info("telegram.off", why="ELO_TELEGRAM_TOKEN is not set")
        else:
            self.telegram.start()

    async def stop(self) -> None:
        """End streams and tasks, and let go of connections."""
        self.stopping = True
        self._ending.set()
        if self.telegram is not None:
            await self.telegram.stop()
        await self.missed_groups.stop()
        for task in self._tasks:
            task.cancel()
        # Mail that is under way is sent to its end: broken off, it could come twice.
        await asyncio.gather(*self._unbroken, *self._tasks, return_exceptions=True)
        await self.parts.dialogue.close()
        await self.database.close()
        self.parts.guide.close()
