"""``python -m tests.eval``: fit on the development part if asked to, ask every question of a running guide, print the tables."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import ROOT
from knowledge.encoder import make_encoder
from knowledge.snapshot import load_snapshot
from knowledge.tuning import TUNING_FILE, Tuning
from knowledge.vector_cache import VectorCache
from tests.eval.asking import Outcome, ask_all
from tests.eval.fit import fit, write
from tests.eval.questions import Part, read_questions
from tests.eval.tables import ablation_table, answers_table, calibration_table, recognition_table
from tests.live_guide import LiveGuide, settings_for_tests

REPORT = ROOT / "docs" / "figures-eval.md"


def main(
    fit_first: Annotated[bool, typer.Option("--fit", help="Fit weights and bands on the development part first.")] = False,
    part: Annotated[Part, typer.Option(help="Which part to report on.")] = Part.final,
    misses: Annotated[Path | None, typer.Option(help="Write what went wrong on the development part to this file.")] = None,
) -> None:
    """Evaluate the guide. The report on the final part goes to docs/figures-eval.md."""
    if fit_first:
        encoder = make_encoder("bundled")
        retrieval = load_snapshot(ROOT / "var" / "snapshots", encoder.name).retrieval
        cache = VectorCache(ROOT / "var" / "eval-vectors.bin", encoder)
        write(fit(read_questions(Part.development), retrieval, cache))
        typer.echo(f"Fitted: {TUNING_FILE}")
    with tempfile.TemporaryDirectory() as folder:
        guide = LiveGuide(settings_for_tests(Path(folder)))
        try:
            guide.start()
            outcomes = asyncio.run(ask_all(guide.url, read_questions(part)))
        finally:
            guide.stop()
    report = _report(outcomes, part, Tuning.model_validate_json(TUNING_FILE.read_bytes()))
    typer.echo(report)
    if part is Part.final:
        REPORT.write_text(report, encoding="utf-8")
    if misses is not None:
        if part is Part.final:
            raise typer.BadParameter("the final part is for reporting only: look at misses of the development part")
        misses.write_text("\n".join(_miss(each) for each in outcomes if each.wrong or each.status == "unknown"), encoding="utf-8")


def _report(outcomes: list[Outcome], part: Part, tuning: Tuning) -> str:
    bands = json.dumps(tuning.bands.model_dump())
    return f"""# Figures: what the guide makes of {len(outcomes)} questions ({part} part)

`script/eval`, {dt.date.today()}; encoder {tuning.evidence["encoder"]}, {tuning.evidence["answers"]} answers. The questions
(`tests/eval/questions/`) were written by people who had not seen the examples and labelled by others; none of them is an example.
Weights and bands were fitted on the development part alone. Shares with 95 % intervals (Wilson).

## Answers

{answers_table(outcomes)}

## Recognition

{recognition_table(outcomes)}

## Calibration

{calibration_table(outcomes)}

## Does each arm earn its place? (development part, cross-validated)

{ablation_table(tuning.evidence["ablation"])}

Bands: `{bands}`
"""


def _miss(each: Outcome) -> str:
    question = each.question
    got = each.answer or each.choices
    return f"{each.status}\t{question.lang}\t{question.kind}\t{question.text}\twanted {question.answers}\tgot {got}"


if __name__ == "__main__":
    typer.run(main)
