"""The words of mails: both languages have the same, and each letter and line is used."""

import re

import pytest

from bot.handoff.letters import MAIL_LANGUAGES, catalogue, letter, line, mail_language
from bot.settings import ROOT

FINNISH = catalogue("fi")
SAID = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot" / "handoff").glob("*.py")))


def values_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("language", MAIL_LANGUAGES)
def test_every_language_has_the_same_letters_and_lines(language: str) -> None:
    assert list(catalogue(language).letters) == list(FINNISH.letters)
    assert list(catalogue(language).lines) == list(FINNISH.lines)


@pytest.mark.parametrize("language", MAIL_LANGUAGES)
@pytest.mark.parametrize("name", FINNISH.letters)
def test_letters_have_the_same_values_and_are_not_empty(language: str, name: str) -> None:
    words, finnish = catalogue(language).letters[name], FINNISH.letters[name]
    assert values_in(words.subject) == values_in(finnish.subject)
    assert values_in(words.body) == values_in(finnish.body)
    assert words.subject.strip()
    assert words.body.strip()
    assert "\n" not in words.subject


@pytest.mark.parametrize("language", MAIL_LANGUAGES)
@pytest.mark.parametrize("name", FINNISH.lines)
def test_lines_have_the_same_values(language: str, name: str) -> None:
    assert values_in(catalogue(language).lines[name]) == values_in(FINNISH.lines[name])
    assert catalogue(language).lines[name].strip()


def test_letters_to_newcomers_about_an_appointment_say_what_to_do_and_nothing_of_the_case() -> None:
    for happening in ("booked", "changed", "cancelled"):
        assert values_in(FINNISH.letters[f"appointment_{happening}_newcomer"].body) <= {
            "when",
            "minutes",
            "desk",
            "place",
            "ways",
        }
        assert "ways" in values_in(FINNISH.letters[f"appointment_{happening}_newcomer"].body)


def test_who_writes_neither_finnish_nor_english_gets_english() -> None:
    assert [mail_language(code) for code in ("fi", "en", "ru", "ar")] == ["fi", "en", "en", "en"]
    assert letter("question_left_newcomer", "ru", desk="x", link="y").subject == "We have your question"
    assert line("chat", "ru") == "chat now"


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert line("way_phone", "en", phone="{link} {0}") == "- Call: {link} {0}"
