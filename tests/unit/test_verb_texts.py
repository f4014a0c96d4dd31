"""The verbs of the content say the same in Finnish and in English."""

import re
from pathlib import Path

import pytest
import yaml

from knowledge.output import TEXTS, TOLD_IN, words

FILES = sorted(TEXTS.glob("*.yml"))
VALUE = re.compile(r"\{(\w*)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_is_there_in_both_languages_with_the_same_values(path: Path) -> None:
    catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert tuple(catalogue) == TOLD_IN
    finnish, english = (words(path.stem, language) for language in TOLD_IN)
    assert finnish.keys() == english.keys()
    for key, line in finnish.items():
        assert isinstance(line, str)
        assert line.strip()
        assert set(VALUE.findall(line)) == set(VALUE.findall(english[key])), key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_line_is_said_nowhere(path: Path) -> None:
    """A key is named in the code, whole or by its beginning (``missing_easy`` by ``missing_``)."""
    code = "".join(each.read_text(encoding="utf-8") for each in TEXTS.parent.parent.rglob("*.py"))
    for key in words(path.stem, "fi"):
        starts = [key[: place + 1] for place, letter in enumerate(key) if letter == "_"]
        assert re.search(f"[\"']{key}[\"']", code) or any(f'f"{start}{{' in code for start in starts), key
