"""Which processes the supervisor keeps running."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.supervisor import Supervisor


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, ["Rasa", "the service"]),
        ({"watch_content": "on"}, ["Rasa", "the service", "the content watch"]),
        ({"rasa_url": "http://127.0.0.1:9"}, ["the service"]),
        ({"rasa_url": "http://127.0.0.1:9", "watch_content": "on"}, ["the service", "the content watch"]),
    ],
)
def test_the_settings_say_which_processes_there_are(tmp_path: Path, changed: dict[str, str], names: list[str]) -> None:
    supervisor = Supervisor(Settings(run_dir=tmp_path, **changed), lambda line: None)
    processes = supervisor._processes()
    assert [process.name for process in processes] == names
    assert all(process.process is None for process in processes)
    assert ("watch-content" in processes[-1].command) == (changed.get("watch_content") == "on")
