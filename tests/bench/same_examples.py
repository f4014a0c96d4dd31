"""A snapshot that knows as few examples as the stock FAQ, so that both can be compared on the same."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from pathlib import Path

from bot.settings import read_settings
from knowledge.compiled import Compiled
from knowledge.encoder import make_encoder
from knowledge.load import Content, load_content
from knowledge.published import FORMAT, Manifest, make_current
from knowledge.retrieval import REFUSALS
from knowledge.snapshot import Snapshot, write_snapshot
from knowledge.training import Texts, make_retrieval
from knowledge.vector_cache import VECTORS
from knowledge.word_counts import WORDS
from tests.bench.stock_project import OUT_OF_SCOPE, Examples, examples_by_intent, on_one_line


def write_same(folder: Path, most: int) -> None:
    """Publish into ``folder`` what the stock FAQ is trained on: ``most`` examples of each answer, and of what is refused.

    What tells own cases from others is left as it is: the stock FAQ has nothing of the kind.
    """
    settings = read_settings()
    encoder = make_encoder(settings.encoder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (VECTORS, WORDS):
        shutil.copy(settings.snapshot_dir / name, folder)
    content = load_content()
    trim(content, examples_by_intent(content, most))
    compiled = Compiled.of(content)
    made = make_retrieval(compiled, Texts(folder, encoder), None)
    now = dt.datetime.now(dt.UTC)
    manifest = Manifest(
        id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
        format=FORMAT,
        published_at=now,
        encoder=encoder.name,
        answers=len(compiled.answers),
        examples=len(made.retrieval.examples),
        content="same examples",
    )
    write_snapshot(folder, Snapshot(manifest, compiled, made.retrieval), made.trained, "{}")
    make_current(folder, manifest.id)


def trim(content: Content, kept: Examples) -> None:
    """Take every example away that is not among ``kept``."""
    for answer in content.answers.values():
        for language, examples in answer.examples().items():
            examples[:] = [each for each in examples if on_one_line(each) in kept[f"faq/{answer.id}"]]
            assert answer.examples()[language] is examples
    for name in REFUSALS:
        for examples in content.boundaries[name].examples.values():
            examples[:] = [each for each in examples if on_one_line(each) in kept[OUT_OF_SCOPE]]
