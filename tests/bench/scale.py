"""How much is measured: the full benchmark, and a quick one that only shows that it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT

FOLDER = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Scale:
    """Counts and times of every part."""

    quick: bool = False
    epochs: int = 100
    """Epochs of ResponseSelector."""
    diet_epochs: int = 100
    """Epochs of DIETClassifier, which only tells questions from what is out of scope."""
    examples: int | None = None
    """How many examples of each intent the stock FAQ is trained on; None for all."""
    questions: int | None = None
    """How many evaluation questions are asked; None for all."""
    rounds: int = 3
    turns_a_round: int = 60
    clients: int = 8
    closed_seconds: float = 20.0
    rates: tuple[int, ...] = (10, 20, 30)
    open_seconds: float = 60.0
    load_before_memory: int = 200
    starts: int = 3
    sizes: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    index_queries: int = 300
    encodings: int = 200
    desk_cases: int = 20_000
    desk_conversations: int = 500
    """How many of them newcomers watch while the expert writes."""
    desk_seconds: float = 60.0
    desk_pages: int = 100
    updates_a_second: int = 50
    telegram_seconds: float = 60.0
    kills: int = 200

    @property
    def results(self) -> Path:
        """Where results are kept as JSON."""
        return FOLDER / "quick" / "results.json" if self.quick else FOLDER / "results.json"

    @property
    def page(self) -> Path:
        """The page of tables. A quick run leaves the documentation alone."""
        return FOLDER / "quick" / "figures-bench.md" if self.quick else ROOT / "docs" / "figures-bench.md"


FULL = Scale()
QUICK = Scale(
    quick=True,
    epochs=2,
    diet_epochs=2,
    examples=4,
    questions=40,
    rounds=1,
    turns_a_round=10,
    closed_seconds=5.0,
    open_seconds=5.0,
    load_before_memory=20,
    starts=1,
    sizes=(1_000, 10_000),
    index_queries=50,
    encodings=20,
    desk_cases=400,
    desk_conversations=20,
    desk_seconds=5.0,
    desk_pages=10,
    updates_a_second=10,
    telegram_seconds=5.0,
    kills=3,
)
