"""The form of an answer and its files: what is not changed stays, what is typed is kept as it was meant."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.answer_fields import changed, clean, fields_of, groups_of, languages_of
from knowledge.editing import data_of, read_file, rewrite
from knowledge.fingerprint import fingerprint
from knowledge.load import CONTENT
from knowledge.model import LanguageVersion
from tests.unit.content_fixtures import BUS, HOME, data_of_answer, steady

DAY = dt.date(2026, 11, 24)
ANSWERS = {name: data_of_answer(name) for name in (BUS, HOME)}
REAL = sorted((CONTENT / "answers").rglob("*.yml"))

words = st.text(max_size=80)


def put(name: str, **typed: str) -> dict[str, Any]:
    """The answer after these fields were typed; ``__`` stands for the dot of a name."""
    given = {key.replace("__", "."): value for key, value in typed.items()}
    return changed(ANSWERS[name], {}, given, "counsellor", DAY)[0]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_form_that_was_only_opened_changes_nothing(path: Any) -> None:
    text = read_file(path)
    answer = data_of(text)
    fields = fields_of(answer, {})
    assert changed(answer, {}, fields, "counsellor", DAY) == (answer, {})
    with_browser_breaks = {name: value.replace("\n", "\r\n") for name, value in fields.items()}
    assert rewrite(text, changed(answer, {}, with_browser_breaks, "counsellor", DAY)[0]) is text


def test_fields_that_were_not_sent_change_nothing() -> None:
    assert put(BUS) == ANSWERS[BUS]
    assert put(BUS, csrf="x", place="kitee", began="1", sv__matches="yes") == ANSWERS[BUS]


def test_each_field_changes_its_own_value() -> None:
    made = put(
        BUS,
        importance="required",
        expert="always",
        review_by="2027-01-31",
        valid_until="2027-12-31",
        audience="person,employer",
        fi__title="  Uusi \t otsikko ",
        en__answer="One.  \r\n\r\n1. Two.\r\n",
        fi__examples="eka\r\n\r\n  toka  kerta \r\n",
    )
    expected = copy.deepcopy(ANSWERS[BUS])
    expected |= {"importance": "required", "expert": "always", "audience": ["person", "employer"]}
    expected |= {"review_by": dt.date(2027, 1, 31), "valid_until": dt.date(2027, 12, 31)}
    expected["fi"] |= {"title": "Uusi otsikko", "examples": ["eka", "toka kerta"]}
    expected["en"]["answer"] = "One.\n\n1. Two.\n"
    assert made == expected
    assert list(made)[list(made).index("review_by") + 1] == "valid_until"


def test_rows_are_added_changed_and_taken_away() -> None:
    typed = {
        "sources.0.url": "https://new.example/",
        "sources.0.title": "Uusi",
        "sources.0.checked_on": "2026-11-24",
        "sources.1.url": "",
        "sources.2.url": "https://example.fi/",
        "sources.2.title": "Viranomainen",
        "sources.2.checked_on": "2026-11-01",
        "sources.2.page_date": "2026-10-01",
        "contacts.0": "town_desk",
        "contacts.1": "",
        "fi.title": ANSWERS[BUS]["fi"]["title"],
        "fi.links.0.url": "https://a.example",
        "fi.links.0.title": "A",
    }
    made = changed(ANSWERS[BUS], {}, typed, "counsellor", DAY)[0]
    assert made["sources"] == [
        {"url": "https://new.example/", "title": "Uusi", "checked_on": DAY},
        {"url": "https://example.fi/", "title": "Viranomainen", "checked_on": dt.date(2026, 11, 1), "page_date": "2026-10-01"},
    ]
    assert (made["contacts"], made["fi"]["links"]) == (["town_desk"], [{"url": "https://a.example", "title": "A"}])
    emptied = changed(made, {}, {"contacts.0": "", "fi.title": "x", "fi.links.0.url": "", "fi.links.0.title": ""}, "expert", DAY)[
        0
    ]
    assert "contacts" not in emptied
    assert "links" not in emptied["fi"]


def test_what_is_no_date_stays_for_the_check_to_tell() -> None:
    assert put(BUS, review_by="30.6.2027")["review_by"] == "30.6.2027"
    assert put(BUS, review_by="2027-02-30")["review_by"] == "2027-02-30"
    assert "review_by" not in put(BUS, review_by="")


def test_local_variants() -> None:
    row = {"local.0.place": "joensuu", "local.0.fi": "Joensuussa: ajanvaraus.", "local.0.en": "In Joensuu: book a time."}
    assert changed(ANSWERS[HOME], {}, row, "counsellor", DAY)[0] == ANSWERS[HOME]
    more = {**row, "local.1.place": "kitee", "local.1.fi": "Kiteellä.\r\n\r\nSoita.", "local.1.en": "In Kitee."}
    made = changed(ANSWERS[HOME], {}, more, "counsellor", DAY)[0]
    assert made["municipalities"]["kitee"] == {"fi": "Kiteellä.\n\nSoita.", "en": "In Kitee."}
    none = {"local.0.place": "", "local.0.fi": "", "local.0.en": ""}
    assert "municipalities" not in changed(made, {}, none, "counsellor", DAY)[0]


def test_reviewing_notes_role_and_day_and_a_draft_has_neither() -> None:
    made = put(BUS, status="reviewed")
    assert (made["status"], made["reviewed_by"], made["reviewed_on"]) == ("reviewed", "counsellor", DAY)
    assert list(made)[list(made).index("status") :][:3] == ["status", "reviewed_by", "reviewed_on"]
    assert changed(made, {}, {"status": "reviewed"}, "expert", DAY + dt.timedelta(1))[0] == made
    assert changed(made, {}, {"status": "draft"}, "expert", DAY)[0] == ANSWERS[BUS]


def test_a_translation_is_stamped_only_when_the_editor_says_so() -> None:
    assert put(BUS, fi__title="Toinen")["en"]["based_on"] == ANSWERS[BUS]["en"]["based_on"]
    made = put(BUS, fi__title="Toinen", en__matches="yes")
    assert made["en"]["based_on"] == fingerprint(LanguageVersion.model_validate(made["fi"]))
    assert "based_on" not in put(BUS, fi__title="Toinen", fi__matches="yes")["fi"]


def test_a_language_begins_and_ends_with_its_words() -> None:
    assert put(BUS, sv__title="", sv__answer="", sv__examples="") == ANSWERS[BUS]
    examples = put(BUS, sv__title="", sv__answer="", sv__examples="hur")
    assert examples["sv"] == {"examples": ["hur"]}
    whole = changed(examples, {}, {"sv.title": "Hur?", "sv.answer": "Så."}, "expert", DAY)[0]
    assert whole["sv"] == {"title": "Hur?", "answer": "Så.", "examples": ["hur"]}
    assert "sv" not in changed(whole, {}, {"sv.title": "", "sv.answer": "", "sv.examples": ""}, "expert", DAY)[0]
    easy = changed(
        ANSWERS[BUS], {}, {"fi-easy.title": "Lippu", "fi-easy.answer": "Osta.", "fi-easy.matches": "yes"}, "expert", DAY
    )[0]
    assert list(easy["fi-easy"]) == ["title", "answer", "based_on"]
    assert list(easy).index("fi-easy") == list(easy).index("fi") + 1
    assert "fi-easy" not in changed(easy, {}, {"fi-easy.title": "", "fi-easy.answer": ""}, "expert", DAY)[0]


def test_the_twin_has_its_questions() -> None:
    twin = {"id": "bus_ticket", "finds": {"fi": ["hei"], "ru": ["билет"]}, "near_misses": {"fi": ["sää"]}}
    typed = {"twin.finds.fi": "hei\r\nmoi", "twin.finds.en": "hello", "twin.near_misses.fi": ""}
    made = changed(ANSWERS[BUS], twin, typed, "counsellor", DAY)[1]
    assert made == {"id": "bus_ticket", "finds": {"fi": ["hei", "moi"], "ru": ["билет"], "en": ["hello"]}, "near_misses": {}}


def test_problems_are_told_at_the_field_at_its_language_and_at_the_tick() -> None:
    groups = groups_of(fields_of(ANSWERS[BUS], {}))
    assert {"fi.title", "fi.links", "sources", "contacts", "local", "audience", "en", "en.matches", "twin.finds.fi"} <= set(
        groups
    )
    assert "fi.matches" not in groups
    assert len(groups) == len(set(groups))


def test_the_form_shows_the_languages_of_the_file_and_one_more() -> None:
    assert languages_of(ANSWERS[HOME]) == ["fi", "fi-easy", "en", "ru"]
    assert languages_of(ANSWERS[HOME], "sv") == ["fi", "fi-easy", "en", "sv", "ru"]


@steady
@given(text=words)
def test_what_is_kept_of_a_text_is_the_same_when_it_is_sent_again(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    assert clean(kept.replace("\n", "\r\n")) == kept


@steady
@given(
    broken=st.dictionaries(
        st.sampled_from(["fi", "sources", "contacts", "municipalities", "links", "audience", "status"]),
        words | st.none() | st.lists(words) | st.integers(),
    )
)
def test_a_file_of_any_form_can_be_shown(broken: dict[str, Any]) -> None:
    data = {**ANSWERS[BUS], **broken}
    fields = fields_of(data, {"finds": "x", "near_misses": {"fi": None}})
    assert all(isinstance(value, str) for value in fields.values())
    assert fields["en.title"] == ANSWERS[BUS]["en"]["title"]


@steady
@given(title=words, answer=words, example=words, url=words, place=words)
def test_whatever_is_typed_ends_as_the_value_of_its_field(title: str, answer: str, example: str, url: str, place: str) -> None:
    typed = {
        "fi.title": title,
        "fi.answer": answer,
        "fi.examples": example,
        "sources.0.url": url,
        "local.0.place": place,
        "local.0.fi": "x",
    }
    made, _ = changed(ANSWERS[BUS], {}, typed, "counsellor", DAY)
    text = rewrite(rewrite("", ANSWERS[BUS]), made)
    read = data_of(text)
    assert read == made
    assert set(read) <= {*ANSWERS[BUS], "municipalities"}
    again = fields_of(read, {})
    assert again["fi.title"] == " ".join(clean(title).split())
    assert again["fi.answer"] == clean(answer)
