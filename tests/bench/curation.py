"""What counsellors wait for: checking a folder of generated answers."""

from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml

from bot.desk.answer_folder import AnswerFolder
from bot.desk.answer_problems import problems_with
from bot.settings import ROOT, read_settings
from knowledge.encoder import Vectors, make_encoder
from knowledge.fingerprint import fingerprint
from knowledge.load import CONTENT, load_content
from knowledge.model import Answer
from knowledge.read_cache import CHECKED
from knowledge.vector_cache import VECTORS, VectorCache
from tests.bench.scale import Scale

SHARED = ("figures.yml", "contacts.yml", "municipalities.yml", "topics.yml")
SEED = 20261125
JITTER = 0.5
"""Length of the noise beside a unit vector, as in ``index.py``."""


class JitteredEncoder:
    """Gives each copied text the vector of its original with noise: as near as two ways of saying the same."""

    def __init__(self, name: str, dimensions: int, originals: dict[str, Vectors]) -> None:
        self.name, self.dimensions = name, dimensions
        self._originals = originals
        self._random = np.random.default_rng(SEED)

    def encode(self, texts: Sequence[str], *, alone: bool = False) -> Vectors:
        own = np.stack([self._originals[text.rpartition(" #")[0]] for text in texts])
        noisy = own + self._random.standard_normal(own.shape, dtype=np.float32) * np.float32(JITTER / np.sqrt(self.dimensions))
        return np.asarray(noisy / np.linalg.norm(noisy, axis=1, keepdims=True), dtype=np.float32)


def measure_curation(scale: Scale) -> dict[str, Any]:
    """Seconds of whole commands over ``scale.curated_answers`` answers, and of the desk's check of one proposed text."""
    with TemporaryDirectory() as folder:
        root, snapshots = Path(folder) / "knowledge", Path(folder) / "snapshots"
        examples = generate_content(root, scale.curated_answers)
        generate_vectors(root, snapshots)
        return {"answers": scale.curated_answers, "examples": examples, "check": _check_rows(root, snapshots, scale.rounds)}


def generate_content(root: Path, count: int) -> int:
    """Write ``count`` answers with their twins, copied from the real ones in turn and told apart by a number, and everything that
    they need. Returns how many examples they have."""
    for name in SHARED:
        root.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONTENT / name, root / name)
    shutil.copytree(CONTENT / "boundaries", root / "boundaries")
    real = list(load_content().answers.values())
    groups = {path.stem: path.parent.name for path in (CONTENT / "answers").rglob("*.yml")}
    examples = 0
    for number in range(count):
        original = real[number % len(real)]
        data = _copy(original, number)
        examples += sum(len(part["examples"]) for part in data.values() if isinstance(part, dict) and "examples" in part)
        twin = {"id": data["id"], "finds": {"fi": [f"kysymys {number}"]}, "near_misses": {"fi": [f"muu kysymys {number}"]}}
        for kind, written in (("answers", data), ("twins", twin)):
            path = root / kind / groups[original.id] / f"{data['id']}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.dump(written, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1_000))
    return examples


def generate_vectors(root: Path, snapshots: Path) -> None:
    """Write vectors of every example of the generated content below ``snapshots``, made from those of publishing."""
    settings = read_settings()
    encoder = make_encoder(settings.encoder)
    real = [text for answer in load_content().answers.values() for texts in answer.examples().values() for text in texts]
    vectors = VectorCache(settings.snapshot_dir / VECTORS, encoder).encode(real)
    jittered = JitteredEncoder(encoder.name, encoder.dimensions, dict(zip(real, vectors, strict=True)))
    texts = [text for answer in load_content(root).answers.values() for texts in answer.examples().values() for text in texts]
    VectorCache(snapshots / VECTORS, jittered).encode(texts, batch=len(texts))


def _copy(original: Answer, number: int) -> dict[str, Any]:
    data = original.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["id"] = f"{original.id}_{number}"[-80:].lstrip("_0123456789")
    for part in data.values():
        if isinstance(part, dict):
            if "title" in part:
                part["title"] = f"{part['title'][:80]} {number}"
            if "examples" in part:
                part["examples"] = [f"{example} #{number}" for example in part["examples"]]
    current = fingerprint(Answer.model_validate(data).fi)
    for part in data.values():
        if isinstance(part, dict) and "based_on" in part:
            part["based_on"] = current
    return data


def _check_rows(root: Path, snapshots: Path, rounds: int) -> list[dict[str, Any]]:
    path = next((root / "answers").rglob("*.yml"))
    original = path.read_text(encoding="utf-8")

    def forget() -> None:
        (snapshots / CHECKED).unlink(missing_ok=True)

    def change() -> None:
        path.write_text(f"{original}# {time.time_ns()}\n", encoding="utf-8")

    def add_example() -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("  examples:\n", f"  examples:\n  - 'kysymys {time.time_ns()}'\n", 1), encoding="utf-8")

    rows = [
        _row("check, nothing known", rounds, lambda: _command(root, snapshots), forget),
        _row("check, nothing changed", rounds, lambda: _command(root, snapshots), lambda: None),
        _row("check, one answer changed", rounds, lambda: _command(root, snapshots), change),
        _row("check, an example added", rounds, lambda: _command(root, snapshots), add_example),
        _row("check --fast, nothing known", rounds, lambda: _command(root, snapshots, "--fast"), forget),
        _row("check --fast, one answer changed", rounds, lambda: _command(root, snapshots, "--fast"), change),
    ]
    path.write_text(original, encoding="utf-8")
    folder = AnswerFolder(root)

    def propose() -> None:
        for proposed in ({path: path.read_text(encoding="utf-8")}, {path: original}):  # newly wrong is what was not wrong before
            problems_with(folder, proposed, dt.date.today())

    propose()
    return [*rows, _row("one proposed text, at the desk", rounds, propose, change)]


def _row(name: str, rounds: int, run: Callable[[], object], before: Callable[[], None]) -> dict[str, Any]:
    seconds, computing = [], []
    for _ in range(rounds):
        before()
        started, computed = time.perf_counter(), _computed()
        run()
        seconds.append(time.perf_counter() - started)
        computing.append(_computed() - computed)
    row = {
        "what": name,
        "median_s": round(statistics.median(seconds), 2),
        "worst_s": round(max(seconds), 2),
        "computing_s": round(statistics.median(computing), 2),
    }
    print(f"curation: {row}", flush=True)
    return row


def _computed() -> float:
    """Seconds that this process and those it waited for have kept a core busy."""
    return sum(
        times.ru_utime + times.ru_stime for times in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _command(root: Path, snapshots: Path, *more: str) -> None:
    """The command as a counsellor runs it, from its start, on all cores. Advice may be told, but no problem."""
    own = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    subprocess.run(
        [sys.executable, "-m", "knowledge", "check", "--content", str(root), *more],
        cwd=ROOT,
        env={**own, "ELO_SNAPSHOT_DIR": str(snapshots)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
