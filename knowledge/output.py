"""How the verbs speak: colours, tables and progress where a person looks, plain text or JSON where a program reads."""

from __future__ import annotations

import datetime as dt
import json
import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from knowledge.load import CONTENT

ContentFolder = Annotated[Path, typer.Option("--content", envvar="ELO_CONTENT_DIR", help="The content folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
OnDay = Annotated[dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of another day.")]
InLanguage = Annotated[str | None, typer.Option("--lang", help="fi or en. Else the language of the terminal.")]

DEFAULT_CONTENT = CONTENT
TOLD_IN = ("fi", "en")
PLAIN_WIDTH = 10_000
TEXTS = Path(__file__).resolve().parent / "verbs" / "texts"


def day_of(on: dt.datetime | None) -> dt.date:
    """The day asked for, or today."""
    return on.date() if on else dt.date.today()


def told_in(language: str | None) -> str:
    """The language in which a verb tells: the one asked for, else Finnish on a Finnish terminal, else English.

    Raises ``typer.BadParameter`` for another language.
    """
    if language is None:
        spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
        return "fi" if spoken.lower().startswith("fi") else "en"
    if language not in TOLD_IN:
        raise typer.BadParameter(f"use {' or '.join(TOLD_IN)}", param_hint="--lang")
    return language


@cache
def words(verb: str, language: str) -> dict[str, str]:
    """What a verb says, in one of ``TOLD_IN``: the lines of ``verbs/texts/<verb>.yml`` by their keys, values left open."""
    catalogue: dict[str, dict[str, str]] = yaml.safe_load((TEXTS / f"{verb}.yml").read_text(encoding="utf-8"))
    return catalogue[language]


def console(*, errors: bool = False) -> Console:
    """Where to write. Colours, and the width of the window, only where a person looks."""
    return Console(stderr=errors, highlight=False, soft_wrap=True)


def write_table(table: Table) -> None:
    """A table with lines in the width of the window; for a program one row a line, whole, in columns of text."""
    where = console()
    if where.is_terminal:
        where.print(table)
        return
    table.box = None
    plain = Console(width=PLAIN_WIDTH, highlight=False, color_system=None)
    with plain.capture() as told:
        plain.print(table)
    typer.echo("\n".join(line.rstrip() for line in told.get().splitlines()))


def write_json(data: Any) -> None:
    """``data`` as JSON on standard output. Dates become ISO text."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
