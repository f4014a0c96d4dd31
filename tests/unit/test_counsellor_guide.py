"""The guide for counsellors can be followed: its commands run as they are written, its links lead somewhere."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.counsellor_guide import GUIDE, PAGES, VERB, copy_of_the_guide, lasting, steps_of

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_every_command_runs_as_it_is_written(tmp_path: Path) -> None:
    """Somebody follows the Finnish guide from its first page to its last."""
    place = copy_of_the_guide(tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ELO_")} | {"LC_ALL": "fi_FI.UTF-8"}
    for step in steps_of("fi"):
        if step.command is None:
            (place / step.path).write_text(lasting(step.text), encoding="utf-8")
            continue
        assert step.command.startswith(VERB)
        done = subprocess.run(
            ["bash", "-c", step.command], cwd=place, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode in ((0, 1, 3) if step.online else (0,)), f"{step.command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    assert "<template shadowrootmode" in (place / "clocks.html").read_text(encoding="utf-8")


def test_the_guide_is_the_same_in_both_languages() -> None:
    """Only what a newcomer would ask differs."""
    finnish, english = ([_without_question(str(step)) for step in steps_of(language)] for language in ("fi", "en"))
    assert finnish == english


@pytest.mark.parametrize("language", ["fi", "en"])
def test_every_page_is_reached_from_the_first(language: str) -> None:
    assert sorted(path.name for path in (GUIDE / language).iterdir()) == sorted(PAGES)
    linked = LINK.findall((GUIDE / language / "README.md").read_text(encoding="utf-8"))
    assert {target.partition("#")[0] for target in linked} >= set(PAGES[1:])


@pytest.mark.parametrize("page", sorted(GUIDE.rglob("*.md")), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_every_link_leads_to_a_page_and_its_heading(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://…"):
            continue
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.is_file(), target
        if heading:
            assert heading in _anchors(path), target


@pytest.mark.parametrize("page", sorted(GUIDE.rglob("*.md")), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_pictures_are_of_the_page_s_language_and_told_in_words(page: Path) -> None:
    for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert words.strip()
        assert Path(target).stem.endswith(f"-{page.parent.name}")


def _without_question(step: str) -> str:
    return re.sub(r'knowledge try "[^"]+"', "knowledge try", step)


def _anchors(page: Path) -> set[str]:
    """Headings as forges name them: small letters, signs left out, spaces as hyphens."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-") for heading in headings}
