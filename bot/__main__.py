"""``python -m bot``: run the guide, or talk with it in the terminal."""

from __future__ import annotations

import signal
import sys
from typing import Annotated, NoReturn

import typer

from bot.desk.commands import app as accounts
from bot.settings import Settings, SettingsError, read_settings

app = typer.Typer(no_args_is_help=True, help="Run ELO Guide.", pretty_exceptions_enable=False)
app.add_typer(accounts, name="accounts")


@app.command()
def run() -> None:
    """Run the service, Rasa and what the settings add until stopped; what dies is started again."""
    from bot.supervisor import CannotStart, Supervisor

    supervisor = Supervisor(_settings(), lambda line: typer.echo(line))
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: supervisor.stop())
    try:
        supervisor.run()
    except CannotStart as error:
        _give_up(str(error))


@app.command()
def serve() -> None:
    """Run the service alone, with the loopback port that Rasa calls."""
    from bot.serve import serve_both
    from knowledge.published import NothingPublished

    try:
        serve_both(_settings())
    except NothingPublished as error:
        _give_up(str(error))


@app.command()
def chat(
    url: Annotated[str | None, typer.Option(help="Address of a running service.")] = None,
    language: Annotated[str | None, typer.Option(help="Language to begin in.")] = None,
) -> None:
    """Talk with a running service in the terminal."""
    from bot.terminal import talk

    settings = _settings()
    talk(url or f"http://{settings.host}:{settings.port}", language)


@app.command()
def watch_content() -> None:
    """Watch the content folder until stopped, and publish what passes; `run` starts it with ELO_WATCH_CONTENT=on."""
    from bot.content_watch import watch_until_stopped

    watch_until_stopped(_settings())


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be deleted, and delete nothing.")] = False,
) -> None:
    """Delete now what is older than the settings allow; the service does so itself once a day."""
    from bot.retention import sweep_once

    for line in sweep_once(_settings(), dry_run=dry_run).lines():
        typer.echo(line)


@app.command()
def check() -> None:
    """Tell whether the settings can be read, and nothing else."""
    _settings()
    typer.echo("The settings can be read.")


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        _give_up(str(error))


def _give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(1)


if __name__ == "__main__":
    app()
