"""How long it takes to encode a question."""

from __future__ import annotations

import os
import time
from typing import Any

from tests.bench.numbers import percentile_ms
from tests.bench.published import published
from tests.bench.scale import Scale

QUESTIONS = {
    "short": "Mistä saan verokortin?",
    "long": (
        "Hello, I moved to Joensuu from Vietnam two months ago because my wife works at the hospital, and I have a residence "
        "permit on the basis of family ties. I would like to know how I can register my home municipality, whether I have the "
        "right to Kela benefits before I find work, where I can study Finnish in the evenings, and who helps me to get my "
        "diploma as an electrician recognised, since every office that I have called so far has sent me on to another one."
    ),
}


def measure_encode(scale: Scale) -> dict[str, Any]:
    """Median and 95th percentile for a short and a long question."""
    _, encoder = published()
    rows: dict[str, Any] = {"encoder": encoder.name, "omp_num_threads": os.environ.get("OMP_NUM_THREADS")}
    for name, question in QUESTIONS.items():
        encoder.encode([question])
        seconds = []
        for _ in range(scale.encodings):
            started = time.perf_counter()
            encoder.encode([question])
            seconds.append(time.perf_counter() - started)
        times = {"p50_ms": percentile_ms(seconds, 50), "p95_ms": percentile_ms(seconds, 95)}
        rows[name] = {"words": len(question.split()), **times}
    return rows
