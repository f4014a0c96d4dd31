"""``stale``: what has grown old, the worst first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from knowledge.gaps import SOON
from knowledge.load import load_content
from knowledge.output import (
    DEFAULT_CONTENT,
    AsJson,
    ContentFolder,
    InLanguage,
    OnDay,
    day_of,
    told_in,
    words,
    write_json,
    write_table,
)
from knowledge.stale import KINDS, READ_AGAIN_AFTER, Stale, find_stale

STYLES = {"figure_ended": "red", "answer_ended": "red", "review_overdue": "red", "translation_behind": "yellow"}


def run(
    content: ContentFolder = DEFAULT_CONTENT,
    on: OnDay = None,
    read_again: Annotated[int, typer.Option("--read-again", min=1, help="Days after which a source is to be read again.")] = (
        READ_AGAIN_AFTER.days
    ),
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """List what has grown old or soon will: figures, answers, reviews, translations and sources, the worst first."""
    loaded = load_content(content)
    stale = find_stale(loaded, day_of(on), dt.timedelta(days=read_again))
    said = words("stale", told_in(lang))
    if as_json:
        write_json([asdict(each) for each in stale])
    else:
        _tell(stale, said, read_again)
    if loaded.problems:
        typer.echo(said["unreadable"], err=True)


def _tell(stale: list[Stale], said: Mapping[str, str], read_again: int) -> None:
    counts = Counter(each.kind for each in stale)
    for kind in KINDS:
        if counts[kind]:
            typer.echo(said[f"count_{kind}"].format(count=counts[kind], soon=SOON.days, read_again=read_again))
    if not stale:
        typer.echo(said["nothing"])
        return
    table = Table(header_style="bold")
    for column in ("kind", "day", "about", "more"):
        table.add_column(said[column], overflow="fold", no_wrap=column in ("kind", "day"))
    for each in stale:
        more = ", ".join(each.more)
        table.add_row(said[f"kind_{each.kind}"], str(each.day or ""), each.about, more, style=STYLES.get(each.kind))
    write_table(table)
