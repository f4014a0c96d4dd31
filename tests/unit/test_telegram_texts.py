"""The catalogues of the guide in Telegram: every language has every line, with the same values, within Telegram's limits."""

import re

import pytest
import yaml

from bot.channels.telegram.incoming import COMMANDS, MEDIA
from bot.texts import FOLDER, LANGUAGES

CATALOGUES = {
    language: yaml.safe_load((FOLDER / "telegram" / f"{language}.yml").read_text(encoding="utf-8")) for language in LANGUAGES
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_the_same_lines_with_the_same_values(language: str) -> None:
    finnish = CATALOGUES["fi"]
    assert list(CATALOGUES[language]) == list(finnish)
    for name, line in CATALOGUES[language].items():
        assert sorted(re.findall(r"\{\w+\}", line)) == sorted(re.findall(r"\{\w+\}", finnish[name])), name
        assert line.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_and_kinds_have_their_words_and_alerts_fit(language: str) -> None:
    words = CATALOGUES[language]
    assert {f"command_{name}" for name in COMMANDS} | {name for name, _ in MEDIA} <= set(words)
    assert all(len(words[f"command_{name}"]) <= 256 for name in COMMANDS)
    assert len(words["old_button"]) <= 200


def test_nothing_is_in_the_catalogues_that_nobody_says() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (FOLDER.parent / "channels" / "telegram").glob("*.py"))
    asked_for = {f"command_{name}" for name in COMMANDS} | {f"erase_{answer}" for answer in ("yes", "no")}
    assert all(name in asked_for or f'"{name}"' in code for name in CATALOGUES["en"])
