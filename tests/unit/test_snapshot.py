"""What is published is whole, and is refused when it does not fit."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from knowledge.compiled import Compiled
from knowledge.load import load_content
from knowledge.published import NothingPublished, content_fingerprint, current_id, read_manifest
from knowledge.publishing import publish
from knowledge.snapshot import load_snapshot
from knowledge.training import Texts, make_retrieval
from knowledge.vector_cache import VECTORS
from knowledge.word_counts import WORDS
from tests.unit.content_fixtures import BUS, NOW, Change, FakeEncoder, drop, put, write, write_content

ENCODER = FakeEncoder()
QUESTIONS = ["mistä saan bussilippu", "who helps with a residence permit", "tell me a joke"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def published(root: Path, folder: Path, now: dt.datetime = NOW) -> str:
    result = publish(root, folder, ENCODER, now)
    assert result.id is not None
    return result.id


def test_what_is_loaded_is_what_was_published(root: Path, folder: Path) -> None:
    identifier = published(root, folder)
    snapshot = load_snapshot(folder, ENCODER.name)
    manifest = snapshot.manifest
    assert manifest == read_manifest(folder, identifier)
    assert (manifest.answers, manifest.published_at, manifest.encoder) == (4, NOW, ENCODER.name)
    assert manifest.examples == len(snapshot.retrieval.examples)
    assert manifest.content == content_fingerprint(root)
    assert snapshot.content == Compiled.of(load_content(root))


def test_a_loaded_snapshot_searches_as_a_fresh_one(root: Path, folder: Path, tmp_path: Path) -> None:
    published(root, folder)
    loaded = load_snapshot(folder, ENCODER.name).retrieval
    fresh = make_retrieval(Compiled.of(load_content(root)), Texts(tmp_path / "other", ENCODER), None).retrieval
    assert (loaded.examples, loaded.labels) == (fresh.examples, fresh.labels)
    np.testing.assert_array_equal(loaded.label_of_row, fresh.label_of_row)
    for question in QUESTIONS:
        spread, expected = (each.isotropy.apply(ENCODER.encode([question]))[0] for each in (loaded, fresh))
        np.testing.assert_allclose(spread, expected, atol=1e-5)
        np.testing.assert_allclose(loaded.head.log_probabilities(spread), fresh.head.log_probabilities(spread), atol=1e-4)
        words = [each.lexical.scores_of(each.lexical.row(question)) for each in (loaded, fresh)]
        np.testing.assert_allclose(*words, atol=1e-6)
        np.testing.assert_allclose(
            loaded.index.search(spread[np.newaxis], 5)[0], fresh.index.search(spread[np.newaxis], 5)[0], atol=1e-5
        )
        assert loaded.own_case_probability(question, spread) == pytest.approx(
            fresh.own_case_probability(question, spread), abs=1e-4
        )


BAD_EDITS = [
    pytest.param(put(BUS, "topic", "trains"), id="breach"),
    pytest.param(write(BUS, "id: [\n"), id="not YAML"),
    pytest.param(drop("figures.yml"), id="missing"),
    pytest.param(write(BUS, "id: bus_ticket\nfi:\n\ttitle: a\n"), id="tab"),
    pytest.param(write(BUS, "id: bus_ticket\nfi:\n    title: a\n  answer: b\n"), id="indentation"),
    pytest.param(write(BUS, "id: bus_ticket\nid: bus_ticket\n"), id="duplicate key"),
    pytest.param(write(BUS, "id: bus_ticket\ntitle: ä\n".encode("latin-1")), id="Latin-1"),
    pytest.param(write(BUS, "id: bus_ticket\n".encode("utf-16")), id="UTF-16"),
    pytest.param(put(BUS, "fi", "title", "x"), id="Finnish text changed alone"),
    pytest.param(write(BUS, "id: “bus_ticket”\n"), id="smart quotes"),
    pytest.param(write(BUS, "<<<<<<< HEAD\nid: a\n=======\nid: b\n>>>>>>> c\n"), id="merge conflict"),
    pytest.param(write(BUS, b"#" * 5_000_001), id="5 MB"),
    pytest.param(drop("topics.yml", 1), id="topic in use deleted"),
    pytest.param(put(BUS, "id", "bus_lippu"), id="answer in use renamed"),
    pytest.param(drop(BUS), id="answer in use deleted"),
    pytest.param(write(BUS, "id: !!python/object/apply:os.system ['false']\n"), id="tag that would run code"),
    pytest.param(write(BUS, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"), id="anchors that multiply"),
    pytest.param(write(BUS, "[" * 60_000), id="nested without end"),
]


@pytest.mark.parametrize("change", BAD_EDITS)
def test_a_bad_edit_leaves_what_is_live(root: Path, folder: Path, tmp_path: Path, change: Change) -> None:
    live = published(root, folder)
    refused = publish(write_content(tmp_path / "edit", change), folder, ENCODER, NOW)
    assert refused.id is None
    assert refused.problems
    assert load_snapshot(folder, ENCODER.name).manifest.id == live


def test_content_that_has_merely_expired_is_published(folder: Path, tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-01-01"), put(BUS, "valid_until", "2026-01-01"))
    assert published(root, folder) == current_id(folder)


def test_an_older_snapshot_is_loaded_by_its_id(root: Path, folder: Path) -> None:
    first = published(root, folder)
    second = published(root, folder, NOW + dt.timedelta(minutes=1))
    assert current_id(folder) == load_snapshot(folder, ENCODER.name).manifest.id == second
    assert load_snapshot(folder, ENCODER.name, first).manifest.id == first


def test_nothing_published_says_what_to_do(folder: Path) -> None:
    assert current_id(folder) is None
    with pytest.raises(NothingPublished, match="knowledge publish"):
        load_snapshot(folder, ENCODER.name)


def test_another_encoder_is_refused_by_name(root: Path, folder: Path) -> None:
    published(root, folder)
    with pytest.raises(NothingPublished, match=r"fake/1, but other/2 is set.*knowledge publish"):
        load_snapshot(folder, "other/2")


def test_a_snapshot_of_another_form_is_refused(root: Path, folder: Path) -> None:
    path = folder / published(root, folder) / "manifest.json"
    path.write_text(re.sub(r'"format": \d+', '"format": 999', path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(NothingPublished, match="knowledge publish"):
        load_snapshot(folder, ENCODER.name)


PARTS = ["manifest.json", "content.json.gz", "weights.npz", "own_case.npz"]
"""Without which nothing can be answered."""


@pytest.mark.parametrize("part", PARTS)
def test_a_snapshot_that_lacks_a_part_is_refused(root: Path, folder: Path, part: str) -> None:
    place = folder / published(root, folder)
    assert sorted(path.name for path in place.iterdir()) == sorted([*PARTS, "replies.json.gz"])
    (place / part).unlink()
    with pytest.raises(NothingPublished, match=r"(?s)cannot be read.*knowledge publish"):
        load_snapshot(folder, ENCODER.name)


@pytest.mark.parametrize("part", PARTS)
def test_a_snapshot_with_a_part_overwritten_is_refused(root: Path, folder: Path, part: str) -> None:
    (folder / published(root, folder) / part).write_bytes(b"overwritten")
    with pytest.raises(NothingPublished, match=r"(?s)cannot be read.*knowledge publish"):
        load_snapshot(folder, ENCODER.name)


def test_without_the_vectors_of_its_texts_a_snapshot_is_refused(root: Path, folder: Path) -> None:
    published(root, folder)
    (folder / VECTORS).unlink()
    with pytest.raises(NothingPublished, match=r"vectors .* are missing.*knowledge publish --full"):
        load_snapshot(folder, ENCODER.name)


def test_words_that_are_not_counted_are_counted_when_it_is_loaded(root: Path, folder: Path) -> None:
    published(root, folder)
    (folder / WORDS).unlink()
    lexical = load_snapshot(folder, ENCODER.name).retrieval.lexical
    assert lexical.scores_of(lexical.row("bussilippu")).max() > 0


def test_parts_that_are_the_same_share_their_place_on_disk(root: Path, folder: Path) -> None:
    first, second = (folder / published(root, folder, NOW + dt.timedelta(minutes=minute)) for minute in (0, 1))
    assert {path.name for path in first.iterdir() if path.samefile(second / path.name)} == {
        "content.json.gz",
        "own_case.npz",
        "replies.json.gz",
        "weights.npz",
    }


@pytest.mark.parametrize(
    "change",
    [
        put(BUS, "fi", "title", "Lippu"),
        drop(BUS),
        drop("twins/everyday/bus_ticket.yml"),
        write("answers/everyday/new.yml", "id: new\n"),
        put("figures.yml", "old-fee", "unit", "number"),
    ],
)
def test_the_fingerprint_of_the_content_changes_with_it(root: Path, tmp_path: Path, change: Change) -> None:
    assert content_fingerprint(write_content(tmp_path / "edit", change)) != content_fingerprint(root)


def test_the_fingerprint_depends_neither_on_the_place_nor_on_what_is_not_content(root: Path, tmp_path: Path) -> None:
    other = write_content(tmp_path / "elsewhere", write("verbs/texts/try.yml", "fi: {}\n"), write("gate/more.yml", "[]\n"))
    assert content_fingerprint(other) == content_fingerprint(root)
