"""``try``: what would be answered to a question, and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.settings import SettingsError, read_settings
from knowledge.model import Audience
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, console, told_in, words, write_json, write_table
from knowledge.published import NothingPublished

if TYPE_CHECKING:
    from knowledge.snapshot import Snapshot


def run(
    question: Annotated[str, typer.Argument(help="As a newcomer would write it, in any language.")],
    draft: Annotated[bool, typer.Option("--draft", help="Try the content folder as it is, without publishing.")] = False,
    after: Annotated[str | None, typer.Option("--after", help="The question before this one: is it a follow-up?")] = None,
    audience: Annotated[Audience | None, typer.Option("--audience", help="Who asks.")] = None,
    content: ContentFolder = DEFAULT_CONTENT,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Tell what would be answered to a question and why: every candidate with its arithmetic, and the time of each step."""
    from knowledge.draft import DraftUnreadable

    language = told_in(lang)
    said = words("try", language)
    try:
        found = _try(question, content, draft, after, audience, language)
    except (SettingsError, NothingPublished, DraftUnreadable, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if found["errors"]:
        typer.echo(said["errors"].format(count=len(found["errors"])), err=True)
    if as_json:
        write_json(found)
    else:
        _tell(found, said)


def _try(question: str, root: Path, draft: bool, after: str | None, audience: Audience | None, language: str) -> dict[str, Any]:
    """What the service would find, in the order of its steps: emergency, script, search."""
    from bot.language import LanguageDetector
    from bot.own_script import in_own_script
    from bot.safety.emergency import find_emergency
    from knowledge.encoder import make_encoder
    from knowledge.search import Question, Searcher
    from knowledge.snapshot import load_snapshot
    from knowledge.tuning import read_tuning

    settings, tuning, errors = read_settings(), read_tuning(), list[str]()
    encoder = make_encoder(settings.encoder)
    if draft:
        snapshot, errors = _draft(root, settings.snapshot_dir, settings.encoder)
    else:
        snapshot = load_snapshot(settings.snapshot_dir, encoder.name)
    searcher, detector = Searcher(snapshot, encoder, tuning), LanguageDetector()
    topic = None
    if after is not None:
        topic = searcher.search(Question(in_own_script(after, detector.detect(after, None).language))).topic
    detected = detector.detect(question, None).language
    text = in_own_script(question, detected)
    found = searcher.search(Question(text, previous=after, previous_topic=topic, audience=audience))
    emergency = find_emergency(question)
    shown = [found.best] if found.decision == "answered" else found.choices if found.decision == "clarify" else []
    return {
        "question": question,
        "searched_for": text,
        "language": detected,
        "snapshot": snapshot.manifest.id,
        "emergency": emergency.kind if emergency else None,
        "answers": [{"id": each, "title": _title(snapshot, each, language)} for each in shown if each],
        **found.explained(),
        "bands": tuning.bands.model_dump(),
        "errors": errors,
    }


def _draft(root: Path, folder: Path, encoder_setting: str) -> tuple[Snapshot, list[str]]:
    from knowledge.draft import make_draft
    from knowledge.encoder import make_encoder
    from knowledge.live import read_live
    from knowledge.training import Texts

    encoder = make_encoder(encoder_setting)
    live = read_live(folder, encoder.name)
    made = make_draft(root, encoder, Texts(folder, encoder), live.before if live else None, dt.datetime.now(dt.UTC))
    return made.snapshot, made.errors


def _title(snapshot: Snapshot, identifier: str | None, language: str) -> str:
    answer = snapshot.content.answers.get(identifier or "")
    return "" if answer is None else (answer.fi if language == "fi" else answer.en).title


def _tell(found: dict[str, Any], said: dict[str, str]) -> None:
    where = console()
    where.print(said["asked"].format(snapshot=found["snapshot"], language=found["language"]), markup=False)
    if found["emergency"]:
        where.print(said["emergency"], style="bold red", markup=False)
    where.print(said[found["decision"]], style="bold", markup=False)
    for answer in found["answers"]:
        where.print(f"  {answer['id']}: {answer['title']}", style="green", markup=False)
    if found["own_case"] >= found["bands"]["own_case"]:
        where.print(said["own_case"], markup=False)
    if found["follow_up"]:
        where.print(said["follow_up"], markup=False)
    where.print(said["chances"].format(**{name: found[name] for name in _CHANCES}, **_bands(found["bands"])), markup=False)
    table = Table(header_style="bold")
    table.add_column(said["candidate"], no_wrap=True)
    for column in ("probability", "score", *(found["candidates"][0]["parts"] if found["candidates"] else ()), "penalty"):
        table.add_column(said[column], justify="right")
    table.add_column(said["why"])
    for each in found["candidates"]:
        numbers = (each["probability"], each["score"], *each["parts"].values(), each["penalty"])
        cells = [each["id"], *(f"{number:.2f}" for number in numbers), each["reason"]]
        table.add_row(*cells, style="green" if each["kept"] else None)
    write_table(table)
    steps = ", ".join(f"{name} {took:.1f} ms" for name, took in found["steps_ms"].items())
    where.print(said["steps"].format(steps=steps), markup=False)


_CHANCES = ("right_at_once", "right_among_three")


def _bands(bands: dict[str, float]) -> dict[str, float]:
    return {"answer": bands["answer"], "clarify": bands["clarify"]}
