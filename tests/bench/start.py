"""How long a second start takes until questions can be answered."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.numbers import median
from tests.bench.scale import Scale
from tests.bench.systems import LiveStock, Systems
from tests.live_guide import LiveGuide


def measure_start(scale: Scale, systems: Systems) -> dict[str, Any]:
    """Start each system again while the other one is stopped; seconds to ready. Leaves both stopped: this part comes last."""
    systems.guide.stop()
    systems.stock.stop()
    times: dict[str, list[float]] = {"guide": [], "stock": []}
    for number in range(scale.starts):
        for name, system in (("guide", systems.guide), ("stock", systems.stock)):
            times[name].append(_start(system))
            print(f"start: {name} {number + 1}: {times[name][-1]:.1f} s", flush=True)
            system.stop()
    return {name: {"median_s": median(found), "all_s": [round(each, 1) for each in found]} for name, found in times.items()}


def _start(system: LiveGuide | LiveStock) -> float:
    started = time.monotonic()
    system.start()
    return time.monotonic() - started
