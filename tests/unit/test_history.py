"""Every snapshot is kept, and any of them can be put back."""

import datetime as dt
from pathlib import Path

import pytest

from knowledge.history import keep_newest, read_history, roll_back
from knowledge.published import Hold, NothingPublished, current_id, make_current, read_hold, snapshot_ids
from knowledge.publishing import publish
from knowledge.snapshot import load_snapshot
from tests.unit.content_fixtures import NOW, FakeEncoder, write_content


def minute(number: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=number)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four snapshots, the last of them live."""
    root = write_content(tmp_path)
    for number in range(4):
        publish(root, tmp_path / "snapshots", FakeEncoder(), minute(number))
    return tmp_path / "snapshots"


def test_the_history_is_the_newest_first_and_knows_what_is_live(folder: Path) -> None:
    ids = snapshot_ids(folder)
    make_current(folder, ids[1])
    found = read_history(folder)
    assert [each.manifest.id for each in found] == ids[::-1]
    assert [each.live for each in found] == [False, False, True, False]
    assert all(each.fits for each in found)


def test_what_cannot_be_read_is_left_out_and_another_form_or_encoder_does_not_fit(folder: Path) -> None:
    ids = snapshot_ids(folder)
    (folder / ids[0] / "manifest.json").write_text("{", encoding="utf-8")
    for identifier, old, new in ((ids[1], '"format": 3', '"format": 2'), (ids[2], "fake/1", "other/2")):
        path = folder / identifier / "manifest.json"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert [(each.manifest.id, each.fits) for each in read_history(folder)] == [(ids[3], True), (ids[2], False), (ids[1], False)]
    with pytest.raises(NothingPublished, match="no snapshot before"):
        roll_back(folder, None, minute(9))
    with pytest.raises(NothingPublished, match="older form"):
        roll_back(folder, ids[1], minute(9))
    assert current_id(folder) == ids[3]


def test_one_goes_back_step_by_step_or_to_any(folder: Path) -> None:
    ids = snapshot_ids(folder)
    assert roll_back(folder, None, minute(9), "counsellor") == Hold(
        put_back=ids[2], instead_of=ids[3], at=minute(9), by="counsellor"
    )
    assert roll_back(folder, None, minute(10)).put_back == ids[1]
    assert roll_back(folder, ids[3], minute(11)) == read_hold(folder)
    assert load_snapshot(folder, FakeEncoder().name).manifest.id == ids[3]


def test_what_was_taken_back_before_is_not_put_back(folder: Path, tmp_path: Path) -> None:
    good = roll_back(folder, None, minute(9)).put_back
    publish(tmp_path / "knowledge", folder, FakeEncoder(), minute(10))
    assert roll_back(folder, None, minute(11)).put_back == good


def test_from_what_cannot_be_read_one_cannot_go_back(folder: Path) -> None:
    live = snapshot_ids(folder)[3]
    (folder / live / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(NothingPublished, match="no snapshot before"):
        roll_back(folder, None, minute(9))
    assert (current_id(folder), read_hold(folder)) == (live, None)


def test_when_what_was_live_before_is_gone_one_goes_back_further(folder: Path) -> None:
    ids = snapshot_ids(folder)
    (folder / ids[2] / "manifest.json").unlink()
    assert roll_back(folder, None, minute(9)).put_back == ids[1]


@pytest.mark.parametrize("identifier", ["20200101T000000-0000", "../snapshots", ""])
def test_going_back_to_what_is_not_there_changes_nothing(folder: Path, identifier: str) -> None:
    live = current_id(folder)
    for name in snapshot_ids(folder)[:-1]:
        (folder / name / "manifest.json").unlink()
    with pytest.raises(NothingPublished):
        roll_back(folder, identifier, minute(9))
    assert (current_id(folder), read_hold(folder)) == (live, None)


def test_nothing_published_cannot_go_back(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none") == []
    with pytest.raises(NothingPublished, match="knowledge publish"):
        roll_back(tmp_path / "none", None, NOW)


def test_old_ones_are_taken_away_by_word_but_never_the_live_one(folder: Path) -> None:
    ids = snapshot_ids(folder)
    roll_back(folder, ids[0], minute(9))
    assert keep_newest(folder, 2) == [ids[1]]
    assert snapshot_ids(folder) == [ids[0], *ids[2:]]
    assert load_snapshot(folder, FakeEncoder().name).manifest.id == ids[0]
    assert load_snapshot(folder, FakeEncoder().name, ids[3]).manifest.id == ids[3]
    assert keep_newest(folder, 10) == []
