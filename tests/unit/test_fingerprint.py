"""What makes a translation stale."""

from typing import Any

import pytest

from knowledge.fingerprint import fingerprint
from knowledge.model import LanguageVersion

MASTER: dict[str, Any] = {
    "title": "Mistä saan lipun?",
    "answer": "Osta se kioskilta.\n\n1. Mene.\n2. Maksa.",
    "examples": ["lippu"],
}


def changed(**what: Any) -> str:
    return fingerprint(LanguageVersion.model_validate(MASTER | what))


@pytest.mark.parametrize(
    "what",
    [
        {"answer": "  Osta   se kioskilta.\n1. Mene.\n\n\n2. Maksa.\n"},
        {"examples": ["lippu", "bussilippu"]},
        {"links": [{"url": "https://example.fi/", "title": "Liput"}]},
    ],
    ids=["spacing", "example", "link"],
)
def test_what_a_translation_does_not_repeat_leaves_it_fresh(what: dict[str, Any]) -> None:
    assert changed(**what) == changed()


@pytest.mark.parametrize(
    "what", [{"answer": MASTER["answer"].replace("Maksa", "maksa")}, {"title": "Mistä saan liput?"}], ids=["answer", "title"]
)
def test_a_changed_word_makes_it_stale(what: dict[str, Any]) -> None:
    assert changed(**what) != changed()


def test_it_is_twelve_hexadecimal_digits() -> None:
    assert len(changed()) == 12
    assert int(changed(), 16)
