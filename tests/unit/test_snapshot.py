"""What is published is whole, stays live through a bad edit, and is refused when it does not fit."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from knowledge.load import load_content
from knowledge.retrieval import Retrieval
from knowledge.snapshot import (
    KEPT,
    ContentRefused,
    NothingPublished,
    content_fingerprint,
    current_id,
    load_snapshot,
    publish,
    published_content,
)
from knowledge.vector_cache import VectorCache
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
    return publish(load_content(root), folder, ENCODER, now).id


def test_what_is_loaded_is_what_was_published(root: Path, folder: Path) -> None:
    manifest = publish(load_content(root), folder, ENCODER, NOW)
    snapshot = load_snapshot(folder, ENCODER.name)
    assert snapshot.manifest == manifest
    assert (manifest.answers, manifest.published_at, manifest.encoder) == (4, NOW, ENCODER.name)
    assert manifest.examples == len(snapshot.retrieval.examples)
    content = load_content(root)
    assert snapshot.content.answers == content.answers
    assert snapshot.content.figures == content.figures
    assert snapshot.content.contacts == content.contacts
    assert snapshot.content.municipalities == content.municipalities
    assert snapshot.content.topics == content.topics


def test_a_loaded_snapshot_searches_as_a_fresh_one(root: Path, folder: Path, tmp_path: Path) -> None:
    published(root, folder)
    loaded = load_snapshot(folder, ENCODER.name).retrieval
    fresh = Retrieval.build(load_content(root), ENCODER, VectorCache(tmp_path / "other.npz", ENCODER))
    assert (loaded.examples, loaded.labels) == (fresh.examples, fresh.labels)
    np.testing.assert_array_equal(loaded.label_of_row, fresh.label_of_row)
    for question in QUESTIONS:
        spread, expected = (each.isotropy.apply(ENCODER.encode([question]))[0] for each in (loaded, fresh))
        np.testing.assert_allclose(spread, expected, atol=1e-5)
        np.testing.assert_allclose(loaded.head.log_probabilities(spread), fresh.head.log_probabilities(spread), atol=1e-4)
        np.testing.assert_allclose(loaded.lexical.scores(question), fresh.lexical.scores(question), atol=1e-6)
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
    before = sorted(folder.iterdir())
    broken = write_content(tmp_path / "edit", change)
    with pytest.raises(ContentRefused) as refused:
        published(broken, folder)
    assert refused.value.problems
    assert sorted(folder.iterdir()) == before
    assert load_snapshot(folder, ENCODER.name).manifest.id == live


def test_content_that_has_merely_expired_is_published(folder: Path, tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "review_by", "2026-01-01"), put(BUS, "valid_until", "2026-01-01"))
    assert published(root, folder) == current_id(folder)


def test_the_newest_is_current(root: Path, folder: Path) -> None:
    first = published(root, folder)
    second = published(root, folder, NOW + dt.timedelta(minutes=1))
    assert first != second
    assert current_id(folder) == load_snapshot(folder, ENCODER.name).manifest.id == second


def test_publishing_again_encodes_only_what_is_new(root: Path, folder: Path) -> None:
    published(root, folder)
    encoder = FakeEncoder()
    path = root / BUS
    path.write_text(path.read_text(encoding="utf-8").replace("- a bus ticket online", "- night bus tickets"), encoding="utf-8")
    publish(load_content(root), folder, encoder, NOW)
    assert encoder.encoded == ["night bus tickets"]


def test_old_snapshots_are_removed(root: Path, folder: Path) -> None:
    made = [published(root, folder, NOW + dt.timedelta(minutes=minute)) for minute in range(KEPT + 2)]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == made[-KEPT:]


def test_an_older_snapshot_can_be_put_back(root: Path, folder: Path) -> None:
    first = published(root, folder)
    published(root, folder, NOW + dt.timedelta(minutes=1))
    (folder / "current").write_text(first, encoding="utf-8")
    assert load_snapshot(folder, ENCODER.name).manifest.id == first


def test_nothing_published_says_what_to_do(folder: Path) -> None:
    assert current_id(folder) is None
    assert published_content(folder) is None
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
    assert published_content(folder) is None


PARTS = [
    "manifest.json",
    "content.json",
    "examples.json",
    "index.faiss",
    "weights.npz",
    "lexical.json",
    "lexical-idf.npy",
    "lexical.npz",
]


@pytest.mark.parametrize("part", PARTS)
def test_a_snapshot_that_lacks_a_part_is_refused(root: Path, folder: Path, part: str) -> None:
    place = folder / published(root, folder)
    assert sorted(path.name for path in place.iterdir()) == sorted(PARTS)
    (place / part).unlink()
    with pytest.raises(NothingPublished, match=r"(?s)cannot be read.*knowledge publish"):
        load_snapshot(folder, ENCODER.name)


@pytest.mark.parametrize("part", PARTS)
def test_a_snapshot_with_a_part_overwritten_is_refused(root: Path, folder: Path, part: str) -> None:
    (folder / published(root, folder) / part).write_bytes(b"overwritten")
    with pytest.raises(NothingPublished, match=r"(?s)cannot be read.*knowledge publish"):
        load_snapshot(folder, ENCODER.name)


def test_what_is_published_is_known_by_content_and_encoder(root: Path, folder: Path) -> None:
    published(root, folder)
    assert published_content(folder) == (content_fingerprint(root), ENCODER.name)


@pytest.mark.parametrize(
    "change",
    [
        put(BUS, "fi", "title", "Lippu"),
        drop(BUS),
        write("answers/everyday/new.yml", "id: new\n"),
        put("figures.yml", "old-fee", "unit", "number"),
    ],
)
def test_the_fingerprint_of_the_content_changes_with_it(root: Path, tmp_path: Path, change: Change) -> None:
    assert content_fingerprint(write_content(tmp_path / "edit", change)) != content_fingerprint(root)


def test_the_fingerprint_does_not_depend_on_the_place(root: Path, tmp_path: Path) -> None:
    assert content_fingerprint(write_content(tmp_path / "elsewhere")) == content_fingerprint(root)
