"""``stamp``: the translations match the Finnish text."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import ValidationError

from knowledge.editing import CannotEdit
from knowledge.output import InLanguage, told_in, words
from knowledge.stamp import stamp


def run(files: list[Path], lang: InLanguage = None) -> None:
    """Say that the translations of these files match the Finnish text."""
    said = words("stamp", told_in(lang))
    failed = False
    for path in files:
        try:
            typer.echo(said["stamped" if stamp(path) else "unchanged"].format(path=path))
        except FileNotFoundError:
            failed = True
            typer.echo(said["not_there"].format(path=path), err=True)
        except (ValidationError, CannotEdit):
            failed = True
            typer.echo(said["refused"].format(path=path), err=True)
    if failed:
        raise typer.Exit(1)
