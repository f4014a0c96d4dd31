"""``python -m tests.bench [--quick] [part …]``: measure, print the tables, keep them as JSON and as a page."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shlex
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench.accuracy import measure_accuracy
from tests.bench.desk import measure_desk
from tests.bench.encode import measure_encode
from tests.bench.index import measure_index
from tests.bench.kills import measure_kills
from tests.bench.machine import load_average, machine, now
from tests.bench.memory import measure_memory
from tests.bench.report import page
from tests.bench.scale import FULL, QUICK, Scale
from tests.bench.start import measure_start
from tests.bench.stock_training import measure_stock
from tests.bench.systems import Systems
from tests.bench.telegram import measure_telegram
from tests.bench.turns import measure_turns
from tests.bench.widget import measure_widget

PARTS: dict[str, Callable[[Scale, Systems], dict[str, Any]]] = {
    "stock": lambda scale, _: measure_stock(scale),
    "encode": lambda scale, _: measure_encode(scale),
    "index": lambda scale, _: measure_index(scale),
    "accuracy": measure_accuracy,
    "turns": measure_turns,
    "memory": measure_memory,
    "widget": measure_widget,
    "desk": lambda scale, _: measure_desk(scale),
    "telegram": lambda scale, _: measure_telegram(scale),
    "start": measure_start,
    "kills": lambda scale, _: measure_kills(scale),
}
"""In the order in which they run."""


def main() -> None:
    """Measure the named parts, or all. What was measured earlier on this machine stays in the tables, with its own date."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure the guide beside a stock Rasa FAQ.")
    parser.add_argument("--quick", action="store_true", help="small counts: shows that it runs, the figures mean nothing")
    parser.add_argument("--epochs", type=int, help="train the stock FAQ's ResponseSelector so long instead of 100 epochs")
    parser.add_argument("--diet-epochs", type=int, help="train its DIETClassifier so long instead of 100 epochs")
    parser.add_argument("--examples", type=int, help="train the stock FAQ on so many examples of each answer instead of all")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all when none is named")
    chosen = parser.parse_args()
    unknown = [part for part in chosen.parts if part not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}. Use {', '.join(PARTS)}.")
    scale = QUICK if chosen.quick else FULL
    given = {"epochs": chosen.epochs, "diet_epochs": chosen.diet_epochs, "examples": chosen.examples}
    scale = dataclasses.replace(scale, **{name: count for name, count in given.items() if count})
    results = _earlier(scale)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Systems(scale) as systems:
        for part, measure in PARTS.items():
            if chosen.parts and part not in chosen.parts:
                continue
            print(f"== {part}", flush=True)
            load, started = load_average(), time.monotonic()
            measured = measure(scale, systems)
            took = round(time.monotonic() - started, 1)
            results["parts"][part] = {
                "at": now(),
                "command": _command(),
                "load_before": load,
                "took_s": took,
                "measured": measured,
            }
            _keep(scale, results)
    print(scale.page.read_text(encoding="utf-8"))


def _earlier(scale: Scale) -> dict[str, Any]:
    fresh: dict[str, Any] = {"machine": machine(), "quick": scale.quick, "parts": {}}
    if not scale.results.exists():
        return fresh
    earlier: dict[str, Any] = json.loads(scale.results.read_text(encoding="utf-8"))
    return earlier if earlier["machine"] == fresh["machine"] else fresh


def _keep(scale: Scale, results: dict[str, Any]) -> None:
    scale.results.parent.mkdir(parents=True, exist_ok=True)
    scale.results.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    scale.page.parent.mkdir(parents=True, exist_ok=True)
    scale.page.write_text(page(results), encoding="utf-8")


def _command() -> str:
    return shlex.join(["script/bench", *sys.argv[1:]])


if __name__ == "__main__":
    main()
