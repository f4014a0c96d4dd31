"""``publish``: the content goes live, or nothing changes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from bot.settings import SettingsError, read_settings
from knowledge.encoder import make_encoder
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, ContentFolder
from knowledge.snapshot import ContentRefused, content_fingerprint, published_content
from knowledge.snapshot import publish as publish_content


def run(
    content: ContentFolder = DEFAULT_CONTENT,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Do nothing when this content is published already.")] = False,
) -> None:
    """Publish the content. What is live stays live when there is an error."""

    try:
        settings = read_settings()
        encoder = make_encoder(settings.encoder)
    except (SettingsError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if if_changed and published_content(settings.snapshot_dir) == (content_fingerprint(content), encoder.name):
        typer.echo("This content is published already.")
        return
    try:
        manifest = publish_content(load_content(content), settings.snapshot_dir, encoder, dt.datetime.now(dt.UTC))
    except ContentRefused as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"Not published: {refused}. What was live before is still live.", err=True)
        raise typer.Exit(1) from refused
    typer.echo(f"Published {manifest.id}: {manifest.answers} answers, {manifest.examples} examples.")
