"""What newcomers say of themselves: the language they want, and who asks."""

import pytest

from bot.asker import language_not_understood, named_audience, named_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("suomeksi kiitos", "fi"),
        ("can we speak English", "en"),
        ("по-русски пожалуйста", "ru"),
        ("ymmärrän vain englantia", "en"),
        ("I only speak Russian", "ru"),
        ("mistä saan Kela-kortin", None),
    ],
)
def test_the_language_that_is_named(text: str, language: str | None) -> None:
    assert named_language(text) == language


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I don't understand Finnish", None),
        ("en ymmärrä suomea", None),
        ("я не понимаю по-фински", None),
        ("I don't understand Finnish, English please", "en"),
        ("en osaa suomea, englanniksi", "en"),
    ],
)
def test_a_language_that_is_not_understood_is_not_wanted(text: str, wanted: str | None) -> None:
    assert language_not_understood(text) == "fi"
    assert named_language(text) == wanted


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("olen työnantaja", "employer"),
        ("I am a teacher", "professional"),
        ("kysyn itselleni", "person"),
        ("missä on kirjasto", None),
    ],
)
def test_who_asks(text: str, audience: str | None) -> None:
    assert named_audience(text) == audience
