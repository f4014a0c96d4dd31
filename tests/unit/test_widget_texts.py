"""The catalogues of the widget: every language has every word in every form it needs, and nothing that nobody says."""

import re
from typing import Any

import pytest
from babel import Locale

from bot.language import direction
from bot.texts import CHOICES, LANGUAGES, widget_words
from bot.widget.assets import FOLDER

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.js"))}
FINNISH = widget_words("fi")
ENTRIES = [(part, name) for part, words in FINNISH.items() for name in words]


def lines(entry: Any) -> list[str]:
    """Every line of an entry."""
    if isinstance(entry, dict):
        return list(entry.values())
    return entry if isinstance(entry, list) else [entry]


def values_in(line: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", line))


@pytest.mark.parametrize("language", CHOICES)
def test_every_catalogue_has_every_word(language: str) -> None:
    words = widget_words(language)
    assert {part: list(entries) for part, entries in words.items()} == {part: list(entries) for part, entries in FINNISH.items()}


@pytest.mark.parametrize("language", CHOICES)
@pytest.mark.parametrize(("part", "name"), ENTRIES)
def test_every_word_has_the_shape_and_the_values_that_it_has_in_finnish(language: str, part: str, name: str) -> None:
    entry, finnish = widget_words(language)[part][name], FINNISH[part][name]
    assert type(entry) is type(finnish)
    assert all(line.strip() for line in lines(entry))
    if isinstance(finnish, list):
        assert len(entry) == len(finnish)
    if isinstance(finnish, str):
        assert values_in(str(entry)) == values_in(finnish)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there_and_no_other(language: str) -> None:
    forms = set(Locale(language).plural_form.tags) | {"other"}
    for entries in widget_words(language).values():
        for name, entry in entries.items():
            if isinstance(entry, dict):
                assert set(entry) == forms, f"{language}: {name}"
                assert values_in(entry["other"]) == {"count"}


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, name in ENTRIES if part != "page"])
def test_every_word_is_said_somewhere(part: str, name: str) -> None:
    if name in ("own_case", "expert_topic", "unknown") or name.endswith(("_ask", "_what")):
        return  # named by a message's reason, or by the deed that is asked about
    assert any(f'"{name}"' in text or f" {name}:" in text for text in SCRIPTS.values())


def test_the_widget_speaks_the_languages_of_the_service_each_in_its_direction() -> None:
    script = SCRIPTS["languages.js"]
    named = re.search(r"LANGUAGES = (\[.*?\])", script)
    assert named
    assert re.findall(r'"([\w-]+)"', named[1]) == list(CHOICES)
    assert [language for language in LANGUAGES if direction(language) == "rtl"] == ["ar"]
    assert 'language === "ar" ? "rtl" : "ltr"' in script
