"""``coverage``: what the content covers, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from knowledge.coverage import coverage
from knowledge.coverage_tables import By, MarksMissing, coverage_table, put_into, readme_table
from knowledge.load import load_content
from knowledge.model import Importance
from knowledge.output import (
    DEFAULT_CONTENT,
    AsJson,
    ContentFolder,
    InLanguage,
    OnDay,
    console,
    day_of,
    told_in,
    words,
    write_json,
    write_table,
)


def run(
    content: ContentFolder = DEFAULT_CONTENT,
    on: OnDay = None,
    by: Annotated[
        By, typer.Option("--by", help="The columns: what counts of a topic, its languages, or its municipalities.")
    ] = By.topic,
    importance: Annotated[Importance | None, typer.Option("--importance", help="Only answers of this importance.")] = None,
    readme: Annotated[
        Path | None, typer.Option("--readme", help="Write the short table into this file, between its marks.")
    ] = None,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Count the content: topic by language, municipality and importance; what is reviewed, and what is missing."""
    loaded = load_content(content)
    found = coverage(loaded, day_of(on))
    language = told_in(lang)
    said = words("coverage", language)
    if readme is not None:
        _write_readme(readme, readme_table(found, words("coverage", "en")), said)
    elif as_json:
        write_json(found.as_data())
    else:
        typer.echo(said["heading"].format(day=found.today))
        write_table(coverage_table(found, by, importance, said, language, narrow=console().is_terminal))
        typer.echo(said[f"how_{by}"])
    if loaded.problems:
        typer.echo(said["unreadable"], err=True)


def _write_readme(path: Path, table: str, said: dict[str, str]) -> None:
    page = path.read_text(encoding="utf-8")
    try:
        written = put_into(page, table)
    except MarksMissing as error:
        typer.echo(said["readme_without_marks"].format(path=path), err=True)
        raise typer.Exit(1) from error
    path.write_text(written, encoding="utf-8")
    typer.echo(said["readme_unchanged" if written == page else "readme_written"].format(path=path))
