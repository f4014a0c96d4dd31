"""Easy Finnish, without a dialogue: what is chosen, what is shown, and the lines that are said."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from bot.asker import named_language, spoken_language
from bot.conversation import Conversation
from bot.dialogue import ASKS
from bot.handoff.form import STEPS
from bot.settings import ROOT
from bot.showing import shown_version
from bot.texts import CHOICES, FOLDER, LANGUAGES, line_language, own_name, say
from knowledge.load import load_content
from knowledge.model import EASY_FINNISH
from tests.unit.content_fixtures import BUS, put, write_content

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
EASY = yaml.safe_load((FOLDER / f"{EASY_FINNISH}.yml").read_text(encoding="utf-8"))
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]


def test_easy_finnish_is_chosen_and_any_other_choice_ends_it() -> None:
    conversation = Conversation(id="a", channel="web", created_at=NOW, last_at=NOW)
    conversation.wish(EASY_FINNISH)
    assert (conversation.language, conversation.reads) == ("fi", EASY_FINNISH)
    conversation.language = "en"  # the newcomer writes English for a while
    assert conversation.reads == "en"
    conversation.wish("fi")
    assert (conversation.language, conversation.reads) == ("fi", "fi")
    conversation.wish(None)
    assert (conversation.language, conversation.reads) == (None, None)


@pytest.mark.parametrize(
    ("has_easy", "reads", "shown_in"),
    [(True, EASY_FINNISH, EASY_FINNISH), (False, EASY_FINNISH, "fi"), (True, "fi", "fi"), (True, "so", "en")],
)
def test_the_version_that_is_shown(tmp_path: Path, has_easy: bool, reads: str, shown_in: str) -> None:
    changes = [put(BUS, EASY_FINNISH, {"title": "Lippu", "answer": "Osta lippu."})] if has_easy else []
    answer = load_content(write_content(tmp_path, *changes)).answers["bus_ticket"]
    assert shown_version(answer, reads) == (shown_in, answer.readable()[shown_in])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("puhu selkosuomea", EASY_FINNISH),
        ("selkokielellä kiitos", EASY_FINNISH),
        ("helpolla suomella", EASY_FINNISH),
        ("easy Finnish please", EASY_FINNISH),
        ("I don't understand, can you use simple Finnish?", EASY_FINNISH),
        ("en ymmärrä suomea, selkosuomeksi", EASY_FINNISH),
        ("på lätt finska", EASY_FINNISH),
        ("на простом финском", EASY_FINNISH),
        ("простою фінською", EASY_FINNISH),
        ("بالفنلندية السهلة", EASY_FINNISH),
        ("easy English please", "en"),
        ("I don't understand Finnish, simple English please", "en"),
        ("suomea, kiitos", "fi"),
        ("helppo kysymys", None),
    ],
)
def test_easy_finnish_is_named_in_words(text: str, language: str | None) -> None:
    assert named_language(text) == language


def test_with_a_human_easy_finnish_is_finnish() -> None:
    assert (spoken_language("selkosuomeksi"), spoken_language("englanniksi"), spoken_language("hei")) == ("fi", "en", None)


def test_what_has_no_line_in_easy_finnish_is_said_in_finnish() -> None:
    assert say("greeting", EASY_FINNISH) == EASY["greeting"] != say("greeting", "fi")
    assert say("closed", EASY_FINNISH) == say("closed", "fi")
    assert line_language(EASY_FINNISH) == "fi"


def test_choices_are_called_by_their_own_names() -> None:
    assert [own_name(each) for each in CHOICES] == [
        "Suomi",
        "Selkosuomi",
        "English",
        "Svenska",
        "Русский",
        "Українська",
        "العربية",
    ]
    assert [each for each in CHOICES if each != EASY_FINNISH] == list(LANGUAGES)


@pytest.mark.parametrize("name", [name for name in EASY if name != "own_name"])
def test_a_line_in_easy_finnish_stands_for_one_in_finnish(name: str) -> None:
    """Rasa fills in the values of a response, so one that has any cannot be said in other words here."""
    finnish = next(each["text"] for each in RESPONSES[name] if "condition" in each) if name in RESPONSES else say_raw(name)
    assert EASY[name] != finnish
    assert re.findall(r"\]\(\S+\)", EASY[name]) == re.findall(r"\]\(\S+\)", finnish)
    if name in RESPONSES:
        assert "{" not in finnish + EASY[name]
        assert name.removeprefix(ASKS) in STEPS or not name.startswith(ASKS)


def say_raw(name: str) -> str:
    """The Finnish line as it stands in the catalogue."""
    return str(yaml.safe_load((FOLDER / "fi.yml").read_text(encoding="utf-8"))[name])
