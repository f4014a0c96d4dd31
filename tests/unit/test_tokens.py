"""Words and their features, whatever the script and the inflection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.tokens import features, fold, ngrams, stems, words
from tests.unit.content_fixtures import steady


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mistä saan Kela-kortin?", ["mista", "saan", "kela", "kortin"]),
        ("I can't pay 40 euros, help!", ["i", "can't", "pay", "40", "euros", "help"]),
        ("  (työlupa)...  ", ["tyolupa"]),
        ("Где купить билет?", ["где", "купить", "билет"]),
        ("أين أشتري تذكرة؟", ["اين", "اشتري", "تذكرة"]),
        ("?! … 🙂", []),
        ("", []),
    ],
)
def test_words_are_folded_and_free_of_punctuation(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("one", "other"), [("Äitiysraha", "aitiysraha"), ("TYÖLUPA", "tyolupa"), ("ÅLAND", "aland"), ("Ｋｅｌａ", "kela"), ("ё", "е")]
)
def test_umlauts_case_and_width_are_optional(one: str, other: str) -> None:
    assert features(one) == features(other)


def test_composed_and_decomposed_letters_are_one() -> None:
    assert fold("a\u0308iti") == fold("äiti") == "aiti"


@pytest.mark.parametrize(
    ("one", "other"),
    [("bussilippu", "bussilipun"), ("oleskeluluvan", "oleskelulupaa"), ("Joensuussa", "Joensuuhun"), ("permits", "permit")],
)
def test_inflected_forms_share_features(one: str, other: str) -> None:
    shared = set(features(one)) & set(features(other))
    unrelated = set(features(one)) & set(features("kissanruoka"))
    assert len(shared) > len(unrelated) + 3


def test_a_compound_shares_features_with_its_parts() -> None:
    assert set(features("lupa")) & set(features("oleskelulupa"))


@pytest.mark.parametrize("word", ["talossa", "talosta", "talon"])
def test_finnish_cases_have_one_stem(word: str) -> None:
    assert "talo" in stems(word)


def test_english_forms_have_one_stem() -> None:
    assert "work" in stems("working")


def test_stems_have_no_doubles() -> None:
    assert stems("x") == ("x",)


def test_ngrams_mark_the_edges_of_the_word() -> None:
    assert list(ngrams("abc")) == ["<ab", "abc", "bc>", "<abc", "abc>", "<abc>"]


@steady
@given(st.text())
def test_a_word_of_any_text_is_folded_and_has_a_letter_or_a_number(text: str) -> None:
    assert all(any(map(str.isalnum, word)) and fold(word) == word for word in words(text))
