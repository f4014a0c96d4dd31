"""``publish``: the content goes live, or nothing changes."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import SettingsError, read_settings
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, console, told_in, words, write_json
from knowledge.publishing_lock import PublishedElsewhere
from knowledge.verdict import told_against, told_twins, told_worse

if TYPE_CHECKING:
    from knowledge.gate import Worse
    from knowledge.publishing import Result


def run(
    content: ContentFolder = DEFAULT_CONTENT,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Do nothing when this content is published already, or after a rollback.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Fit everything anew and run every twin test.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Publish although questions to required answers get worse.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="The role of whoever publishes, for the history.")] = None,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Publish the content. What is live stays live when something stands against it."""
    from knowledge.encoder import make_encoder  # with the libraries that compute: only where something is computed
    from knowledge.publishing import publish

    language = told_in(lang)
    try:
        settings = read_settings()
        encoder = make_encoder(settings.encoder)
    except (SettingsError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error

    said = words("publish", language)
    status = console(errors=True).status(said["step_check"])  # turns where a person looks, and says nothing elsewhere

    def confirmed(worse: list[Worse]) -> bool:
        if confirm or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return confirm
        status.stop()
        for line in told_worse(worse, language):
            typer.echo(line)
        return typer.confirm(said["ask"])

    try:
        with status:
            result = publish(
                content,
                settings.snapshot_dir,
                encoder,
                dt.datetime.now(dt.UTC),
                by=by,
                full=full,
                if_changed=if_changed,
                confirm=confirmed,
                step=lambda name: status.update(said[f"step_{name}"]),
            )
    except PublishedElsewhere as error:
        typer.echo(said["elsewhere"], err=True)
        raise typer.Exit(1) from error
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        _tell(result, language)
    if not result.published and not result.left:
        raise typer.Exit(1)


def _tell(result: Result, language: str) -> None:
    said = words("publish", language)
    if result.left:
        typer.echo(said[result.left])
        return
    where = console(errors=True)
    against = told_against(result, language) if not result.published else told_twins(result.twins, language)
    for line in against:
        where.print(line, style="red", markup=False)
    if result.published:
        console().print(said["published"].format(**_counts(result)), style="green", markup=False)
        if result.full:
            typer.echo(said["full"])
        return
    counts = {"errors": len(result.problems), "twins": len(result.twins), "worse": len(result.worse)}
    why = ", ".join(said[f"why_{name}"].format(count=count) for name, count in counts.items() if count)
    where.print(said["not_published"].format(why=why), style="bold red", markup=False)
    if result.worse and not result.twins:
        where.print(said["how_to_confirm"], markup=False)


def _counts(result: Result) -> dict[str, object]:
    changes = {kind: len(getattr(result.changes, kind)) for kind in ("added", "changed", "removed")}
    return {**changes, **result.model_dump(include={"id", "answers", "examples", "seconds"})}
