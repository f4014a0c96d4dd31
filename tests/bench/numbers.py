"""Percentiles and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z95 = 1.959964


def percentile_ms(seconds: Sequence[float], rank: float) -> float | None:
    """A percentile of times in milliseconds; None of nothing."""
    return round(float(np.percentile(seconds, rank)) * 1000, 2) if seconds else None


def median(values: Sequence[float]) -> float:
    """The median, with two decimals."""
    return round(float(np.median(values)), 2)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, Z95**2
    middle = share + square / (2 * total)
    spread = Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    below = 1 + square / total
    return round(max(0.0, (middle - spread) / below), 4), round(min(1.0, (middle + spread) / below), 4)
