"""``python -m tests.browser.counsellor_pictures``: pictures in the guide for counsellors, of commands that really run."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.browser.chromium import running_chromium
from tests.counsellor_guide import GUIDE, VERB, copy_of_the_guide, steps_of
from tests.terminal import seen_in_terminal

IMAGES = GUIDE / "images"
WIDTH = 100
LOADED_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""What the pictures would load from the internet: they are shown in the reader's own letters."""

TYPED = (
    "phone", "Milloin kelloja siirretään Suomessa?", "When do the clocks change in Finland?", "clocks_change", "", "", "",
    "https://eur-lex.europa.eu/eli/dir/2000/84/oj", "EUR-Lex: kesäaika",
)  # fmt: skip


def main() -> None:
    """Follow the guide as far as its pictures go, in each language."""
    IMAGES.mkdir(exist_ok=True)
    for language in ("fi", "en"):
        with tempfile.TemporaryDirectory() as folder:
            place = copy_of_the_guide(Path(folder))
            _terminal(place, f"new --lang {language}", IMAGES / f"new-{language}.svg", TYPED)
            _terminal(place, "check", IMAGES / f"check-{language}.svg")
            for step in steps_of(language):
                if step.path:
                    (place / step.path).write_text(step.text, encoding="utf-8")
            words = ["preview", "clocks_change", "--html", "preview.html", "--on", "2026-11-22", "--lang", language]
            subprocess.run([*VERB.split(), *words], cwd=place, check=True)
            _page(place / "preview.html", IMAGES / f"preview-{language}.png")


def _terminal(place: Path, words: str, picture: Path, typed: tuple[str, ...] = ()) -> None:
    """Run one command in a terminal of its own, with what somebody types, and keep what is to be seen."""
    spoken = {"LC_ALL": "fi_FI.UTF-8" if picture.stem.endswith("fi") else "C.UTF-8"}
    seen = seen_in_terminal(
        [*VERB.split(), *words.split()], place, width=WIDTH, typed=typed, environment={**os.environ, **spoken}
    )
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(seen))
    drawn = console.export_svg(title=f"{VERB}{words.partition(' --lang')[0]}")
    picture.write_text(LOADED_FONT.sub("", drawn), encoding="utf-8")


def _page(page: Path, picture: Path) -> None:
    with running_chromium() as browser:
        shown = browser.new_page(viewport={"width": 900, "height": 640})
        shown.goto(page.as_uri())
        shown.screenshot(path=picture, full_page=True)


if __name__ == "__main__":
    main()
