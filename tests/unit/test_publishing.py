"""Content becomes the live snapshot when it passes; else nothing changes."""

import datetime as dt
import multiprocessing
import os
import shutil
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from knowledge import publishing
from knowledge.history import roll_back
from knowledge.published import current_id, read_hold, read_manifest, snapshot_ids
from knowledge.publishing import Result, publish
from knowledge.publishing_lock import PublishedElsewhere, alone
from knowledge.scoring import PARTS
from knowledge.snapshot import load_snapshot
from knowledge.stamp import stamp
from knowledge.tuning import SIGNS, Bands, Logistic, Tuning
from knowledge.vector_cache import VECTORS
from tests.unit.content_fixtures import BUS, HIRE, HOME, NOW, PERMIT, Change, FakeEncoder, drop, put, write, write_content

TWIN = "twins/everyday/bus_ticket.yml"
QUESTION = "oleskelulupa paperilla"
GATE = [{"text": QUESTION, "lang": "fi", "answers": ["first_permit"]}]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def later(minutes: int = 1) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def rewrite(root: Path, *changes: Change) -> None:
    """The content anew, with these changes and no others."""
    shutil.rmtree(root)
    write_content(root.parent, *changes)


@pytest.mark.parametrize(
    "change", [put(BUS, "topic", "trains"), write(BUS, "id: [\n"), drop("figures.yml")], ids=["breach", "not YAML", "missing"]
)
def test_a_bad_edit_leaves_what_is_live(root: Path, folder: Path, tmp_path: Path, change: Change) -> None:
    live = publish(root, folder, FakeEncoder(), NOW).id
    before = sorted(folder.iterdir())
    result = publish(write_content(tmp_path / "edit", change), folder, FakeEncoder(), later())
    assert not result.published
    assert result.problems
    assert sorted(folder.iterdir()) == before
    assert load_snapshot(folder, FakeEncoder().name).manifest.id == live


def test_content_that_has_merely_expired_is_published(folder: Path, tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-01-01"), put(BUS, "valid_until", "2026-01-01"))
    assert publish(root, folder, FakeEncoder(), NOW).id == current_id(folder)


def test_publishing_again_encodes_only_what_is_new(root: Path, folder: Path) -> None:
    publish(root, folder, FakeEncoder(), NOW)
    encoder = FakeEncoder()
    path = root / BUS
    path.write_text(path.read_text(encoding="utf-8").replace("- a bus ticket online", "- night bus tickets"), encoding="utf-8")
    publish(root, folder, encoder, later())
    assert encoder.encoded == ["night bus tickets"]


def test_what_changed_is_told_and_kept_with_the_snapshot(root: Path, folder: Path) -> None:
    first = publish(root, folder, FakeEncoder(), NOW, by="counsellor")
    assert first.full
    assert first.changes.added == ["bus_ticket", "first_permit", "hire_worker", "home_municipality"]
    assert (first.answers, first.examples) == (4, 90)
    rewrite(root, put(BUS, "fi", "answer", "Toisin."), put("topics.yml", 0, "name", "fi", "x"))
    stamp(root / BUS)
    second = publish(root, folder, FakeEncoder(), later(), by="expert")
    assert not second.full
    assert second.changes.model_dump() == {"added": [], "removed": [], "changed": ["bus_ticket"], "other": ["topics"]}
    manifest = read_manifest(folder, str(second.id))
    assert (manifest.by, manifest.changes, manifest.changed_since_full) == ("expert", second.changes, 0)


def test_little_changed_is_fitted_from_what_is_live_and_much_anew(root: Path, folder: Path) -> None:
    publish(root, folder, FakeEncoder(), NOW)
    changed_since_full = []
    for minute in range(1, 4):
        rewrite(root, *(put(BUS, "fi", "examples", number, f"uusi esimerkki {number}") for number in range(minute)))
        result = publish(root, folder, FakeEncoder(), later(minute))
        changed_since_full.append((result.full, read_manifest(folder, str(result.id)).changed_since_full))
    assert changed_since_full == [(False, 2), (False, 4), (True, 0)]  # one in twenty of 90 examples is 4


def test_everything_is_fitted_anew_by_word(root: Path, folder: Path) -> None:
    publish(root, folder, FakeEncoder(), NOW)
    assert publish(root, folder, FakeEncoder(), later(), full=True).full


def test_a_changed_answer_is_found_by_its_new_examples_after_fitting_little(root: Path, folder: Path) -> None:
    publish(root, folder, FakeEncoder(), NOW)
    rewrite(root, put(BUS, "en", "examples", 0, "nysse tram zone fares"), put(TWIN, "finds", {"en": ["tram zone fares nysse"]}))
    result = publish(root, folder, FakeEncoder(), later())
    assert (result.published, result.full, result.twins) == (True, False, [])


def test_an_answer_may_come_and_go_without_fitting_everything(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.training.MOST_CHANGED", 0.9)
    publish(root, folder, FakeEncoder(), NOW)
    (root / HIRE).unlink()
    (root / HIRE.replace("answers", "twins")).unlink()
    gone = publish(root, folder, FakeEncoder(), later())
    assert (gone.published, gone.full, gone.changes.removed) == (True, False, ["hire_worker"])
    assert "hire_worker" not in load_snapshot(folder, FakeEncoder().name).retrieval.labels
    rewrite(root)
    back = publish(root, folder, FakeEncoder(), later(2))
    assert (back.published, back.full, back.changes.added, back.twins) == (True, False, ["hire_worker"], [])


CALIBRATION = Logistic(weights={**dict.fromkeys(SIGNS, 0.0), "log_odds": 1.0}, bias=0.0)
PLAIN = Tuning(
    weights=dict.fromkeys(PARTS, 2.0), right_at_once=CALIBRATION, right_among_three=CALIBRATION, evidence={},
    bands=Bands(answer=0.5, clarify=0.3, refuse=0.3, own_case=0.5),
)  # fmt: skip
"""Answers more readily than what was fitted on the real content: this one is tiny."""

FAILING = put(TWIN, "finds", {"fi": ["kerro vitsi"]})
TRESPASSING = put(TWIN, "near_misses", {"fi": ["bussilippu netissä nyt"]})


@pytest.mark.parametrize(("change", "kind"), [(FAILING, "finds"), (TRESPASSING, "near_misses")])
def test_a_failed_twin_stops_publishing(root: Path, folder: Path, change: Change, kind: str) -> None:
    live = publish(root, folder, FakeEncoder(), NOW, tuning=PLAIN).id
    rewrite(root, change)
    result = publish(root, folder, FakeEncoder(), later(), tuning=PLAIN, confirm=lambda worse: True)
    assert not result.published
    assert [(twin.answer, twin.kind) for twin in result.twins] == [("bus_ticket", kind)]
    assert snapshot_ids(folder) == [live]


def test_the_first_snapshot_is_published_in_spite_of_a_failed_twin_and_tells_it(tmp_path: Path, folder: Path) -> None:
    result = publish(write_content(tmp_path, FAILING), folder, FakeEncoder(), NOW, tuning=PLAIN)
    assert result.published
    assert [twin.answer for twin in result.twins] == ["bus_ticket"]


def test_only_twins_near_what_changed_are_run_and_all_by_word(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.training.NEIGHBOURS", 0)
    root = write_content(tmp_path, FAILING)
    publish(root, folder, FakeEncoder(), NOW, tuning=PLAIN)
    rewrite(root, FAILING, put(PERMIT, "fi", "examples", 0, "lupa-asiaa"))
    assert publish(root, folder, FakeEncoder(), later(), tuning=PLAIN).published
    full = publish(root, folder, FakeEncoder(), later(2), tuning=PLAIN, full=True)
    assert not full.published
    assert [twin.answer for twin in full.twins] == ["bus_ticket"]


WORSE = [
    put(HOME, "fi", "examples", [f"oleskelulupa paperilla {number}" for number in range(8)]),
    put(PERMIT, "fi", "examples", [f"täysin muuta {number}" for number in range(12)]),
    put("twins/permits/first_permit.yml", "finds", {"fi": ["täysin muuta tänään"]}),
    put("twins/registration/home_municipality.yml", "finds", {"fi": ["oleskelulupa paperilla heti"]}),
]


def test_no_required_question_gets_worse_without_a_word(tmp_path: Path, folder: Path) -> None:
    root = write_content(tmp_path, put_gate(GATE))
    live = publish(root, folder, FakeEncoder(), NOW, tuning=PLAIN)
    rewrite(root, *WORSE, put_gate(GATE))
    asked: list[int] = []
    result = publish(root, folder, FakeEncoder(), later(), tuning=PLAIN, confirm=lambda worse: bool(asked.append(len(worse))))
    assert asked == [1]
    assert not result.published
    assert [(each.question, each.answers) for each in result.worse] == [(QUESTION, ["first_permit"])]
    assert result.worse[0].before.answers[0] == "first_permit"
    assert current_id(folder) == live.id
    confirmed = publish(root, folder, FakeEncoder(), later(2), tuning=PLAIN, confirm=lambda worse: True)
    assert confirmed.published
    assert confirmed.worse == result.worse


def test_a_question_to_an_answer_that_is_not_required_may_get_worse(tmp_path: Path, folder: Path) -> None:
    gate = [{"text": "bussilippu netissä", "lang": "fi", "answers": ["bus_ticket"]}]
    root = write_content(tmp_path, put_gate(gate))
    publish(root, folder, FakeEncoder(), NOW)
    (root / BUS).unlink()
    (root / TWIN).unlink()
    result = publish(root, folder, FakeEncoder(), later())
    assert (result.published, result.worse) == (True, [])


def test_a_required_answer_that_is_taken_out_is_worse(tmp_path: Path, folder: Path) -> None:
    root = write_content(tmp_path, put_gate(GATE))
    publish(root, folder, FakeEncoder(), NOW)
    (root / PERMIT).unlink()
    (root / "twins/permits/first_permit.yml").unlink()
    assert [each.question for each in publish(root, folder, FakeEncoder(), later()).worse] == [QUESTION]


def test_a_gate_that_cannot_be_read_stops_publishing(tmp_path: Path, folder: Path) -> None:
    result = publish(write_content(tmp_path, write("gate/questions.yml", "- {text: x}\n")), folder, FakeEncoder(), NOW)
    assert not result.published
    assert "gate/questions.yml" in result.problems[0]


def put_gate(questions: list[dict[str, object]]) -> Change:
    return lambda files: files.update({"gate/questions.yml": questions})


def test_content_that_is_live_already_is_left_alone(root: Path, folder: Path) -> None:
    live = publish(root, folder, FakeEncoder(), NOW, if_changed=True)
    assert live.published
    assert publish(root, folder, FakeEncoder(), later(), if_changed=True) == Result(published=False, left="already")
    assert snapshot_ids(folder) == [live.id]


@pytest.mark.parametrize("part", ["weights.npz", "content.json.gz", VECTORS])
def test_what_is_live_but_not_whole_is_published_again(root: Path, folder: Path, part: str) -> None:
    live = publish(root, folder, FakeEncoder(), NOW)
    (folder / part if part == VECTORS else folder / str(live.id) / part).unlink()
    assert publish(root, folder, FakeEncoder(), later(), if_changed=True).published
    assert load_snapshot(folder, FakeEncoder().name).manifest.published_at == later()


def test_another_encoder_publishes_anew(root: Path, folder: Path) -> None:
    publish(root, folder, FakeEncoder(), NOW)
    assert publish(root, folder, FakeEncoder("other/2"), later(), if_changed=True).full


def test_after_a_rollback_nothing_is_published_by_itself_until_somebody_says_so(root: Path, folder: Path) -> None:
    first = publish(root, folder, FakeEncoder(), NOW)
    rewrite(root, put(BUS, "fi", "examples", 0, "uusi"))
    publish(root, folder, FakeEncoder(), later())
    roll_back(folder, None, later(2))
    assert publish(root, folder, FakeEncoder(), later(3), if_changed=True).left == "held"
    rewrite(root, put(BUS, "fi", "examples", 0, "uudempi"))
    assert publish(root, folder, FakeEncoder(), later(4), if_changed=True).left == "held"
    assert current_id(folder) == first.id
    assert publish(root, folder, FakeEncoder(), later(5)).published
    assert read_hold(folder) is None
    rewrite(root, put(BUS, "fi", "examples", 0, "uusin"))
    assert publish(root, folder, FakeEncoder(), later(6), if_changed=True).published


def test_two_never_publish_at_once(folder: Path) -> None:
    with alone(folder), pytest.raises(PublishedElsewhere), alone(folder, wait_seconds=0):
        pass
    with alone(folder, wait_seconds=0):
        pass


def _publish_and_hang(root: Path, folder: Path, writing: Event) -> None:
    """Publishes until the new snapshot is written, and then no further."""

    def hang(folder: Path, identifier: str) -> None:
        writing.set()
        signal.pause()

    publishing.make_current = hang
    publish(root, folder, FakeEncoder(), later())


def test_one_that_waits_publishes_after_the_other_and_a_killed_one_leaves_what_is_live(root: Path, folder: Path) -> None:
    live = publish(root, folder, FakeEncoder(), NOW)
    processes = multiprocessing.get_context("spawn")
    writing = processes.Event()
    other = processes.Process(target=_publish_and_hang, args=(root, folder, writing))
    other.start()
    assert writing.wait(60)
    with pytest.raises(PublishedElsewhere), alone(folder, wait_seconds=0):
        pass
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    (folder / ".20261122T120000-dead").mkdir()
    assert current_id(folder) == live.id
    assert load_snapshot(folder, FakeEncoder().name).manifest.id == live.id
    after = publish(root, folder, FakeEncoder(), later(2))
    assert current_id(folder) == after.id
    assert not (folder / ".20261122T120000-dead").exists()
