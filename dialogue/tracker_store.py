"""Rasa's SQL tracker store, keeping and reading less: nothing of single questions, no vectors, the last turns; and erasable."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any, Dict, Iterator, List, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

UNKEPT = "ask-"
"""Senders of a single question (``POST /api/v1/ask``) begin so. Nothing is kept of them."""

TURNS_READ = 6
"""So many of the last turns make the tracker: two more than the policies look back (``max_history`` in config.yml)."""

STILL_HOLDS = (SlotSet.type_name, ActiveLoop.type_name)
"""Events of earlier turns that hold until the next of their kind and name."""

BEGINS_ANEW = (SessionStarted.type_name, Restarted.type_name, AllSlotsReset.type_name)
"""Events after which nothing earlier holds."""


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
            self._keep_connections()

    def _keep_connections(self) -> None:
        """Rasa opens and closes an SQLite file for every read and write of a tracker; with a pool it stays open."""
        url = self.engine.url
        self.engine.dispose()
        self.engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})
        sa.event.listen(self.engine, "connect", _use_write_ahead_log)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker of the last ``TURNS_READ`` turns, with the slots and the form that were set before them.

        Rasa reads every event since the session began, so that each turn of a conversation takes longer than the one
        before: about 1 ms more, 100 ms after a hundred turns. Here a turn costs the same however long the conversation is.
        """
        if sender_id.startswith(UNKEPT):
            return None
        with self.session_scope() as session:
            events = self._last_events(session, sender_id)
        if not events or self.domain is None:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.stored_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        if tracker.sender_id.startswith(UNKEPT):
            return
        await super().save(tracker)
        tracker.stored_events = len(tracker.events)

    def _last_events(self, session: Any, sender_id: str) -> List[Dict[str, Any]]:
        """The events that make the tracker, oldest first, as they are stored."""
        row = self.SQLEvent
        of_sender = session.query(row.id).filter(row.sender_id == sender_id)
        turn = of_sender.filter(row.type_name == UserUttered.type_name).order_by(row.id.desc())
        first = turn.offset(TURNS_READ - 1).limit(1).scalar() or 0
        anew = of_sender.filter(row.type_name.in_(BEGINS_ANEW)).order_by(row.id.desc()).limit(1).scalar() or 0
        held = (
            session.query(sa.func.max(row.id))
            .filter(row.sender_id == sender_id, row.type_name.in_(STILL_HOLDS), row.id > anew, row.id < first)
            .group_by(row.type_name, row.action_name)
        )
        ids = sorted(number for (number,) in held) if first > anew else []
        wanted = sa.or_(row.id >= max(first, anew), row.id.in_(ids))
        rows = session.query(row.id, row.data).filter(row.sender_id == sender_id, wanted).order_by(row.id).all()
        events = [json.loads(data) for _, data in rows]
        if first > anew:
            start = sum(number < first for number, _ in rows)
            events.insert(start, _listening(events[start]["timestamp"]))
        return events

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        stored = getattr(tracker, "stored_events", None)
        if stored is None:  # not read from here: a new conversation
            unstored = super()._additional_events(session, tracker)
        else:
            unstored = itertools.islice(tracker.events, stored, None)
        for event in unstored:
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


def _listening(timestamp: float) -> Dict[str, Any]:
    """The wait for the first turn that is read, as every session begins with it.

    Without it Rasa's memoization fails when all turns that were read belong to a form: it leaves those out, nothing is left,
    and it looks at the last of nothing.
    """
    return ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp).as_dict()


def _use_write_ahead_log(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=3000")
    cursor.close()
