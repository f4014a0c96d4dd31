"""``history``: what was published, when and by whom."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer
from rich.table import Table

from bot.settings import SettingsError, read_settings
from knowledge.history import Past, keep_newest, read_history
from knowledge.output import AsJson, InLanguage, told_in, words, write_json, write_table
from knowledge.published import read_hold
from knowledge.publishing_lock import PublishedElsewhere

SHOWN = 20


def run(
    everything: Annotated[bool, typer.Option("--all", help=f"All of them, not the newest {SHOWN} only.")] = False,
    keep: Annotated[int | None, typer.Option("--keep", min=1, help="Take away all but so many of the newest.")] = None,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """List the snapshots, the newest first: when, by whom, and what changed."""
    said = words("history", told_in(lang))
    try:
        folder = read_settings().snapshot_dir
        removed = keep_newest(folder, keep) if keep is not None else None
    except (SettingsError, PublishedElsewhere) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    found, hold = read_history(folder), read_hold(folder)
    if as_json:
        rows = [{**each.manifest.model_dump(mode="json"), "live": each.live, "fits": each.fits} for each in found]
        write_json({"snapshots": rows, "hold": hold.model_dump(mode="json") if hold else None, "removed": removed or []})
        return
    if removed is not None:
        typer.echo(said["taken_away"].format(count=len(removed)))
    if not found:
        typer.echo(said["none"])
        return
    shown = found if everything else found[:SHOWN]
    table = Table(header_style="bold")
    for column in ("id", "when", "by", "answers", "examples", "changes"):
        table.add_column(
            said[column], no_wrap=column != "changes", justify="right" if column in ("answers", "examples") else "left"
        )
    for each in shown:
        style = "bold green" if each.live else None if each.fits else "dim"
        table.add_row(*_cells(each, said), style=style)
    write_table(table)
    if len(shown) < len(found):
        typer.echo(said["more"].format(count=len(found) - len(shown)))
    if hold is not None:
        when = _moment(hold.at)
        typer.echo(said["held"].format(put_back=hold.put_back, instead_of=hold.instead_of, when=when, by=hold.by or "–"))


def _cells(past: Past, said: dict[str, str]) -> list[str]:
    made = past.manifest
    what = [said["live"]] if past.live else [] if past.fits else [said["older_form"]]
    counted = {kind: getattr(made.changes, kind) for kind in ("added", "changed", "removed")}
    what += [said[kind].format(count=len(names), names=_first(names)) for kind, names in counted.items() if names]
    what += [said[f"part_{part}"] for part in made.changes.other]
    return [made.id, _moment(made.published_at), made.by or "–", str(made.answers), str(made.examples), "; ".join(what)]


def _moment(when: dt.datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def _first(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
