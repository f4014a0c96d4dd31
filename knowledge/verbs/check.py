"""``check``: every problem of the content."""

from __future__ import annotations

import typer

from knowledge.check import check_content
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, ContentFolder, OnDay, day_of
from knowledge.problems import Severity


def run(content: ContentFolder = DEFAULT_CONTENT, on: OnDay = None) -> None:
    """Tell every problem of the content. Fails when there is one."""
    loaded = load_content(content)
    problems = check_content(loaded, day_of(on))
    for problem in problems:
        typer.echo(str(problem))
    errors = sum(problem.severity is Severity.error for problem in problems)
    typer.echo(f"{len(loaded.answers)} answers, {errors} errors, {len(problems) - errors} expired")
    if problems:
        raise typer.Exit(1)
