"""Runs turns: receives, lets the steps work, stores, delivers. One turn at a time in a conversation."""

from __future__ import annotations

import asyncio
import secrets
import time
import unicodedata
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from prometheus_client import Counter, Histogram

from bot.conversation import Conversation
from bot.conversations.database import OUTAGE
from bot.conversations.store import Also
from bot.dialogue import DialogueUnavailable
from bot.language import direction
from bot.messages import Message
from bot.notify import DESK, Notifier
from bot.status import Status
from bot.turns import compose
from bot.turns.steps import STEPS, statistics
from bot.turns.turn import Parts, Turn
from knowledge.markdown import as_html_text

log = structlog.get_logger(__name__)

TURNS = Counter("elo_turns_total", "Turns by status", ["status", "channel"])
SECONDS = Histogram("elo_turn_seconds", "Time of a turn", buckets=(0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 1, 3))

LONGEST = 2000
"""Characters in a message at most."""

WEB = "web"
"""The channel of everybody who has a token."""

UNSEEN = {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn"}
"""Kinds of characters that show nothing by themselves."""


class Unreadable(Exception):
    """A message that cannot be taken. The message says why, and what to do."""


class TurnEngine:
    """The one way into a conversation, for every channel."""

    def __init__(self, parts: Parts, notifier: Notifier) -> None:
        self._parts = parts
        self._notifier = notifier
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: defaultdict[str, int] = defaultdict(int)
        self._running = 0

    async def take(
        self,
        conversation_id: str,
        token: str,
        *,
        client_id: str,
        text: str | None = None,
        payload: str | None = None,
        title: str = "",
    ) -> tuple[Message, list[Message]]:
        """One turn of a stored conversation on the web: the message as stored, and the replies.

        A client id that was seen before gives the replies of then. Raises ``Unreadable``, ``UnknownConversation``,
        ``WrongToken``, and the errors of ``OUTAGE`` when the message could not be stored.
        """
        read = partial(self._parts.store.read, conversation_id, token)
        return await self._take(conversation_id, WEB, read, client_id, text, payload, title)

    async def take_from(
        self,
        channel: str,
        conversation_id: str,
        *,
        client_id: str,
        text: str | None = None,
        payload: str | None = None,
        title: str = "",
    ) -> tuple[Message, list[Message]]:
        """The same for a channel of this very process, which knows by other means whose conversation it is."""
        read = partial(self._parts.store.find, conversation_id)
        return await self._take(conversation_id, channel, read, client_id, text, payload, title)

    async def _take(
        self,
        conversation_id: str,
        channel: str,
        read: Callable[[], Awaitable[Conversation]],
        client_id: str,
        text: str | None,
        payload: str | None,
        title: str,
    ) -> tuple[Message, list[Message]]:
        words = readable(text) if payload is None else title
        async with self._one_at_a_time(conversation_id):
            conversation = await read()
            if conversation.channel != channel:
                await self._parts.store.move(conversation_id, channel)
                conversation.channel = channel
            received = _received(words, payload, client_id, conversation, self._parts)
            received, ended = await self._parts.store.receive(conversation_id, received)
            if ended:
                return received, await self._parts.store.replies(conversation_id, received.id)
            turn = Turn(conversation, received, words, payload)
            took_ms = await self._run(turn)
            replies = await self._close(turn, received, took_ms)
        self._notifier.tell(conversation_id)
        if conversation.state.has_case or conversation.owner == "human" or turn.withdraw:
            self._notifier.tell(DESK)
        return received, replies

    async def ask(self, conversation: Conversation, question: str, *, explain: bool) -> tuple[Turn, float]:
        """One question of which nothing is kept; the turn, and how many milliseconds it took. Raises ``Unreadable``."""
        words = readable(question)
        conversation.kept = False
        conversation.id = f"ask-{secrets.token_hex(8)}"
        received = _received(words, None, "", conversation, self._parts)
        turn = Turn(conversation, received, words, explain=explain)
        took_ms = await self._run(turn)
        return turn, took_ms

    async def erase(self, conversation_id: str) -> None:
        """Erase a conversation everywhere. Raises the errors of ``OUTAGE``, or ``DialogueUnavailable`` when Rasa's part stays."""
        async with self._one_at_a_time(conversation_id):
            await self._parts.dialogue.erase(conversation_id)
            await self._parts.store.erase(conversation_id)
        self._notifier.tell(conversation_id)

    async def _run(self, turn: Turn) -> float:
        started = time.perf_counter()
        turn.alone = self._running == 0
        self._running += 1
        try:
            for step in STEPS:
                before = time.perf_counter()
                await step(turn, self._parts)
                turn.steps_ms[step.__name__] = round((time.perf_counter() - before) * 1000, 3)
        except OUTAGE:
            raise
        except Exception:
            log.exception("turn.failed", conversation=turn.conversation.id)
            turn.status = Status.failed
            turn.replies = [compose.unavailable(turn, self._parts)]
        finally:
            self._running -= 1
        turn.conversation.last_at = self._parts.now()
        took = time.perf_counter() - started
        SECONDS.observe(took)
        TURNS.labels(status=turn.status or Status.failed, channel=turn.conversation.channel).inc()
        log.info("turn", status=turn.status, took_ms=round(took * 1000, 1), language=turn.language, text=turn.redacted)
        return round(took * 1000, 1)

    async def _close(self, turn: Turn, received: Message, took_ms: float) -> list[Message]:
        if turn.erase:
            try:
                await self._parts.dialogue.erase(turn.conversation.id)
                await self._parts.store.erase(turn.conversation.id)
                return turn.replies
            except DialogueUnavailable:
                log.error("erase.tracker_left", conversation=turn.conversation.id)
                turn.replies = [compose.unavailable(turn, self._parts)]
        row = statistics(turn, self._parts, took_ms)
        return await self._parts.store.end_turn(
            turn.conversation, received, turn.replies, row, self._also(turn), settles=turn.settles
        )

    def _also(self, turn: Turn) -> Also | None:
        """What the turn does to cases, in the transaction in which it ends."""
        conversation = turn.conversation
        if turn.hand_off is not None:
            return partial(self._parts.handoff.begin, conversation=conversation, draft=turn.hand_off)
        if turn.withdraw:
            return partial(self._parts.cases.withdraw_in, conversation_id=conversation.id)
        return None

    @asynccontextmanager
    async def _one_at_a_time(self, conversation_id: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]


def readable(text: str | None) -> str:
    """The text to work with. Raises ``Unreadable`` when it is empty, too long, or not text."""
    if text is None:
        raise Unreadable("Write a message, or press a button.")
    if any(unicodedata.category(sign) == "Cs" for sign in text) or "\x00" in text:
        raise Unreadable("The message is not readable text. Type it again.")
    words = unicodedata.normalize("NFC", text).strip()
    if len(words) > LONGEST:
        raise Unreadable(f"The message has {len(words)} characters, but at most {LONGEST} fit. Say it in fewer words.")
    if all(unicodedata.category(sign) in UNSEEN for sign in words):
        raise Unreadable("The message is empty. Write what you would like to know.")
    return words


def _received(words: str, payload: str | None, client_id: str, conversation: Conversation, parts: Parts) -> Message:
    language = conversation.language or "en"
    return Message(
        at=parts.now(),
        sender="newcomer",
        kind="text",
        text=words or (payload or ""),
        html=as_html_text(words or (payload or "")),
        language=language,
        dir=direction(language),
        client_id=client_id,
    )
