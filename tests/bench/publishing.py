"""What publishing takes: a folder of a thousand answers, for the first time, with little changed, and back again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.settings import ROOT, read_settings
from knowledge.compiled import Compiled
from knowledge.differences import questions_for
from knowledge.encoder import Encoder, make_encoder
from knowledge.fingerprint import fingerprint
from knowledge.load import CONTENT, load_content
from knowledge.model import Answer, Importance
from knowledge.publishing import publish
from knowledge.retrieval import examples_of
from knowledge.training import Texts
from knowledge.vector_cache import VECTORS
from tests.bench.numbers import median
from tests.bench.scale import Scale
from tests.live_guide import environment

FEWEST = {True: 12, False: 8}
"""Examples that a part must have in Finnish and in English, when its answer is required or not."""

MANY = 10
"""Answers that are changed at once."""

SHARED = ("figures.yml", "contacts.yml", "municipalities.yml", "topics.yml")


def measure_publishing(scale: Scale) -> dict[str, Any]:
    """Seconds of publishing, in this process and as a command, and of going back; bytes of a snapshot.

    The answers are the real ones cut into parts, so that the texts are real and their vectors known: what encoding them would
    take is told by the part ``encode``. Twin tests that fail in the first publishing are no concern here.
    """
    settings = read_settings()
    encoder = make_encoder(settings.encoder)
    with TemporaryDirectory() as temporary:
        root, folder = Path(temporary) / "knowledge", Path(temporary) / "snapshots"
        answers = write_answers(root, scale.published_answers)
        folder.mkdir()
        shutil.copy(settings.snapshot_dir / VECTORS, folder)
        _encode_what_is_new(root, folder, encoder)
        first = publish(root, folder, encoder, _now())
        rows = [_row("everything anew", [first.seconds])]
        passing, times = _change_one_by_one(root, folder, encoder, answers)
        rows.append(_row("1 changed", times))
        times = []
        for number in range(scale.rounds):
            edit(passing, f"kymmenen {number}")
            times.append(publish(root, folder, encoder, _now(), confirm=lambda worse: True).seconds)
        rows.append(_row(f"{len(passing)} changed", times))
        commands = []
        for number in range(scale.rounds):
            edit(passing[:1], f"komentona {number}")
            seconds, told = _command(root, folder, "publish", "--confirm", "--content", str(root))
            commands.append(seconds)
        rows.append(_row("1 changed, as a whole command with all cores", commands))
        back, _ = _command(root, folder, "rollback")
        size = sum(path.stat().st_size for path in (folder / str(told["id"])).iterdir())
        shared = sum(path.stat().st_size for path in folder.glob("*.bin"))
        return {
            "answers": first.answers,
            "examples": first.examples,
            "rows": rows,
            "rollback_s": back,
            "snapshot_mb": round(size / 1e6, 1),
            "shared_mb": round(shared / 1e6, 1),
        }


def _row(what: str, times: Sequence[float]) -> dict[str, Any]:
    return {"what": what, "median_s": median(times), "all_s": list(times)}


def _encode_what_is_new(root: Path, folder: Path, encoder: Encoder) -> None:
    content = Compiled.of(load_content(root))
    new = [*(example.text for example in examples_of(content)), *questions_for(root, content)]
    Texts(folder, encoder).vectors.encode(new)


def _change_one_by_one(root: Path, folder: Path, encoder: Encoder, answers: Sequence[Path]) -> tuple[list[Path], list[float]]:
    """Answers that pass when they are changed, and what each publishing took: some generated neighbours are too alike."""
    passing, times = [], []
    for path in answers:
        before = path.read_text(encoding="utf-8")
        edit([path], f"yksi {path.stem}")
        result = publish(root, folder, encoder, _now(), confirm=lambda worse: True)
        if result.published:
            passing.append(path)
            times.append(result.seconds)
        else:
            path.write_text(before, encoding="utf-8")
        if len(passing) == MANY:
            break
    return passing, times


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _command(root: Path, folder: Path, *told: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole command, and what it said."""
    settings = read_settings().model_copy(update={"snapshot_dir": folder, "content_dir": root})
    variables = environment(settings)
    del variables["OMP_NUM_THREADS"]  # a command has all cores
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "knowledge", *told, "--json"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{told[0]}: {done.stdout}{done.stderr}")
    return round(time.monotonic() - began, 2), json.loads(done.stdout)


def write_answers(root: Path, count: int) -> list[Path]:
    """Write ``count`` answers, each a part of a real one with a part of its examples, with twins and all that they need."""
    root.mkdir(parents=True)
    for name in SHARED:
        shutil.copy(CONTENT / name, root)
    for name in ("boundaries", "gate"):
        shutil.copytree(CONTENT / name, root / name)
    content = load_content()
    groups = {topic.id: topic.group for topic in content.topics.values()}
    written: list[Path] = []
    parts = [list(_parts(answer)) for answer in content.answers.values()]
    for round_of in range(max(map(len, parts))):
        for answer in (each[round_of] for each in parts if round_of < len(each)):
            if len(written) < count:
                group = groups[answer["topic"]]
                written.append(_write(root / "answers" / group / f"{answer['id']}.yml", answer))
                twin = {"id": answer["id"], "finds": {"fi": [f"{answer['fi']['examples'][-1]} kiitos"]}}
                _write(root / "twins" / group / f"{answer['id']}.yml", {**twin, "near_misses": {"fi": ["mikä sää on huomenna"]}})
    return written


def edit(answers: Sequence[Path], text: str) -> None:
    """One example of each of these answers becomes another one."""
    for number, path in enumerate(answers):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        data["fi"]["examples"][0] = f"{text} {number}"
        _write(path, data)


def _parts(answer: Answer) -> Iterator[dict[str, Any]]:
    examples = answer.examples()
    fewest = FEWEST[answer.importance is Importance.required]
    count = min(len(examples[language]) for language in ("fi", "en")) // fewest
    for number in range(count):
        data = answer.model_dump(mode="json", by_alias=True, exclude_none=True)
        data.pop("fi-easy", None)
        if number:
            data["id"] = f"{answer.id[:70]}_{number}"
            for language in answer.versions():
                data[language]["title"] = f"{data[language]['title'][:84]} ({number})"
        for language, texts in examples.items():
            data[language]["examples"] = texts[number::count]
        data["en"]["based_on"] = fingerprint(answer.fi.model_copy(update={"title": data["fi"]["title"]}))
        yield data


def _write(path: Path, data: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
