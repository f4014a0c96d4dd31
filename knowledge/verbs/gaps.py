"""``gaps``: what only counsellors can fill in."""

from __future__ import annotations

from dataclasses import asdict

import typer

from knowledge.gaps import find_gaps
from knowledge.gaps_told import as_text
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, OnDay, day_of, told_in, words, write_json


def run(content: ContentFolder = DEFAULT_CONTENT, on: OnDay = None, as_json: AsJson = False, lang: InLanguage = None) -> None:
    """List what counsellors must fill in: unknown contact details, reviews and figures that run out, drafts."""
    loaded = load_content(content)
    gaps = find_gaps(loaded, day_of(on))
    language = told_in(lang)
    said = words("gaps", language)
    if as_json:
        write_json([asdict(each) for each in gaps])
    else:
        typer.echo(as_text(gaps, said, language))
    if loaded.problems:
        typer.echo(said["unreadable"], err=True)
