"""Search ranks the answers and says into which band the question falls."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.publishing import publish
from knowledge.scoring import PARTS
from knowledge.search import CHOICES, Decision, Found, Question, Searcher
from knowledge.snapshot import Snapshot, load_snapshot
from knowledge.tuning import SIGNS, Bands, Logistic, Tuning
from tests.unit.content_fixtures import NOW, FakeEncoder, write_content

ANSWERS = {"bus_ticket", "first_permit", "hire_worker", "home_municipality"}
Search = Callable[..., Found]

NEVER = 2.0
"""A band above every probability."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("search")
    publish(write_content(folder), folder / "snapshots", FakeEncoder(), NOW)
    return load_snapshot(folder / "snapshots", FakeEncoder().name)


@pytest.fixture(scope="module")
def search(snapshot: Snapshot) -> Search:
    def run(
        text: str, answer: float = 0.0, clarify: float = NEVER, refuse: float = NEVER, own_case: float = NEVER, **known: Any
    ) -> Found:
        even = Logistic(weights=dict.fromkeys(SIGNS, 0.0), bias=0.0)
        tuning = Tuning(
            weights=dict.fromkeys(PARTS, 2.0), right_at_once=even, right_among_three=even, evidence={},
            bands=Bands(answer=answer, clarify=clarify, refuse=refuse, own_case=own_case),
        )  # fmt: skip
        return Searcher(snapshot, FakeEncoder(), tuning).search(Question(text, **known))

    return run


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("miten saan bussilippu", "bus_ticket"),
        ("who helps with a residence permit", "first_permit"),
        ("как получить прописку", "home_municipality"),
    ],
)
def test_the_answer_with_the_example_is_best(search: Search, text: str, best: str) -> None:
    found = search(text)
    assert (found.decision, found.best) == (Decision.answered, best)
    assert [candidate.id for candidate in found.candidates if candidate.kept] == [best]


@pytest.mark.parametrize(
    ("bands", "decision"),
    [
        ({"answer": 0.5}, Decision.answered),
        ({"answer": 0.6, "clarify": 0.5}, Decision.clarify),
        ({"answer": 0.6, "clarify": 0.6}, Decision.unknown),
        ({"answer": 0.0, "refuse": 0.0}, Decision.out_of_scope),
    ],
)
def test_the_bands_decide(search: Search, bands: dict[str, float], decision: Decision) -> None:
    """Both calibrated probabilities are one half here."""
    assert search("tell me a joke", **bands).decision is decision


def test_the_choices_are_answers_best_first(search: Search) -> None:
    found = search("tell me a joke", answer=NEVER, clarify=0.0)
    assert len(set(found.choices)) == CHOICES
    assert set(found.choices) <= ANSWERS
    assert found.choices[0] == found.best
    assert {candidate.id for candidate in found.candidates if candidate.kept} == set(found.choices)


@pytest.mark.parametrize("text", ["112", "?", "  ", "12.5 €", ""])
def test_a_text_without_words_is_not_searched(search: Search, text: str) -> None:
    found = search(text, answer=0.0)
    assert (found.decision, found.best, found.candidates) == (Decision.unknown, None, [])


def test_candidates_are_ordered_and_their_probabilities_sum_to_one(search: Search) -> None:
    candidates = search("bus ticket online").candidates
    assert [candidate.score for candidate in candidates] == sorted((candidate.score for candidate in candidates), reverse=True)
    assert sum(candidate.probability for candidate in candidates) == pytest.approx(1, abs=1e-3)
    assert all(set(candidate.parts) == set(PARTS) and candidate.reason for candidate in candidates)


@pytest.mark.parametrize(
    ("audience", "punished"), [("employer", ANSWERS - {"hire_worker"}), ("person", {"hire_worker"}), ("professional", set())]
)
def test_answers_for_others_are_held_back(search: Search, audience: str, punished: set[str]) -> None:
    found = search("miten saan apua", audience=audience)
    assert {candidate.id for candidate in found.candidates if candidate.penalty > 0} == punished


def test_a_follow_up_is_searched_with_the_question_before(search: Search) -> None:
    found = search("entä paperilla", previous="miten saan bussilippu")
    assert found.follow_up
    assert found.best == "bus_ticket"


def test_the_topic_before_helps_its_answers(search: Search) -> None:
    scores = [
        {
            candidate.id: candidate.score
            for candidate in search("entä paperilla", previous="miten saan bussilippu", **topic).candidates
        }
        for topic in ({}, {"previous_topic": "home"})
    ]
    raised = {name for name in scores[0] if scores[1][name] > scores[0][name]}
    assert raised == {"home_municipality"}


def test_a_municipality_is_noticed(search: Search) -> None:
    assert search("bussilippu Joensuussa").municipalities == ["joensuu"]


def test_an_own_case_is_noticed_by_its_band_but_not_in_a_refusal(search: Search) -> None:
    own, other = "miksi hakemukseni viipyy", "miten saan bussilippu"
    assert search(own).own_case_probability > search(other).own_case_probability
    assert search(own, own_case=0.0).own_case
    assert not search(own, own_case=0.0, refuse=0.0).own_case


def test_a_vector_that_is_given_stands_for_the_text(search: Search) -> None:
    text = "where to apply for a bus ticket"
    given, encoded = search(text, vector=FakeEncoder().encode([text])[0]), search(text)
    assert given.candidates == encoded.candidates


def test_the_explanation_holds_the_arithmetic(search: Search) -> None:
    explained = search("miten saan bussilippu").explained()
    assert {"decision", "right_at_once", "right_among_three", "own_case", "candidates", "steps_ms"} <= explained.keys()
    assert explained["candidates"][0]["id"] == "bus_ticket"
