"""``links``: are the pages still there that the content names?"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from knowledge.links import BROKEN, CheckedLink, NoNetwork, State, check_links, links_of
from knowledge.load import load_content
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, console, told_in, words, write_json, write_table

NO_NETWORK = 3
"""Exit code when nothing could be asked."""

STYLES = {State.moved: "yellow", State.refused: "dim"} | dict.fromkeys(BROKEN, "red")


def run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only of these answers, contacts or figures: ids or files.")
    ] = None,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two requests to the same host.")] = 0.5,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for a server.")] = 15.0,
    content: ContentFolder = DEFAULT_CONTENT,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Ask online whether the sources and links of the content are still there. Fails when one is not; 3 without a network."""
    said = words("links", told_in(lang))
    wanted = {Path(name).stem for name in names or ()}
    named = links_of(load_content(content), dt.date.today())
    links = {url: users for url, users in named.items() if not wanted or wanted & set(users)}
    try:
        checked = _check(links, pause, timeout, said)
    except NoNetwork:
        typer.echo(said["no_network"], err=True)
        raise typer.Exit(NO_NETWORK) from None
    if as_json:
        write_json([asdict(each) for each in checked])
    else:
        _tell(checked, said)
    if any(each.state in BROKEN for each in checked):
        raise typer.Exit(1)


def _check(links: Mapping[str, list[str]], pause: float, timeout: float, said: Mapping[str, str]) -> list[CheckedLink]:
    where = console(errors=True)
    with Progress(console=where, disable=not where.is_terminal, transient=True) as progress:
        task = progress.add_task(said["asking"], total=len(links))
        return asyncio.run(check_links(links, lambda _: progress.advance(task), pause=pause, patience=timeout))


def _tell(checked: list[CheckedLink], said: Mapping[str, str]) -> None:
    counts = Counter(each.state for each in checked)
    typer.echo(said["count"].format(count=len(checked)))
    for state in State:
        if counts[state]:
            typer.echo(f"  {counts[state]} {said[f'state_{state}']}")
    table = Table(header_style="bold")
    for column in ("state", "address", "reply", "used_in"):
        table.add_column(said[column], overflow="fold")
    for each in checked:
        if each.state is not State.ok:
            reply = " → ".join(str(part) for part in (each.status, each.leads_to) if part) or each.error or ""
            table.add_row(said[f"state_{each.state}"], each.url, reply, ", ".join(each.used_in), style=STYLES[each.state])
    if table.row_count:
        write_table(table)
