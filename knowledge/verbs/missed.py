"""``missed``: what newcomers asked in vain, grouped by meaning."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from bot.settings import SettingsError, read_settings
from knowledge.output import AsJson, InLanguage, console, told_in, words, write_json
from knowledge.published import NothingPublished

if TYPE_CHECKING:
    from bot.curation.groups import Group

Since = Annotated[dt.datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Questions from this day on.")]


def run(since: Since = None, as_json: AsJson = False, lang: InLanguage = None) -> None:
    """List the questions that were missed, masked and grouped by meaning, the most frequent first."""
    from bot.conversations.database import OUTAGE  # the other verbs need neither the database nor the guide
    from bot.curation.terminal import read_missed
    from bot.opening import FINLAND

    say = words("missed", told_in(lang))
    begin = since.replace(tzinfo=FINLAND) if since else None
    try:
        settings = read_settings()
        with Progress(console=console(errors=True), transient=True, disable=not console(errors=True).is_terminal) as progress:
            task = progress.add_task("", total=None)

            def told(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total, description=say["reading"].format(done=done, total=total))

            found = read_missed(settings, begin, told)
    except (SettingsError, NothingPublished) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OUTAGE as error:
        typer.echo(say["unavailable"].format(problem=type(error).__name__), err=True)
        raise typer.Exit(1) from error
    if as_json:
        write_json([_as_data(group, answers) for group, answers in found])
    else:
        _tell(found, say)


def _as_data(group: Group, answers: list[str]) -> dict[str, Any]:
    questions = [{"text": each.text, "count": each.count, "languages": each.languages} for each in group.members]
    told = {"question": group.name.text, "count": group.count, "languages": group.languages, "causes": group.causes}
    return {**told, "last_at": group.last_at.isoformat(), "nearest": answers, "questions": questions}


def _tell(found: list[tuple[Group, list[str]]], say: dict[str, str]) -> None:
    if not found:
        typer.echo(say["none"])
        return
    questions = sum(group.count for group, _ in found)
    typer.echo(say["heading"].format(groups=len(found), questions=questions))
    out = console()
    if not out.is_terminal:
        for group, answers in found:
            languages = ",".join(code for code, _ in group.languages.most_common())
            typer.echo(f"{group.count}\t{languages}\t{' '.join(group.name.text.split())}\t{','.join(answers)}")
        return
    table = Table()
    table.add_column(say["asked"], justify="right")
    for name in ("languages", "question", "last", "nearest"):
        table.add_column(say[name])
    for group, answers in found:
        languages = ", ".join(f"{code} {count}" for code, count in group.languages.most_common())
        table.add_row(str(group.count), languages, _plain(group.name.text), f"{group.last_at:%Y-%m-%d}", ", ".join(answers))
    out.print(table)


def _plain(text: str) -> str:
    """Words of newcomers are no markup for the terminal, and change nothing there."""
    return "".join(sign if sign.isprintable() else " " for sign in text).replace("[", "\\[")
