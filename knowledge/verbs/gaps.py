"""``gaps``: what only counsellors can fill in."""

from __future__ import annotations

import typer

from knowledge.gaps import as_text, find_gaps
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, ContentFolder, OnDay, day_of


def run(content: ContentFolder = DEFAULT_CONTENT, on: OnDay = None) -> None:
    """List what counsellors must fill in: unknown contact details, reviews and figures that run out, drafts."""
    loaded = load_content(content)
    typer.echo(as_text(find_gaps(loaded, day_of(on))))
    if loaded.problems:
        typer.echo("What cannot be read is left out: run `python -m knowledge check`.", err=True)
