"""``preview``: how newcomers will see an answer."""

from __future__ import annotations

import datetime as dt
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from bot.messages import ShownAnswer, ShownContact
from bot.opening import FINLAND
from bot.preview import day_text, preview_page, shown_in_each
from knowledge.compiled import Compiled
from knowledge.load import Content, load_content
from knowledge.model import Answer
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, OnDay, console, told_in, words, write_json

NOON = dt.time(12, 0)
Said = Mapping[str, str]


def run(
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="The id of an answer, or its file.")],
    version: Annotated[
        list[str] | None, typer.Option("--version", help="Only fi, fi-easy, en … May be given several times.")
    ] = None,
    municipality: Annotated[str | None, typer.Option(help="As somebody there sees it: an id from municipalities.yml.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page that looks like the widget.")] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Write such a page and open it in the browser.")] = False,
    content: ContentFolder = DEFAULT_CONTENT,
    on: OnDay = None,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Show an answer as newcomers will see it: in each language and in easy Finnish, on a day, in a municipality."""
    language = told_in(lang)
    said = words("preview", language)
    loaded = load_content(content)
    found = _find(loaded, Path(answer).stem, said)
    moment = dt.datetime.combine(on.date(), NOON, FINLAND) if on else dt.datetime.now(FINLAND)
    shown = _show(loaded, found, moment, municipality, said)
    if version:
        missing = [code for code in version if code not in shown]
        if missing:
            raise _refuse(said["no_version"].format(id=found.id, missing=", ".join(missing), versions=", ".join(shown)))
        shown = {code: each for code, each in shown.items() if code in version}
    subtitle = _subtitle(found, moment, municipality, said, language)
    if html or open_page:
        path = html or Path(gettempdir()) / f"preview-{found.id}.html"
        path.write_text(preview_page(found, shown, said, language, subtitle), encoding="utf-8")
        typer.echo(said["page"].format(path=path))
        if open_page:
            webbrowser.open(path.resolve().as_uri())
    elif as_json:
        write_json({code: each.model_dump(mode="json") for code, each in shown.items()})
    else:
        _tell(shown, said, subtitle)


def _find(content: Content, identifier: str, said: Said) -> Answer:
    if identifier in content.answers:
        return content.answers[identifier]
    for problem in content.problems:
        if Path(problem.path).name == f"{identifier}.yml":
            typer.echo(str(problem), err=True)
    exists = any((content.root / "answers").glob(f"*/{identifier}.yml"))
    raise _refuse(said["unreadable" if exists else "no_answer"].format(id=identifier))


def _show(content: Content, answer: Answer, moment: dt.datetime, municipality: str | None, said: Said) -> dict[str, ShownAnswer]:
    if municipality is not None and municipality not in content.municipalities:
        raise _refuse(said["no_municipality"].format(name=municipality, known=", ".join(content.municipalities)))
    try:
        return shown_in_each(answer, Compiled.of(content), moment, municipality)
    except KeyError as error:
        raise _refuse(said["unknown_name"].format(name=error.args[0])) from error


def _refuse(line: str) -> typer.Exit:
    typer.echo(line, err=True)
    return typer.Exit(1)


def _subtitle(answer: Answer, moment: dt.datetime, municipality: str | None, said: Said, language: str) -> str:
    parts = [day_text(moment.date(), language), municipality or said["no_place"], said[f"status_{answer.status}"]]
    return " · ".join([*parts, said[f"expert_{answer.expert}"]])


def _tell(shown: Mapping[str, ShownAnswer], said: Said, subtitle: str) -> None:
    where = console()
    typer.echo(subtitle)
    for code, each in shown.items():
        name = said.get(f"name_{code}", code)
        lines = "\n".join(_lines(each, said))
        if where.is_terminal:
            told = Text.assemble((each.title, "bold"), f"\n\n{lines}")
            where.print(Panel(told, title=name, title_align="left"), soft_wrap=False)
        else:
            typer.echo(f"\n== {name} ==\n{each.title}\n\n{lines}")


def _lines(shown: ShownAnswer, said: Said) -> list[str]:
    lines = [shown.text, ""]
    lines += [f"{said['contact']}: {_contact(contact, said)}" for contact in shown.contacts]
    lines += [f"{said['link']}: {link.title}, {link.url}" for link in shown.links]
    checked = said["checked"]
    lines += [f"{said['source']}: {each.title}, {each.url} ({checked.format(day=each.checked_on)})" for each in shown.sources]
    return lines if shown.reviewed else [*lines, said["draft"]]


def _contact(contact: ShownContact, said: Said) -> str:
    details = [*(phone.number for phone in contact.phones), contact.email, contact.address, *contact.hours]
    known = [detail for detail in details if detail]
    return f"{contact.name}, {', '.join(known) if known else said['nothing_known']}"
