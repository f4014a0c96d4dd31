"""``python -m knowledge``: what curators do with content from the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from knowledge.check import check_content
from knowledge.load import CONTENT, load_content
from knowledge.problems import Severity

app = typer.Typer(no_args_is_help=True, help="Check, publish and look after the content.", pretty_exceptions_enable=False)


@app.command()
def check(
    on: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Check as of another day.")] = None,
    content: Annotated[Path, typer.Option(help="The content folder.")] = CONTENT,
) -> None:
    """Tell every problem of the content. Fails when there is one."""
    loaded = load_content(content)
    problems = check_content(loaded, on.date() if on else dt.date.today())
    for problem in problems:
        typer.echo(str(problem))
    errors = sum(problem.severity is Severity.error for problem in problems)
    typer.echo(f"{len(loaded.answers)} answers, {errors} errors, {len(problems) - errors} expired")
    if problems:
        raise typer.Exit(1)


@app.command()
def gaps(
    on: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of another day.")] = None,
    content: Annotated[Path, typer.Option(help="The content folder.")] = CONTENT,
) -> None:
    """List what counsellors must fill in: unknown contact details, reviews and figures that run out, drafts."""
    from knowledge.gaps import as_text, find_gaps

    loaded = load_content(content)
    typer.echo(as_text(find_gaps(loaded, on.date() if on else dt.date.today())))
    if loaded.problems:
        typer.echo("What cannot be read is left out: run `python -m knowledge check`.", err=True)


@app.command()
def stamp(files: list[Path]) -> None:
    """Say that the translations of these files match the Finnish text."""
    from knowledge.stamp import stamp as stamp_file

    for path in files:
        typer.echo(f"{path}: {'stamped' if stamp_file(path) else 'unchanged'}")


@app.command()
def schema(folder: Annotated[Path, typer.Option(help="Where to write.")] = CONTENT / "schema") -> None:
    """Write the JSON Schemas that editors use."""
    from knowledge.schema import write_schemas

    for path in write_schemas(folder):
        typer.echo(str(path))


@app.command()
def publish(
    content: Annotated[Path, typer.Option(help="The content folder.")] = CONTENT,
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Do nothing when this content is published already.")] = False,
) -> None:
    """Publish the content. What is live stays live when there is an error."""
    from bot.settings import SettingsError, read_settings
    from knowledge.encoder import make_encoder
    from knowledge.snapshot import ContentRefused, content_fingerprint, published_content
    from knowledge.snapshot import publish as publish_content

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


@app.command("ask-examples")
def ask_examples(path: Path) -> None:
    """Write the examples as Rasa training data of the act of asking."""
    from knowledge.nlu_export import write_ask_examples

    typer.echo(f"{write_ask_examples(load_content(), path)} examples")


if __name__ == "__main__":
    app()
