"""``diff``: what newcomers would see differently."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import SettingsError, read_settings
from knowledge.output import DEFAULT_CONTENT, AsJson, ContentFolder, InLanguage, console, told_in, words, write_json
from knowledge.published import NothingPublished

if TYPE_CHECKING:
    from knowledge.differences import Differences
    from knowledge.replies import Reply


def run(
    before: Annotated[str | None, typer.Argument(metavar="[ID]", help="A snapshot. Else the live one.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="[ID]", help="Another snapshot. Else the content folder.")] = None,
    content: ContentFolder = DEFAULT_CONTENT,
    as_json: AsJson = False,
    lang: InLanguage = None,
) -> None:
    """Compare the live snapshot with the content folder, or two snapshots: texts, and questions that get another reply."""
    from knowledge.draft import DraftUnreadable
    from knowledge.gate import GateUnreadable

    said = words("diff", told_in(lang))
    try:
        found, errors = _compare(content, before, after)
    except (SettingsError, NothingPublished, DraftUnreadable, GateUnreadable, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if errors:
        typer.echo(said["errors"].format(count=len(errors)), err=True)
    if as_json:
        write_json({**found.model_dump(mode="json"), "errors": errors})
    else:
        _tell(found, said)


def _compare(root: Path, before: str | None, after: str | None) -> tuple[Differences, list[str]]:
    from knowledge.differences import differences, questions_for
    from knowledge.draft import make_draft
    from knowledge.encoder import make_encoder
    from knowledge.live import read_live
    from knowledge.replies import ask
    from knowledge.snapshot import load_snapshot
    from knowledge.training import Texts
    from knowledge.tuning import read_tuning

    settings = read_settings()
    encoder, folder, errors = make_encoder(settings.encoder), settings.snapshot_dir, list[str]()
    texts, tuning = Texts(folder, encoder), read_tuning()
    old = load_snapshot(folder, encoder.name, before)
    if after is not None:
        new = load_snapshot(folder, encoder.name, after)
    else:
        live = read_live(folder, encoder.name)
        draft = make_draft(root, encoder, texts, live.before if live else None, dt.datetime.now(dt.UTC))
        new, errors = draft.snapshot, draft.errors
    asked = questions_for(root, old.content, new.content)
    replies = (ask(old, encoder, texts, tuning, asked), ask(new, encoder, texts, tuning, asked))
    return differences((old.manifest.id, new.manifest.id), (old.content, new.content), replies), errors


def _tell(found: Differences, said: dict[str, str]) -> None:
    where = console()
    where.print(said["compared"].format(before=found.before, after=found.after), style="bold", markup=False)
    for kind, sign, style in (("added", "+", "green"), ("removed", "-", "red")):
        for name in getattr(found.changes, kind):
            where.print(f"{sign} {name} ({said[kind]})", style=style, markup=False)
    for text in found.texts:
        counts = {"more_examples": text.more_examples, "fewer_examples": text.fewer_examples}
        told = [f"{text.answer} {text.language}", *(said[name].format(count=count) for name, count in counts.items() if count)]
        where.print(", ".join(told), style="bold", markup=False)
        for line in text.lines:
            where.print(f"  {line}", style="green" if line.startswith("+") else "red", markup=False)
    for part in found.changes.other:
        where.print(said[f"part_{part}"], markup=False)
    changes = found.changes
    if not (changes.added or changes.removed or changes.changed or changes.other):
        where.print(said["same"], markup=False)
    where.print(said["replies"].format(count=len(found.replies), questions=found.questions), style="bold", markup=False)
    for reply in found.replies:
        where.print(f"  {reply.question}", markup=False)
        where.print(f"    - {_got(reply.before, said)}", style="red", markup=False)
        where.print(f"    + {_got(reply.after, said)}", style="green", markup=False)


def _got(reply: Reply, said: dict[str, str]) -> str:
    return " ".join([said[reply.decision], ", ".join(reply.answers)]).strip()
