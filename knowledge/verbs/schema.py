"""``schema``: the JSON Schemas that editors use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from knowledge.load import CONTENT
from knowledge.schema import write_schemas


def run(folder: Annotated[Path, typer.Option(help="Where to write.")] = CONTENT / "schema") -> None:
    """Write the JSON Schemas that editors use."""
    for path in write_schemas(folder):
        typer.echo(str(path))
