"""Memory of each process after load."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.bench.load import endless_questions, one_client
from tests.bench.scale import Scale
from tests.bench.systems import Systems

PROC = Path("/proc")


def measure_memory(scale: Scale, systems: Systems) -> dict[str, Any]:
    """Rss and Pss in MB of each process with its children, after some turns."""
    asyncio.run(_load(scale, systems))
    return {
        "turns_before": scale.load_before_memory,
        "guide: service": memory_of(systems.guide.service_process.pid),
        "guide: Rasa": memory_of(systems.guide.rasa_process.pid),
        "stock: Rasa": memory_of(systems.stock.process.pid),
    }


def memory_of(pid: int) -> dict[str, float]:
    """Rss and Pss in MB, summed over the process group that ``pid`` leads."""
    total = {"rss_mb": 0.0, "pss_mb": 0.0}
    for member in _group(pid):
        for line in (PROC / str(member) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                total[f"{name.lower()}_mb"] += int(rest.split()[0]) * 1024 / 1e6
    return {name: round(value, 1) for name, value in total.items()}


def _group(pid: int) -> list[int]:
    members = []
    for path in PROC.glob("[0-9]*/stat"):
        try:
            after_name = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[2]) == pid and after_name[0] != "Z":
            members.append(int(path.parent.name))
    return members


async def _load(scale: Scale, systems: Systems) -> None:
    async with systems.clients() as clients:
        for client in clients:
            await one_client(client, endless_questions(), scale.load_before_memory)
