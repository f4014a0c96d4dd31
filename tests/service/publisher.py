"""Takes the place of ``python -m knowledge publish`` in tests of the desk, so that they say what publishing comes to.

In its folder: ``publish-says`` is what it writes, ``publish-asked`` what it was called with. It ends once ``publish-go``, a
named pipe, is opened; without one at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NOTHING = '{"published": false, "problems": [], "worse": [], "twins": []}'
WITH = ("ELO_CONTENT_DIR", "ELO_SNAPSHOT_DIR", "ELO_ENCODER")


def publisher_command(folder: Path) -> tuple[str, ...]:
    """The command that runs it."""
    return (sys.executable, str(Path(__file__).resolve()), str(folder))


def main(folder: Path, arguments: list[str]) -> None:
    """Say what was asked for, wait, and say what the test wants."""
    asked = [*arguments, *(f"{name}={os.environ[name]}" for name in WITH)]
    (folder / "publish-asked").write_text("\n".join(asked), encoding="utf-8")
    if (folder / "publish-go").exists():
        (folder / "publish-go").read_bytes()
    says = folder / "publish-says"
    sys.stdout.write(says.read_text(encoding="utf-8") if says.exists() else NOTHING)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
