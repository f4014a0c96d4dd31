"""``check``: every problem of the content, told as a good editor would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot.settings import SettingsError, read_settings
from knowledge.check import check_content
from knowledge.checking.rivals import KnownVectors
from knowledge.encoder import make_encoder
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, OnDay, console, day_of, told_in, write_json
from knowledge.problems import Problem, Severity, reading, tally
from knowledge.read_cache import CHECKED, ReadCache
from knowledge.vector_cache import VECTORS

STYLES = {Severity.error: "red", Severity.expired: "yellow", Severity.advice: "cyan"}

Fast = Annotated[
    bool, typer.Option("--fast", help="Do not compare meanings: leave out examples that pull towards another answer.")
]


def run(
    content: ContentFolder = DEFAULT_CONTENT,
    on: OnDay = None,
    lang: InLanguage = None,
    fast: Fast = False,
    as_json: AsJson = False,
) -> None:
    """Tell every problem of the content. Fails when there is one that is more than advice."""
    language = told_in(lang)
    try:
        settings = read_settings()
        vectors = None if fast else _vectors(settings.snapshot_dir / VECTORS, settings.encoder)
    except (SettingsError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    with console(errors=True).status(reading(language)):
        loaded = load_content(content, ReadCache(settings.snapshot_dir / CHECKED))
        problems = check_content(loaded, day_of(on), vectors)
    if as_json:
        write_json({"answers": len(loaded.answers), "problems": [problem.as_data(language) for problem in problems]})
    else:
        for problem in problems:
            console().print(_styled(problem, language))
        console().print(tally(problems, len(loaded.answers), language))
    if any(problem.severity is not Severity.advice for problem in problems):
        raise typer.Exit(1)


def _vectors(path: Path, encoder: str) -> KnownVectors | None:
    """The vectors of publishing; None before anything was published."""
    if not path.is_file():
        return None
    return KnownVectors(path, make_encoder(encoder))


def _styled(problem: Problem, language: str) -> Text:
    place, told = f"{problem.path}:{problem.line}:{problem.column}:", problem.told(language)
    return Text.assemble((place, "bold"), (told.removeprefix(place), STYLES[problem.severity]))
