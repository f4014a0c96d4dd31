"""Updates of Telegram at a fixed rate, against a Bot API server on this machine: how long until the reply stands in the chat."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.load import endless_questions
from tests.bench.numbers import percentile_ms
from tests.bench.scale import FOLDER, Scale
from tests.live_guide import LiveGuide, settings_for_tests
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.person import Person

PEOPLE = 250
"""Enough that nobody writes more often than ``ELO_QUESTIONS_PER_MINUTE`` allows."""

DRAIN_SECONDS = 120.0
"""What has not been answered so long after the last update is lost."""

KINDS = ("questions", "emergencies")
"""Questions take the whole way; emergencies are answered by rules, without Rasa, and show what the channel itself costs."""


def measure_telegram(scale: Scale) -> dict[str, Any]:
    """For each kind: the rate, how many were answered and lost, and the times to the reply."""
    return asyncio.run(_measure(scale))


async def _measure(scale: Scale) -> dict[str, Any]:
    api = BotApi()
    await api.start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="telegram-", dir=FOLDER) as folder:
        guide = LiveGuide(settings_for_tests(Path(folder), telegram_token=TOKEN, telegram_api_url=api.url))
        try:
            await asyncio.to_thread(guide.start)
            return {"rows": [await _load(api, kind, scale) for kind in KINDS]}
        finally:
            await asyncio.to_thread(guide.stop)
            await api.stop()


async def _load(api: BotApi, kind: str, scale: Scale) -> dict[str, Any]:
    people = [Person(api) for _ in range(PEOPLE)]
    for person in people:
        await person.write("/start")
    await api.until(lambda: all(person.told for person in people), "everybody to be greeted", DRAIN_SECONDS)
    greeted = len(api.called("sendMessage"))
    count = round(scale.updates_a_second * scale.telegram_seconds)
    texts = list(islice(endless_questions(), count)) if kind == "questions" else ["my house is on fire"] * count
    sent: dict[int, list[float]] = {person.id: [] for person in people}
    began = time.monotonic()
    for number, text in enumerate(texts):
        await asyncio.sleep(max(0.0, began + number / scale.updates_a_second - time.monotonic()))
        person = people[number % PEOPLE]
        sent[person.id].append(time.monotonic())
        await person.write(text)
    with suppress(TimeoutError):  # what did not come is counted as lost
        await api.until(lambda: all(_came(api, greeted, each) >= len(sent[each]) for each in sent), "replies", DRAIN_SECONDS)
    waited = [seconds for each, times in sent.items() for seconds in _waited(api, greeted, each, times)]
    return {
        "kind": kind,
        "a_second": scale.updates_a_second,
        "sent": count,
        "lost": count - len(waited),
        **{f"p{rank}_ms": percentile_ms(waited, rank) for rank in (50, 95, 99)},
    }


def _came(api: BotApi, after: int, chat_id: int) -> int:
    return sum(call.chat_id == chat_id for call in api.called("sendMessage")[after:])


def _waited(api: BotApi, after: int, chat_id: int, times: Sequence[float]) -> list[float]:
    """Seconds from each update to what came first after it in the chat, before the next one: a reply may have several parts."""
    came = [call.at for call in api.called("sendMessage")[after:] if call.chat_id == chat_id]
    waited: list[float] = []
    for at in times:
        came = [each for each in came if each >= at]
        if came:
            waited.append(came.pop(0) - at)
    return waited
