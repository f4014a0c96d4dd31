"""The twins of the content that is published: every answer has its test, and the test is apart from what is learnt."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from bot.redaction import redact
from knowledge.check import plain_words
from knowledge.load import Content, load_content
from knowledge.model import CURATED_LANGUAGES, Importance, Twin
from tests.eval.questions import read_questions

FINDS, FINDS_WHEN_REQUIRED = 3, 4
NEAR_MISSES = {"fi": 2, "en": 1}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="module")
def questions(content: Content) -> list[str]:
    return [text for twin in content.twins.values() for text in _questions_of(twin)]


def _questions_of(twin: Twin) -> Iterator[str]:
    return chain.from_iterable((*twin.finds.values(), *twin.near_misses.values()))


def _learnt_or_measured(content: Content) -> Iterator[str]:
    """What the guide learns from, what people choose by, and what it is measured with."""
    for answer in content.answers.values():
        yield from chain.from_iterable(answer.examples().values())
        yield from (version.title for version in answer.readable().values())
    for boundary in content.boundaries.values():
        yield from chain.from_iterable(boundary.examples.values())
    yield from (question.text for question in read_questions())


def test_every_answer_has_its_twin_and_no_twin_is_left_over(content: Content) -> None:
    assert sorted(content.twins) == sorted(content.answers)


def test_a_twin_lies_in_the_folder_of_its_answers_group(content: Content) -> None:
    misplaced = [
        name
        for name in content.twins
        if content.place("twin", name).path != content.place("answer", name).path.replace("answers/", "twins/")
    ]
    assert misplaced == []


def test_a_twin_asks_enough_for_the_importance_of_its_answer(content: Content) -> None:
    short = []
    for name, twin in content.twins.items():
        least = FINDS_WHEN_REQUIRED if content.answers[name].importance is Importance.required else FINDS
        short += [f"{name}: {language} finds" for language in CURATED_LANGUAGES if len(twin.finds[language]) < least]
        short += [f"{name}: {code} near misses" for code, count in NEAR_MISSES.items() if len(twin.near_misses[code]) < count]
    assert short == []


def test_no_question_of_a_twin_is_learnt_or_measured_elsewhere(content: Content, questions: list[str]) -> None:
    others = {plain_words(text) for text in _learnt_or_measured(content)}
    assert [text for text in questions if plain_words(text) in others] == []


def test_no_question_stands_in_twins_twice(questions: list[str]) -> None:
    counts = Counter(plain_words(text) for text in questions)
    assert [text for text, count in counts.items() if count > 1] == []


def test_questions_of_twins_tell_nothing_about_a_person(questions: list[str]) -> None:
    assert [text for text in questions if redact(text) != text] == []
