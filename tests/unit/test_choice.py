"""Which of the offered answers somebody picks in words."""

import pytest

from bot.choice import picked

TITLES = {
    "income": "How much income do I need for my family?",
    "who": "Who applies for the family permit, and where?",
    "spouse": "My spouse is a Finn",
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2", "who"),
        ("the second one", "who"),
        ("number one", "income"),
        ("one", "income"),
        ("ensimmäinen", "income"),
        ("the last one", "spouse"),
        ("viimeinen", "spouse"),
        ("the spouse one", "spouse"),
        ("the income one", "income"),
        ("the one about my spouse", "income"),
        ("4", None),
        ("family", None),
        ("bicycles", None),
        ("the money one", None),
    ],
)
def test_a_choice_by_number_order_or_words(text: str, answer: str | None) -> None:
    assert picked(text, TITLES) == answer


def test_yes_picks_a_single_offer_only() -> None:
    assert picked("yes", {"income": TITLES["income"]}, only_yes=True) == "income"
    assert picked("yes", TITLES, only_yes=True) is None


def test_nothing_is_picked_of_nothing() -> None:
    assert picked("1", {}) is None
