"""What a new example would spoil is told with the rival and its words, and nothing is told of one that fits."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.compiled import Compiled
from knowledge.encoder import Vectors
from knowledge.example_harm import Harm, harm_of
from knowledge.load import load_content
from knowledge.model import Twin
from knowledge.training import Texts, make_retrieval
from tests.unit.content_fixtures import BUS, FakeEncoder, Files, write_content

ENCODER = FakeEncoder()
Find = Callable[..., list[Harm]]


TRAM = ["raitiovaunu kulkee milloin illalla", "raitiovaunu kulkee milloin viikolla"]


def with_trams(files: Files) -> None:
    files[BUS]["fi"]["examples"] += TRAM


def vector_of(text: str) -> Vectors:
    return ENCODER.encode([text])[0]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    folder = tmp_path_factory.mktemp("harm")
    content = Compiled.of(load_content(write_content(folder, with_trams)))
    retrieval = make_retrieval(content, Texts(folder, ENCODER), None).retrieval

    def run(text: str, answer: str = "first_permit", **twins: Any) -> list[Harm]:
        known = {name: Twin(id=name, finds=finds, near_misses=misses) for name, (finds, misses) in twins.items()}
        return harm_of(retrieval, text, answer, known, vector_of)

    return run


def kinds(found: list[Harm]) -> set[tuple[str, str]]:
    return {(harm.kind, harm.rival) for harm in found}


def test_an_example_where_it_belongs_spoils_nothing(find: Find) -> None:
    assert find("kuinka saan oleskelulupa nopeasti") == []


def test_the_same_words_under_another_answer(find: Find) -> None:
    found = find("Mistä bussilippu haetaan?")
    assert Harm("same_example", "bus_ticket", "mistä bussilippu haetaan") in found


def test_an_example_is_drawn_away(find: Find) -> None:
    found = find("raitiovaunu kulkee milloin illalla nyt")
    assert Harm("draws_example", "bus_ticket", TRAM[0]) in found
    assert Harm("nearer_to_rival", "bus_ticket", TRAM[0]) in found
    assert find("raitiovaunu kulkee milloin illalla nyt", "bus_ticket") == []


def test_words_that_are_nearly_those_of_something_else(find: Find) -> None:
    assert find("tell me a joke please", "bus_ticket") == [Harm("nearer_to_rival", "out_of_scope", "tell me a joke")]


def test_questions_of_twin_tests_are_tried(find: Find) -> None:
    question = "bussilippu netissä illalla kotona"
    twin = ({"fi": [question]}, {"fi": ["mikä sää on huomenna"]})
    assert Harm("draws_twin", "bus_ticket", question) in find(question, bus_ticket=twin)
    assert not {harm for harm in find("kuinka saan oleskelulupa nopeasti", bus_ticket=twin) if harm.kind == "draws_twin"}


def test_a_near_miss_of_the_answer_itself_is_tried(find: Find) -> None:
    miss = "mikä sää on huomenna lapissa"
    twin = ({"fi": ["oleskelulupa"]}, {"fi": [miss]})
    assert Harm("draws_near_miss", "first_permit", miss) in find(miss, first_permit=twin)
    assert find("kuinka saan oleskelulupa nopeasti", first_permit=twin) == []


def test_an_answer_that_is_not_published_yet_is_weighed_too(find: Find) -> None:
    assert {("draws_example", "bus_ticket"), ("nearer_to_rival", "bus_ticket")} <= kinds(find(TRAM[0], "brand_new"))


def test_each_thing_is_told_once(find: Find) -> None:
    question = "bussilippu netissä illalla kotona"
    twice = ({"fi": [question], "en": [question]}, {"fi": ["x"]})
    found = find(question, bus_ticket=twice)
    assert found.count(Harm("draws_twin", "bus_ticket", question)) == 1
    assert len(found) == len(set(found))
