"""Russian in Latin letters is searched for in Cyrillic; everything else as it was written."""

import pytest

from bot.own_script import in_own_script


@pytest.mark.parametrize(
    ("text", "cyrillic"),
    [
        ("kakoy vnzh nuzhen povaru", "какой внж нужен повару"),
        ("gde mozhno oformit razreshenie?", "где можно оформит разрешение?"),
        ("skolko migri rassmatrivaet zayavlenie v Joensuu", "сколко migri рассматривает заявление в Joensuu"),
        ("nuzhen li HETU do 15.3.2027", "нужен ли HETU до 15.3.2027"),
    ],
)
def test_russian_in_latin_letters(text: str, cyrillic: str) -> None:
    assert in_own_script(text, "ru") == cyrillic


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("какой внж нужен", "ru"),
        ("нужен ли permit для работы", "ru"),
        ("mitä lupaa tarvitsen", "fi"),
        ("which permit do I need", "en"),
        ("ay no3 iqama", "ar"),
        ("kakoy vnzh nuzhen", None),
        ("", "ru"),
    ],
)
def test_everything_else_stays(text: str, language: str | None) -> None:
    assert in_own_script(text, language) == text
