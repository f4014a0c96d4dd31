"""How long a turn takes, and how many the systems bear: both in one run, by turns."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from tests.bench.clients import Client
from tests.bench.load import Measured, closed_loop, endless_questions, one_client, open_loop, settle
from tests.bench.numbers import median, percentile_ms
from tests.bench.scale import Scale
from tests.bench.systems import Systems


def measure_turns(scale: Scale, systems: Systems) -> dict[str, Any]:
    """One client, clients in a closed loop, and messages at fixed rates."""
    return asyncio.run(_measure(scale, systems))


async def _measure(scale: Scale, systems: Systems) -> dict[str, Any]:
    async with systems.clients() as clients:
        texts = {client.name: endless_questions() for client in clients}
        for client in clients:
            await one_client(client, texts[client.name], scale.turns_a_round)
        return {
            "one_client": await _one_client(scale, clients, texts),
            "closed_loop": await _closed_loop(scale, clients, texts),
            "open_loop": await _open_loop(scale, clients, texts),
        }


async def _one_client(scale: Scale, clients: list[Client], texts: dict[str, Iterator[str]]) -> dict[str, Any]:
    measured = {client.name: Measured() for client in clients}
    for number in range(scale.rounds):
        for client in _by_turns(clients, number):
            found = await one_client(client, texts[client.name], scale.turns_a_round)
            into = measured[client.name]
            into.seconds += found.seconds
            into.failed += found.failed
            into.lost += found.lost
    return {name: found.summary() for name, found in measured.items()}


async def _closed_loop(scale: Scale, clients: list[Client], texts: dict[str, Iterator[str]]) -> dict[str, Any]:
    rates: dict[str, list[float]] = {client.name: [] for client in clients}
    seconds: dict[str, list[float]] = {client.name: [] for client in clients}
    bad = dict.fromkeys(rates, 0)
    for number in range(scale.rounds):
        for client in _by_turns(clients, number):
            await settle(client, texts[client.name])
            found = await closed_loop(client, texts[client.name], scale.clients, scale.closed_seconds)
            rates[client.name].append(len(found.seconds) / found.took)
            seconds[client.name] += found.seconds
            bad[client.name] += found.failed + found.lost
            print(f"turns: {scale.clients} clients, {client.name}: {rates[client.name][-1]:.1f} turns/s", flush=True)
    return {
        name: {
            "clients": scale.clients,
            "turns_per_s": median(rates[name]),
            "rounds": [round(rate, 2) for rate in rates[name]],
            "p50_ms": percentile_ms(seconds[name], 50),
            "p95_ms": percentile_ms(seconds[name], 95),
            "failed_or_lost": bad[name],
        }
        for name in rates
    }


async def _open_loop(scale: Scale, clients: list[Client], texts: dict[str, Iterator[str]]) -> list[dict[str, Any]]:
    rows = []
    for number, rate in enumerate(scale.rates):
        for client in _by_turns(clients, number):
            await settle(client, texts[client.name])
            found = (await open_loop(client, texts[client.name], rate, scale.open_seconds)).summary()
            print(f"turns: {rate} messages/s, {client.name}: {found}", flush=True)
            rows.append({"system": client.name, "rate": rate, "seconds": scale.open_seconds, **found})
    return rows


def _by_turns(clients: list[Client], number: int) -> list[Client]:
    """The one that went second goes first in the next round."""
    return clients if number % 2 == 0 else clients[::-1]
