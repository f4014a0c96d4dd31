"""Content is published and put back while newcomers ask: no turn is lost, and none waits for a restart."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from bot.settings import ROOT
from knowledge.published import current_id, read_manifest, write_hold
from tests.live_guide import LiveGuide, environment, wait_until
from tests.service.newcomer import LIBRARY, Newcomer

PRESS = '/choose{"answer":"library_card"}'
NEW = "Bring a blue umbrella."


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The whole content, to be edited."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", root, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    return root


@pytest.fixture
def snapshots(live_guide: LiveGuide) -> Iterator[Path]:
    """The folder of snapshots, afterwards as it was."""
    folder = live_guide.settings.snapshot_dir
    before = current_id(folder)
    yield folder
    (folder / "current").write_text(f"{before}\n", encoding="utf-8")
    write_hold(folder, None)
    wait_until(lambda: live_guide.health()["knowledge"]["snapshot"] == before, "what was live before to be live again", 60)


def knowledge(live_guide: LiveGuide, *told: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "knowledge", *told, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment(live_guide.settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_no_turn_is_lost_while_content_is_published_and_put_back(
    api: httpx.Client, live_guide: LiveGuide, content: Path, snapshots: Path
) -> None:
    edited = content / "answers/everyday/library_card.yml"
    head, en, tail = edited.read_text(encoding="utf-8").partition("\nen:\n")
    edited.write_text(head + en + tail.replace("answer: |\n", f"answer: |\n    {NEW}\n\n", 1), encoding="utf-8")
    before, service = current_id(snapshots), live_guide.service_process.pid
    done = Event()

    def live() -> str:
        return str(api.get("/health").json()["knowledge"]["snapshot"])

    def keep_asking(number: int) -> list[str | None]:
        """Ask without a pause until told to stop: the id of each answer that came."""
        newcomer, got = Newcomer(api), list[str | None]()
        while not done.is_set():
            reply = newcomer.say(LIBRARY[0])
            got.append(reply["answer"]["id"] if reply["status"] == "answered" else None)
        history = newcomer.history()
        assert [message["sender"] for message in history if message["sender"] != "system"][1:] == ["newcomer", "bot"] * len(got)
        return got

    with ThreadPoolExecutor(2) as asking:
        turns = [asking.submit(keep_asking, number) for number in range(2)]
        try:
            published = knowledge(live_guide, "publish", "--content", str(content), "--by", "counsellor")
            assert "library_card" in published["changes"]["changed"]
            wait_until(lambda: live() == published["id"], "the new snapshot to go live", 60)
            newcomer = Newcomer(api, language="en")
            assert NEW in newcomer.press(PRESS)["text"]
            hold = knowledge(live_guide, "rollback", "--by", "counsellor")
            assert (hold["put_back"], hold["instead_of"]) == (before, published["id"])
            wait_until(lambda: live() == before, "the old snapshot to be live again", 60)
            assert NEW not in newcomer.press(PRESS)["text"]
            assert knowledge(live_guide, "publish", "--content", str(content), "--if-changed")["left"] == "held"
        finally:
            done.set()
    for answers in (turn.result() for turn in turns):
        assert len(answers) > 1
        assert set(answers) == {LIBRARY[1]}
    assert live_guide.service_process.pid == service
    assert live() == before


def test_the_watch_publishes_what_is_saved_and_ends_when_it_is_told_to(
    api: httpx.Client, live_guide: LiveGuide, content: Path, snapshots: Path
) -> None:
    before = current_id(snapshots)
    settings = live_guide.settings.model_copy(update={"content_dir": content})
    watching = subprocess.Popen([sys.executable, "-m", "bot", "watch-content"], cwd=ROOT, env=environment(settings))
    try:
        edited = content / "answers/everyday/library_card.yml"
        text = edited.read_text(encoding="utf-8")
        head, en, tail = text.partition("\nen:\n")
        edited.write_text(head + en + tail.replace("answer: |\n", f"answer: |\n    {NEW}\n\n", 1), encoding="utf-8")
        wait_until(lambda: current_id(snapshots) != before, "the saved answer to be published")
        assert read_manifest(snapshots, str(current_id(snapshots))).by == "watch"
        wait_until(lambda: NEW in Newcomer(api, language="en").press(PRESS)["text"], "the saved answer to be live", 60)
        watching.send_signal(signal.SIGTERM)
        assert watching.wait(60) == 0
    finally:
        watching.kill()
        watching.wait()
