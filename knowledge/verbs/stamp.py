"""``stamp``: the translations match the Finnish text."""

from __future__ import annotations

from pathlib import Path

import typer

from knowledge.stamp import stamp


def run(files: list[Path]) -> None:
    """Say that the translations of these files match the Finnish text."""
    for path in files:
        typer.echo(f"{path}: {'stamped' if stamp(path) else 'unchanged'}")
