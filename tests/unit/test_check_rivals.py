"""Examples that pull towards another answer are told as advice, with the rival and its nearest example."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.check import check_content
from knowledge.checking.rivals import LEAST_EXAMPLES, MOST_NEW, KnownVectors
from knowledge.load import load_content
from knowledge.problems import Problem, Severity
from knowledge.read_cache import CHECKED, ReadCache
from knowledge.vector_cache import VectorCache
from tests.unit.content_fixtures import BUS, DAY, HIRE, HOME, PERMIT, FakeEncoder, Files, line_of, write_content

WORDS = {BUS: "bussi lippu kortti", HIRE: "palkka työntekijä sopimus", PERMIT: "lupa hakemus liite", HOME: "kunta muutto osoite"}
NUMBERS = [f"sana{number}" for number in range(30)]


def many_examples(files: Files) -> None:
    """Four answers, and eight more: what all have in common is taken out before anything is compared."""
    more = {f"answers/everyday/more_{n}.yml": f"asia{n} seikka{n} juttu{n}" for n in range(8)}
    for name in more:
        files[name] = copy.deepcopy(files[BUS]) | {"id": Path(name).stem}
    for name, words in (WORDS | more).items():
        files[name]["fi"]["examples"] = [f"{words} {number}" for number in NUMBERS]
        files[name]["en"]["examples"] = [f"{words} {number} too" for number in NUMBERS[:12]]


def pulled(files: Files) -> None:
    files[BUS]["fi"]["examples"][7] = "lupa hakemus liite uusi"


@pytest.fixture
def advice(tmp_path: Path) -> Callable[..., list[Problem]]:
    """The advice on rivals, after changes, when everything but the texts ``new`` was encoded before."""

    def told(*changes: Callable[[Files], None], encoder: FakeEncoder | None = None, new: int = 0) -> list[Problem]:
        content = load_content(write_content(tmp_path, *changes), ReadCache(tmp_path / CHECKED))
        encoder = encoder or FakeEncoder()
        texts = [text for answer in content.answers.values() for texts in answer.examples().values() for text in texts]
        VectorCache(tmp_path / "vectors", encoder).encode(texts[new:])
        encoder.encoded.clear()
        problems = check_content(content, DAY, KnownVectors(tmp_path / "vectors", encoder))
        return [problem for problem in problems if problem.rule == "example-pulls"]

    return told


def test_an_example_of_another_answer_is_told_with_rival_and_nearest(
    advice: Callable[..., list[Problem]], tmp_path: Path
) -> None:
    (problem,) = advice(many_examples, pulled)
    path = tmp_path / "knowledge" / BUS
    assert (problem.path, problem.line) == (f"knowledge/{BUS}", line_of(path, "lupa hakemus liite uusi"))
    assert problem.severity is Severity.advice
    assert "first_permit" in problem.what
    assert "lupa hakemus liite" in problem.what.split("for example to")[1]


def test_where_every_example_is_nearest_to_its_own_nothing_is_told(advice: Callable[..., list[Problem]]) -> None:
    assert advice(many_examples) == []


def test_with_few_examples_nothing_is_compared(advice: Callable[..., list[Problem]]) -> None:
    def few(files: Files) -> None:
        files[BUS]["fi"]["examples"][7] = "miten saan oleskelulupa nyt"

    assert len([None for _ in WORDS]) * 20 < LEAST_EXAMPLES
    assert advice(few) == []


@pytest.mark.parametrize(("new", "encoded"), [(3, 3), (MOST_NEW, MOST_NEW), (MOST_NEW + 1, 0)])
def test_a_few_new_examples_are_encoded_and_many_wait(advice: Callable[..., list[Problem]], new: int, encoded: int) -> None:
    encoder = FakeEncoder()
    advice(many_examples, encoder=encoder, new=new)
    assert len(encoder.encoded) == encoded


def test_what_was_compared_before_is_told_where_it_stands_now(advice: Callable[..., list[Problem]], tmp_path: Path) -> None:
    def longer(files: Files) -> None:
        files[BUS]["sources"].append({**files[BUS]["sources"][0], "url": "https://www.example.fi/other"})

    (before,) = advice(many_examples, pulled)
    (now,) = advice(many_examples, pulled, longer)
    assert now.line == line_of(tmp_path / "knowledge" / BUS, "lupa hakemus liite uusi") != before.line


def test_what_waited_for_vectors_is_compared_once_they_are_there(advice: Callable[..., list[Problem]]) -> None:
    assert advice(many_examples, pulled, new=MOST_NEW + 1) == []
    assert len(advice(many_examples, pulled)) == 1
