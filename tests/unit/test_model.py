"""What an answer says of itself."""

import datetime as dt
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from knowledge.model import Answer, Localised
from tests.unit.content_fixtures import BUS, HOME, Change, put, write_content


@pytest.fixture
def answer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Reads an answer, changed or not."""

    def read(name: str, *changes: Change) -> Answer:
        root = write_content(tmp_path_factory.mktemp("content"), *changes)
        return Answer.model_validate(yaml.safe_load((root / name).read_bytes()))

    return read


def test_a_language_with_examples_only_cannot_be_read_but_counts_for_examples(answer: Any) -> None:
    found = answer(HOME)
    assert list(found.versions()) == ["fi", "en"]
    assert list(found.examples()) == ["fi", "en", "ru"]


def test_a_full_version_in_a_further_language_can_be_read(answer: Any) -> None:
    version = {"title": "Bussbiljett", "answer": "Köp den.", "examples": ["biljett"]}
    assert list(answer(BUS, put(BUS, "sv", version)).versions()) == ["fi", "en", "sv"]


def test_an_answer_is_as_old_as_its_oldest_source(answer: Any) -> None:
    older = {"url": "https://example.fi/old", "title": "Vanha", "checked_on": "2025-03-01"}
    assert answer(BUS, lambda files: files[BUS]["sources"].append(older)).checked_on == dt.date(2025, 3, 1)


@pytest.mark.parametrize("reviewer", [{}, {"reviewed_by": "counsellor"}, {"reviewed_on": "2026-11-01"}])
def test_a_reviewed_answer_says_by_whom_and_when(answer: Any, reviewer: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="reviewed-by-nobody"):
        answer(BUS, lambda files: files[BUS].update({"status": "reviewed"} | reviewer))


def test_a_reviewed_answer_with_both_is_valid(answer: Any) -> None:
    done = {"status": "reviewed", "reviewed_by": "counsellor", "reviewed_on": "2026-11-01"}
    assert answer(BUS, lambda files: files[BUS].update(done)).reviewed_on == dt.date(2026, 11, 1)


@pytest.mark.parametrize(("language", "text"), [("fi", "moi"), ("en", "hi"), ("ru", "hi")])
def test_a_short_text_falls_back_to_english(language: str, text: str) -> None:
    assert Localised(fi="moi", en="hi").in_language(language) == text
