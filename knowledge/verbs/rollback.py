"""``rollback``: an older snapshot is live again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from bot.settings import SettingsError, read_settings
from knowledge.history import roll_back
from knowledge.output import AsJson, InLanguage, told_in, words, write_json
from knowledge.published import NothingPublished
from knowledge.publishing_lock import PublishedElsewhere


def run(
    identifier: Annotated[str | None, typer.Argument(metavar="[ID]", help="From `history`. Else what was live before.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="The role of whoever goes back, for the history.")] = None,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Go back to an older snapshot. The content files stay as they are, and nothing is published by itself until you publish."""
    try:
        hold = roll_back(read_settings().snapshot_dir, identifier, dt.datetime.now(dt.UTC), by)
    except (SettingsError, NothingPublished, PublishedElsewhere) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        write_json(hold.model_dump(mode="json"))
    else:
        typer.echo(words("rollback", told_in(lang))["done"].format(put_back=hold.put_back, instead_of=hold.instead_of))
