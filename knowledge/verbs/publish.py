"""``publish``: the content goes live, or nothing changes."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import SettingsError, read_settings
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, console, told_in, words, write_json
from knowledge.published import is_published, read_hold

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
    from knowledge.publishing import PublishedElsewhere, publish

    language = told_in(lang)
    said = words("publish", language)
    try:
        settings = read_settings()
        encoder = make_encoder(settings.encoder)
    except (SettingsError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    folder = settings.snapshot_dir
    if if_changed and (is_published(content, folder, encoder.name) or read_hold(folder)):
        hold = read_hold(folder)
        typer.echo(said["held"].format(put_back=hold.put_back) if hold else said["already"])
        return

    def confirmed(worse: list[Worse]) -> bool:
        if confirm or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return confirm
        _tell_worse(worse, said)
        return typer.confirm(said["ask"])

    try:
        result = publish(content, folder, encoder, dt.datetime.now(dt.UTC), by=by, full=full, confirm=confirmed)
    except PublishedElsewhere as error:
        typer.echo(said["elsewhere"], err=True)
        raise typer.Exit(1) from error
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        _tell(result, said)
    if not result.published:
        raise typer.Exit(1)


def _tell(result: Result, said: dict[str, str]) -> None:
    where = console(errors=True)
    for problem in result.problems:
        where.print(problem, style="red", markup=False)
    for twin in result.twins:
        line = said[twin.kind].format(answer=twin.answer, question=twin.question, got=_got(twin.got.answers, said))
        where.print(line, style="red", markup=False)
    if result.worse and not result.published:
        _tell_worse(result.worse, said)
    if not result.published:
        counts = {"errors": len(result.problems), "twins": len(result.twins), "worse": len(result.worse)}
        why = ", ".join(said[f"why_{name}"].format(count=count) for name, count in counts.items() if count)
        where.print(said["not_published"].format(why=why), style="bold red", markup=False)
        if result.worse and not result.twins:
            where.print(said["how_to_confirm"], markup=False)
        return
    console().print(
        said["published"].format(
            id=result.id,
            answers=result.answers,
            examples=result.examples,
            seconds=result.seconds,
            added=len(result.changes.added),
            changed=len(result.changes.changed),
            removed=len(result.changes.removed),
        ),
        style="green",
        markup=False,
    )
    if result.full:
        typer.echo(said["full"])


def _tell_worse(worse: list[Worse], said: dict[str, str]) -> None:
    where = console(errors=True)
    for each in worse:
        before, after = _got(each.before.answers, said), _got(each.after.answers, said)
        line = said["worse"].format(question=each.question, right=", ".join(each.answers), before=before, after=after)
        where.print(line, style="yellow", markup=False)


def _got(answers: list[str], said: dict[str, str]) -> str:
    return said["or"].join(answers) if answers else said["nothing"]
