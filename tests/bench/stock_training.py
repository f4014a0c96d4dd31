"""Trains the stock Rasa FAQ once for each state of the content."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from bot.rasa_process import RASA_PYTHON, rasa_environment
from tests.bench.scale import Scale
from tests.bench.stock_project import PROJECT, write_project

TRAIN_WITHIN = 8 * 3600.0
TELL_EVERY = 30.0
MODELS = PROJECT / "models"


def measure_stock(scale: Scale) -> dict[str, Any]:
    """Train when this content has not been trained yet; returns what training took."""
    return trained(scale)[1]


def trained(scale: Scale) -> tuple[Path, dict[str, Any]]:
    """The trained model and what is known of its training."""
    digest, examples = write_project(scale)
    model, facts = MODELS / f"{digest}.tar.gz", MODELS / f"{digest}.json"
    if model.exists() and facts.exists():
        print(f"stock: trained already ({model.name})", flush=True)
    else:
        print(
            f"stock: training on {examples} examples, {scale.diet_epochs} epochs of DIET, {scale.epochs} of ResponseSelector …",
            flush=True,
        )
        seconds = _train(digest)
        known = {
            "examples": examples,
            "diet_epochs": scale.diet_epochs,
            "epochs": scale.epochs,
            "training_s": round(seconds, 1),
            "model_mb": round(model.stat().st_size / 1e6, 1),
        }
        facts.write_text(json.dumps(known), encoding="utf-8")
    return model, json.loads(facts.read_text(encoding="utf-8"))


def _train(digest: str) -> float:
    waiting = PROJECT / "training"
    shutil.rmtree(waiting, ignore_errors=True)
    MODELS.mkdir(exist_ok=True)
    log = PROJECT / "train.log"
    command = [
        str(RASA_PYTHON), "-m", "rasa", "train", "--skip-validation", "--force", "--data", "data", "--domain", "domain.yml",
        "--config", "config.yml", "--out", str(waiting), "--fixed-model-name", digest,
    ]  # fmt: skip
    environment = {name: value for name, value in rasa_environment().items() if name != "OMP_NUM_THREADS"}
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, log, started)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)
    if process.returncode != 0:
        raise RuntimeError(f"training the stock FAQ failed with code {process.returncode}:\n{_tail(log, 3000)}")
    os.replace(waiting / f"{digest}.tar.gz", MODELS / f"{digest}.tar.gz")
    shutil.rmtree(waiting)
    return time.monotonic() - started


def _wait(process: subprocess.Popen[bytes], log: Path, started: float) -> None:
    while time.monotonic() - started < TRAIN_WITHIN:
        try:
            process.wait(TELL_EVERY)
            return
        except subprocess.TimeoutExpired:
            print(f"stock: {time.monotonic() - started:6.0f} s  {_progress(_tail(log, 600))}", flush=True)
    raise TimeoutError(f"training the stock FAQ took more than {TRAIN_WITHIN:g} s: see {log}")


def _progress(tail: str) -> str:
    """The last state of the progress bar, or the last line."""
    bars = re.findall(r"Epochs:\s+\d+%\|[^|]*\|\s*(\d+/\d+ \[[^\]\r\n]*)", tail)
    if bars:
        return f"epoch {bars[-1]}]"
    lines = tail.strip().splitlines()
    return lines[-1][:110] if lines else ""


def _tail(log: Path, count: int) -> str:
    return log.read_bytes()[-count:].decode("utf-8", "replace")
