"""``new``: a new answer and its twin, from a template."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge.load import load_content
from knowledge.model import Audience, ExpertRole, Importance
from knowledge.new_answer import AnswerRefused, Wanted, make_answer
from knowledge.new_asking import Asking
from knowledge.output import DEFAULT_CONTENT, ContentFolder, InLanguage, OnDay, day_of, told_in, words
from knowledge.problems import shown_path

NEEDED = {"id": "ID", "topic": "--topic", "title_fi": "--title"}
ReviewBy = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Look at it again by this day.")]


def run(
    identifier: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Small letters, digits and _: the file's name.")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="From topics.yml.")] = None,
    title: Annotated[str | None, typer.Option(help="The title in Finnish.")] = None,
    title_en: Annotated[str | None, typer.Option(help="The title in English.")] = None,
    audience: Annotated[list[Audience] | None, typer.Option(help="May be given several times.")] = None,
    importance: Annotated[Importance | None, typer.Option(help="How badly a newcomer needs it.")] = None,
    expert: Annotated[ExpertRole | None, typer.Option(help="Else by the topic: own_case or never.")] = None,
    source: Annotated[str | None, typer.Option(help="Address of the page on which you read it today.")] = None,
    source_title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    example: Annotated[list[str] | None, typer.Option(help="A way to ask in Finnish. Several times.")] = None,
    example_en: Annotated[list[str] | None, typer.Option(help="A way to ask in English. Several times.")] = None,
    review_by: ReviewBy = None,
    ask: Annotated[bool | None, typer.Option("--ask/--no-ask", help="Ask for what is not given. Else: at a terminal.")] = None,
    content: ContentFolder = DEFAULT_CONTENT,
    on: OnDay = None,
    lang: InLanguage = None,
) -> None:
    """Make a new answer and its twin file from a template. At a terminal, what is not given is asked for."""
    language = told_in(lang)
    said = words("new", language)
    loaded = load_content(content)
    given: dict[str, Any] = {
        "id": identifier,
        "topic": topic,
        "title_fi": title,
        "title_en": title_en,
        "audience": tuple(audience) if audience else None,
        "importance": importance,
        "expert": expert,
        "source": (source, source_title or "") if source else None,
    }
    given = {name: value for name, value in given.items() if value is not None}
    examples = {"fi": example or [], "en": example_en or []}
    last_day = review_by.date() if review_by else None
    wanted = Wanted(**{"id": "", "topic": "", "title_fi": ""} | given, review_by=last_day, examples=examples)
    if sys.stdin.isatty() if ask is None else ask:
        wanted = Asking(loaded, wanted, given, said, language).ask()
    elif missing := [option for name, option in NEEDED.items() if name not in given]:
        raise typer.BadParameter(said["needed"].format(options=", ".join(missing)))
    try:
        answer, twin = make_answer(loaded, wanted, day_of(on), language)
    except AnswerRefused as refused:
        for key, values in refused.reasons:
            typer.echo(said[key].format(**values), err=True)
        raise typer.Exit(1) from refused
    here = Path.cwd()
    typer.echo(said["made"].format(answer=shown_path(answer, here), twin=shown_path(twin, here), id=wanted.id))
