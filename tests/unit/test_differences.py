"""What newcomers would see differently is told: texts, and replies to questions."""

from pathlib import Path

import pytest

from knowledge.differences import differences, questions_for
from knowledge.draft import DRAFT, DraftUnreadable, make_draft
from knowledge.live import read_live
from knowledge.published import current_id
from knowledge.publishing import publish
from knowledge.replies import Replies, Reply, ask, tuning_key
from knowledge.search import Decision, Question, Searcher
from knowledge.snapshot import load_snapshot
from knowledge.training import Texts
from knowledge.tuning import read_tuning
from tests.unit.content_fixtures import BUS, HIRE, HOME, NOW, FakeEncoder, drop, put, write, write_content

QUESTIONS = ["bussilippu netissä", "mistä kotikunta haetaan", "tell me a joke", "123", "xyzzy", "мой прописку"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(write_content(tmp_path), tmp_path / "snapshots", FakeEncoder(), NOW)
    return tmp_path / "snapshots"


@pytest.fixture
def texts(folder: Path) -> Texts:
    return Texts(folder, FakeEncoder())


def test_asked_together_each_question_gets_what_it_gets_alone(folder: Path, texts: Texts) -> None:
    snapshot = load_snapshot(folder, FakeEncoder().name)
    alone = Searcher(snapshot, FakeEncoder(), read_tuning())
    replies = ask(snapshot, FakeEncoder(), texts, read_tuning(), QUESTIONS).to
    for question in QUESTIONS:
        found = alone.search(Question(question))
        shown = {Decision.answered: found.choices[:1], Decision.clarify: found.choices}.get(found.decision, [])
        assert replies[question] == Reply(decision=found.decision, answers=shown)


def test_texts_and_replies_that_change_are_told(folder: Path, texts: Texts, tmp_path: Path) -> None:
    root = write_content(
        tmp_path / "edit",
        put(BUS, "fi", "title", "Mikä on lippu?"),
        put(BUS, "fi", "examples", ["lippu", *(f"lipun {number}" for number in range(9))]),
        put(HOME, "municipalities", "joensuu", "fi", "Joensuussa: soita."),
        put("figures.yml", "bus-fare", "unit", "number"),
        drop(HIRE),
    )
    live = load_snapshot(folder, FakeEncoder().name)
    draft = make_draft(root, FakeEncoder(), texts, None, NOW)
    replies = (
        Replies(tuning="x", to={"a": Reply(decision=Decision.unknown), "b": Reply(decision=Decision.unknown)}),
        Replies(
            tuning="x",
            to={"a": Reply(decision=Decision.answered, answers=["bus_ticket"]), "b": Reply(decision=Decision.unknown)},
        ),
    )
    names = (live.manifest.id, draft.snapshot.manifest.id)
    found = differences(names, (live.content, draft.snapshot.content), replies)
    assert (found.before, found.after) == (live.manifest.id, DRAFT)
    assert (found.changes.removed, found.changes.changed) == (["hire_worker"], ["bus_ticket", "home_municipality"])
    assert found.changes.other == ["figures"]
    bus, home = found.texts
    assert (bus.answer, bus.language, bus.more_examples, bus.fewer_examples) == ("bus_ticket", "fi", 10, 8)
    assert bus.lines == ["- Miten käy bussilippu?", "+ Mikä on lippu?"]
    assert home.lines == ["- joensuu: Joensuussa: ajanvaraus.", "+ joensuu: Joensuussa: soita."]
    assert [each.question for each in found.replies] == ["a"]
    assert found.questions == 2


def test_the_questions_are_those_of_the_gate_and_of_the_twins_of_both(folder: Path, tmp_path: Path) -> None:
    root = write_content(
        tmp_path,
        write("gate/questions.yml", "- {text: portti, lang: fi, answers: [bus_ticket]}\n"),
        put("twins/everyday/bus_ticket.yml", "finds", {"sv": ["en ny fråga"]}),
    )
    live = load_snapshot(folder, FakeEncoder().name).content
    draft = make_draft(root, FakeEncoder(), Texts(folder, FakeEncoder()), None, NOW).snapshot.content
    asked = questions_for(root, live, draft)
    assert asked[0] == "portti"
    before = [text for texts in live.twins["bus_ticket"].finds.values() for text in texts]
    assert {"en ny fråga", *before} <= set(asked)
    assert len(asked) == len(set(asked))


def test_a_draft_leaves_out_what_cannot_be_read_and_publishes_nothing(folder: Path, texts: Texts, tmp_path: Path) -> None:
    live = current_id(folder)
    root = write_content(tmp_path, write(BUS, "id: [\n"))
    draft = make_draft(root, FakeEncoder(), texts, None, NOW)
    assert sorted(draft.snapshot.content.answers) == ["first_permit", "hire_worker", "home_municipality"]
    assert any("bus_ticket.yml" in error for error in draft.errors)
    assert current_id(folder) == live


def test_a_draft_begins_from_what_is_live(folder: Path, texts: Texts, tmp_path: Path) -> None:
    live = read_live(folder, FakeEncoder().name)
    assert live is not None
    draft = make_draft(write_content(tmp_path, put(BUS, "fi", "examples", 0, "uusi")), FakeEncoder(), texts, live.before, NOW)
    assert (draft.snapshot.retrieval.isotropy.mean == live.trained.isotropy.mean).all()


def test_without_the_boundaries_nothing_can_be_tried(folder: Path, texts: Texts, tmp_path: Path) -> None:
    with pytest.raises(DraftUnreadable, match="abuse"):
        make_draft(write_content(tmp_path / "edit", drop("boundaries/abuse.yml")), FakeEncoder(), texts, None, NOW)


def test_another_tuning_has_another_key() -> None:
    tuning = read_tuning()
    bands = tuning.bands.model_copy(update={"answer": 0.5})
    assert tuning_key(tuning) != tuning_key(tuning.model_copy(update={"bands": bands}))
