"""The whole guide killed again and again under a load of hand-offs: what is lost, double, said out of turn, stuck."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.scale import FOLDER, Scale
from tests.handoff.guide_kills import EXPERTS, NEWCOMERS, RASA_EVERY, kill_again_and_again


def measure_kills(scale: Scale) -> dict[str, Any]:
    """Counts, and each fault in words."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kills-", dir=FOLDER) as folder:
        found = kill_again_and_again(Path(folder), scale.kills)
    faults = {"lost": found.lost, "twice": found.twice, "spoken_over": found.spoken_over, "stuck": found.stuck}
    for kind, each in faults.items():
        print(f"kills: {kind}: {each or 'none'}", flush=True)
    return {
        "newcomers": NEWCOMERS,
        "experts": len(EXPERTS),
        "rasa_every": RASA_EVERY,
        "rounds": found.rounds,
        "acknowledged": found.acknowledged,
        "cases": found.cases,
        "closed": found.closed,
        **{kind: len(each) for kind, each in faults.items()},
    }
