"""Rasa's SQL tracker store, keeping less: nothing of single questions, no vectors, and erasable."""

from __future__ import annotations

import copy
from typing import Any, Iterator, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

UNKEPT = "ask-"
"""Senders of a single question (``POST /api/v1/ask``) begin so. Nothing is kept of them."""


class SparingTrackerStore(SQLTrackerStore):
    """Keeps what the dialogue needs to go on, and no more.

    ``host`` is the ``url`` of ``endpoints.yml``: an SQLAlchemy address such as ``sqlite:///var/rasa.db`` or ``postgresql://…``.
    """

    def __init__(
        self,
        host: str = "sqlite:///var/rasa.db",
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _use_write_ahead_log)

    async def save(self, tracker: DialogueStateTracker) -> None:
        if not tracker.sender_id.startswith(UNKEPT):
            await super().save(tracker)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        if sender_id.startswith(UNKEPT):
            return None
        return await super().retrieve(sender_id)

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        for event in super()._additional_events(session, tracker):
            if isinstance(event, UserUttered):
                event = copy.copy(event)
                event.metadata = {}
                event.parse_data = {key: value for key, value in event.parse_data.items() if key != "metadata"}
            elif isinstance(event, SlotSet) and event.key == SESSION_START_METADATA_SLOT:
                event = copy.copy(event)
                event.value = {}
            yield event

    def erase(self, sender_id: str) -> int:
        """Delete every event of a conversation; returns how many there were."""
        with self.session_scope() as session:
            count: int = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()
            return count


def _use_write_ahead_log(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=3000")
    cursor.close()
