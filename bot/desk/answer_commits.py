"""Commits what was saved at the desk, where the content is in a git work tree. Authors are roles, never people."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import structlog

from bot.desk.words import word

log = structlog.get_logger(__name__)

Committed = Literal["committed", "no_git", "not_committed"]
"""``not_committed``: there is git, but it refused. The files are saved all the same."""

LONGEST_SECONDS = 30


def commit(root: Path, files: list[Path], role: str, message: str) -> Committed:
    """Commit these files and nothing else that may be waiting there."""
    try:
        if _git(root, role, "rev-parse", "--is-inside-work-tree").strip() != "true":
            return "no_git"
    except (OSError, subprocess.SubprocessError):
        return "no_git"
    paths = [str(path) for path in files]
    try:
        _git(root, role, "add", "--", *paths)
        _git(root, role, "commit", "--quiet", "--only", "-m", message, "--", *paths)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        log.error("answer.not_committed", files=[path.name for path in files], why=said.strip()[-500:])
        return "not_committed"
    return "committed"


def commits_examples(root: Path) -> Callable[[Path, str], Awaitable[None]]:
    """What commits an example that somebody attached, in the main language of the content."""

    async def committed(path: Path, role: str) -> None:
        await asyncio.to_thread(commit, root, [path], role, word("fi", "commit.example", id=path.stem))

    return committed


def _git(root: Path, role: str, *arguments: str) -> str:
    """What git says. It never asks anybody, and takes nothing from a repository around the service."""
    who = {"NAME": role, "EMAIL": f"{role}@desk.invalid"}
    of_role = {f"GIT_{kind}_{part}": value for kind in ("AUTHOR", "COMMITTER") for part, value in who.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603  no shell, and nothing that somebody typed stands before "--" but the message
        ["git", "-c", "commit.gpgSign=false", *arguments],  # noqa: S607  the git that the machine has
        cwd=root,
        env={**kept, **of_role, "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=True,
    )
    return done.stdout
