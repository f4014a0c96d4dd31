"""A lock store for one Rasa process that lets the next message in at once, not at the next second."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Dict, Optional

from rasa.core.constants import DEFAULT_LOCK_LIFETIME
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.utils.endpoints import EndpointConfig


class QueueLockStore(InMemoryLockStore):
    """Messages of one conversation are handled one at a time, in the order in which they came.

    Rasa's own stores look once a second whether it is their turn; here the next in the queue is woken when the one
    before it is done. For one Rasa process only: several processes need Rasa's Redis lock store (``ELO_REDIS_URL``).
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None) -> None:
        super().__init__()
        self._queues: Dict[str, asyncio.Lock] = {}
        self._users: Dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = DEFAULT_LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for the conversation's turn, at most ``lock_lifetime`` seconds; raises ``LockError`` after that."""
        queue = self._queues.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            try:
                await asyncio.wait_for(queue.acquire(), lock_lifetime)
            except TimeoutError:
                raise LockError(f"Could not acquire lock for conversation_id '{conversation_id}'.") from None
            try:
                yield TicketLock(conversation_id)
            finally:
                queue.release()
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._queues[conversation_id]
