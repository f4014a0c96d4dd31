import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import emergency, phrases
from bot.safety.emergency import EmergencyKind, find_emergency
from bot.safety.replies import REPLIES, emergency_reply

LANGUAGES = {"fi", "en", "sv", "ru", "uk", "ar", "so", "fa", "es", "zh", "et", "de", "fr", "tr", "vi", "th"}
CASES = yaml.safe_load(Path(__file__).with_name("emergency_cases.yml").read_text("utf-8"))
FIND = [(kind, language, text) for kind, cases in CASES["find"].items() for language, texts in cases.items() for text in texts]
LEAVE = [(language, text) for language, texts in CASES["leave"].items() for text in texts]
RULES = yaml.safe_load(Path(emergency.__file__).with_name("emergency.yml").read_text("utf-8"))
WRITTEN_IN_SIGNS = {"zh", "th"}
SPACED = [text for _, language, text in FIND if language not in WRITTEN_IN_SIGNS]
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202e\u00ad"


@pytest.mark.parametrize(("kind", "language", "text"), FIND)
def test_finds_every_emergency(kind: str, language: str, text: str) -> None:
    found = find_emergency(text)
    assert found is not None
    assert found.kind == kind
    assert found.matched


@pytest.mark.parametrize(("language", "text"), LEAVE)
def test_leaves_near_misses_alone(language: str, text: str) -> None:
    assert find_emergency(text) is None


def test_there_are_cases_for_every_language_and_kind() -> None:
    assert len(FIND) >= 2700
    assert len(LEAVE) >= 900
    assert {kind: set(languages) for kind, languages in CASES["find"].items()} == dict.fromkeys(EmergencyKind, LANGUAGES)


@given(st.sampled_from([text for _, _, text in FIND]), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_hides_nothing(text: str, change: object) -> None:
    assert callable(change)
    if change(text).casefold() == text.casefold():  # not so for the Turkish dotless i, which has no plain capital
        assert find_emergency(change(text))


@given(st.sampled_from(SPACED), st.sampled_from(["  ", "\n", "\t", "\u00a0", " \r\n  "]))
def test_spacing_hides_nothing(text: str, space: str) -> None:
    assert find_emergency(space + text.replace(" ", space) + space)


@given(st.sampled_from([text for _, _, text in FIND]), st.data())
def test_invisible_characters_hide_nothing(text: str, data: st.DataObject) -> None:
    for _ in range(3):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(INVISIBLE)) + text[at:]
    assert find_emergency(text)


@given(st.sampled_from([text for text in SPACED if text[-1].isalpha()]), st.integers(2, 30))
def test_a_stretched_last_letter_hides_nothing(text: str, more: int) -> None:
    assert find_emergency(text + text[-1] * more)


@given(st.sampled_from(FIND), st.sampled_from(["Hello. ", "Kiitos paljon! ", "Здравствуйте. ", "Can you help me? "]))
def test_a_greeting_before_hides_nothing(case: tuple[str, str, str], greeting: str) -> None:
    assert find_emergency(greeting + case[2])


@pytest.mark.parametrize(
    ("near_miss", "told"),
    [
        ("My friend was killed in the war years ago.", "My husband beats me."),
        ("What does an ambulance cost?", "I can't breathe."),
        ("Mitä ambulanssi maksaa?", "En jaksa enää elää."),
        ("Правила пожарной безопасности?", "У нас пожар."),
    ],
)
def test_a_near_miss_in_another_sentence_hides_nothing(near_miss: str, told: str) -> None:
    assert find_emergency(near_miss) is None
    assert find_emergency(f"{near_miss} {told}")
    assert find_emergency(f"{told} {near_miss}")


@pytest.mark.parametrize("text", ["", " ", ".", "?!", "\u200b", "112", "😀", "a", "_", "\x00", "ﷺ", "...", "و"])
def test_nothing_told_is_no_emergency(text: str) -> None:
    assert find_emergency(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    find_emergency(text)


@pytest.mark.parametrize(
    "part", ["a ", "my husband ", "he hit ", "i dont want to live ", "我丈夫", "สามีฉัน", "aaa", ". ", "aaabbb"]
)
def test_pathological_text_ends(part: str) -> None:
    find_emergency((part * 2000)[:2000])
    find_emergency(part * 2000)


def test_the_more_particular_help_line_answers() -> None:
    found = find_emergency("My house is on fire. My husband beats me. I can't breathe.")
    assert found is not None
    assert found.kind is EmergencyKind.VIOLENCE


def test_matched_are_the_words_that_told() -> None:
    found = find_emergency("Good morning, MY HUSBAND beats me, will I lose my permit")
    assert found is not None
    assert found.matched == "husband beats me"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("kind", EmergencyKind)
def test_every_language_has_every_kind_and_reply(kind: EmergencyKind, language: str) -> None:
    assert any(group["phrases"].strip() for group in RULES[language][kind])
    text, used = emergency_reply(kind, language)
    assert used == language
    assert text.index("[112](tel:112)") < len(text.splitlines()[0])


def test_rules_and_replies_know_the_same_languages() -> None:
    assert set(RULES) == LANGUAGES
    assert set(REPLIES) == set(EmergencyKind)
    assert all(set(languages) == LANGUAGES for languages in REPLIES.values())


def test_every_list_and_context_is_used() -> None:
    for language, entry in RULES.items():
        groups = [group for kind in EmergencyKind for group in entry[kind]]
        text = " ".join([*entry["words"].values(), *entry["contexts"].values(), *(group["phrases"] for group in groups)])
        assert {name for name in entry["words"] if f"<{name}>" not in text} == set(), language
        assert set(entry["contexts"]) == {name for group in groups for name in group.get("unless", "").split()}, language


@pytest.mark.parametrize("kind", EmergencyKind)
def test_a_language_without_reply_gets_english(kind: EmergencyKind) -> None:
    assert emergency_reply(kind, "xx") == emergency_reply(kind, "en")


@pytest.mark.parametrize(
    ("kind", "language", "number"),
    [
        (EmergencyKind.VIOLENCE, "fi", "[080 005 005](tel:080005005)"),
        (EmergencyKind.VIOLENCE, "so", "[013 330 6008](tel:0133306008)"),
        (EmergencyKind.SUICIDE, "fi", "[09 2525 0111](tel:0925250111)"),
        (EmergencyKind.SUICIDE, "ar", "[09 2525 0113](tel:0925250113)"),
        (EmergencyKind.SUICIDE, "sv", "[09 2525 0112](tel:0925250112)"),
        (EmergencyKind.SUICIDE, "uk", "[09 2525 0114](tel:0925250114)"),
        (EmergencyKind.SUICIDE, "ru", "[09 2525 0115](tel:0925250115)"),
        (EmergencyKind.ILLNESS, "zh", "[116 117](tel:116117)"),
        (EmergencyKind.DANGER, "fr", "[116 006](tel:116006)"),
    ],
)
def test_the_reply_names_the_right_help_line(kind: EmergencyKind, language: str, number: str) -> None:
    assert number in emergency_reply(kind, language)[0]


def test_replies_name_no_other_number() -> None:
    known = {"112", "080005005", "0133306008", *(f"092525011{n}" for n in range(1, 6)), "116117", "116006"}
    for languages in REPLIES.values():
        for text in languages.values():
            links = re.findall(r"\[([\d ]+)\]\(tel:(\d+)\)", text)
            assert {number for _, number in links} <= known
            assert all(shown.replace(" ", "") == number for shown, number in links)
            assert not re.search(r"\d{2}", re.sub(r"\[[\d ]+\]\(tel:\d+\)", "", text))


@pytest.mark.parametrize(
    ("phrase", "rows"),
    [
        ("a b", {"a b"}),
        ("(a|b c)? d", {"d", "a|b c d"}),
        ("a ... b", {"a ~ b"}),
        ("a & b", {"a ~ b", "b ~ a"}),
        ("<who> hits", {"he|she hits"}),
        ("^ Äpfel* $", {"^ apfel* $"}),
    ],
)
def test_phrases_are_read_as_their_head_explains(phrase: str, rows: set[str]) -> None:
    def shown(row: phrases.Row) -> str:
        return " ".join("|".join(sorted(" ".join(words) for words in place)) or "~" for place in row)

    assert {shown(row) for row in phrases.expand(phrase, {"who": "he|she"})} == rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("con tôi bị hóc xương", True),
        ("con toi bi hoc xuong", True),  # written without accents
        ("CON TÔI ĐI HỌC", False),
        ("tôi cứa mình", True),
        ("địa chỉ của mình", False),
        ("ölüyorum", True),
        ("oluyorum yardım", True),
        ("vatandaş oluyorum", False),
    ],
)
def test_words_of_their_own_are_told_apart(text: str, found: bool) -> None:
    assert bool(find_emergency(text)) is found
    assert bool(find_emergency(unicodedata.normalize("NFD", text))) is found


def test_a_word_apart_in_a_phrase_may_be_written_without_accents() -> None:
    assert next(phrases.expand("bạn", {})) == (frozenset({("0ban",), ("ban",)}),)


def test_one_letter_may_be_wrong_where_the_phrase_says_so() -> None:
    assert {"suicide", "suicde", "suicidee", "suiside", "siucide"} <= set(phrases.misspellings("suicide"))
    assert "cuicide" not in set(phrases.misspellings("suicide"))
