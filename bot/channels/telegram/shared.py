"""What the channel has from the rest of the service."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.web.limits import RateLimit
from bot.conversations.database import Database
from bot.notify import Notifier
from bot.settings import Settings
from bot.turns.engine import TurnEngine
from bot.turns.turn import Parts


@dataclass(frozen=True)
class Shared:
    """Parts that every channel uses."""

    settings: Settings
    database: Database
    engine: TurnEngine
    parts: Parts
    notifier: Notifier
    rate_limit: RateLimit
