"""``feedback``: how often each answer helped, the worst first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.settings import SettingsError, read_settings
from knowledge.output import AsJson, InLanguage, console, told_in, words, write_json

if TYPE_CHECKING:
    from bot.curation.feedback import Judged

YEAR = dt.timedelta(days=365)

Since = Annotated[dt.datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on. Else a year.")]


def run(since: Since = None, as_json: AsJson = False, lang: InLanguage = None) -> None:
    """List the answers by what newcomers said of them, those that help least first."""
    from bot.conversations.database import OUTAGE  # the other verbs need no database
    from bot.curation.terminal import read_feedback
    from bot.opening import FINLAND

    say = words("feedback", told_in(lang))
    now = dt.datetime.now(dt.UTC)
    begin = since.replace(tzinfo=FINLAND) if since else now - YEAR
    try:
        found = read_feedback(read_settings(), begin, now)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OUTAGE as error:
        typer.echo(say["unavailable"].format(problem=type(error).__name__), err=True)
        raise typer.Exit(1) from error
    if as_json:
        write_json([_as_data(each) for each in found])
    elif not found:
        typer.echo(say["none"])
    else:
        typer.echo(say["heading"].format(since=begin.date()))
        _tell(found, say)


def _as_data(judged: Judged) -> dict[str, Any]:
    months = {month: {"helped": good, "not_helped": bad} for month, (good, bad) in judged.months.items()}
    told = {"answer": judged.answer_id, "helped": judged.helped, "not_helped": judged.not_helped}
    return {**told, "reasons": judged.reasons, "months": months}


def _tell(found: list[Judged], say: dict[str, str]) -> None:
    out = console()
    rows = [(each.answer_id, str(each.not_helped), str(each.helped), _reasons(each, say)) for each in found]
    if not out.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table()
    for name, side in (("answer", "left"), ("not_helped", "right"), ("helped", "right"), ("reasons", "left")):
        table.add_column(say[name], justify="right" if side == "right" else "left")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _reasons(judged: Judged, say: dict[str, str]) -> str:
    names = {reason: say.get(f"reason_{reason}", reason) for reason in judged.reasons}
    return ", ".join(f"{names[reason]} {count}" for reason, count in judged.reasons.most_common())
