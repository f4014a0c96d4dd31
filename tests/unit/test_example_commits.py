"""An example that somebody attached at the desk is committed with their role, and nothing else is."""

import subprocess
from pathlib import Path

from bot.desk.answer_commits import commits_examples


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


async def test_the_file_alone_is_committed_by_the_role(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    path, other = tmp_path / "bus_ticket.yml", tmp_path / "other.yml"
    path.write_text("id: bus_ticket\n", encoding="utf-8")
    other.write_text("id: other\n", encoding="utf-8")
    await commits_examples(tmp_path)(path, "counsellor")
    assert git(tmp_path, "log", "--format=%an <%ae>|%s").strip() == (
        "counsellor <counsellor@desk.invalid>|bus_ticket: esimerkki lisätty työpöydällä"
    )
    assert git(tmp_path, "show", "--name-only", "--format=").split() == ["bus_ticket.yml"]


async def test_without_git_nothing_happens(tmp_path: Path) -> None:
    path = tmp_path / "bus_ticket.yml"
    path.write_text("id: bus_ticket\n", encoding="utf-8")
    await commits_examples(tmp_path)(path, "counsellor")
    assert path.read_text(encoding="utf-8") == "id: bus_ticket\n"
