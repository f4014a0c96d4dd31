"""``ask-examples``: the examples as training data of the act of asking."""

from __future__ import annotations

from pathlib import Path

import typer

from knowledge.load import load_content
from knowledge.nlu_export import write_ask_examples
from knowledge.output import DEFAULT_CONTENT, ContentFolder


def run(path: Path, content: ContentFolder = DEFAULT_CONTENT) -> None:
    """Write the examples as Rasa training data of the act of asking."""
    typer.echo(f"{write_ask_examples(load_content(content), path)} examples")
