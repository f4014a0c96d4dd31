"""Commands run in a terminal of their own, as somebody who sits before it sees them."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path


def seen_in_terminal(
    command: Sequence[str | Path],
    folder: Path,
    *,
    width: int,
    typed: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> str:
    """What is to be seen, colours among it. Each of ``typed`` is written when something is asked: when a line ends in ``: ``."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
    known = {"TERM": "xterm-256color", **(os.environ if environment is None else environment)}
    waiting, seen = list(typed), b""
    with subprocess.Popen(command, cwd=folder, env=known, stdin=end, stdout=end, stderr=end) as process:
        os.close(end)
        while True:
            if waiting and seen.endswith(b": "):
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
            try:
                seen += os.read(terminal, 65536)
            except OSError:  # nothing holds the other end any more: the command is over
                break
        process.wait()
    os.close(terminal)
    return seen.decode().replace("\r", "")
