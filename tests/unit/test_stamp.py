"""Stamping says that the translations match the Finnish text, and changes nothing else."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.stamp import stamp
from tests.unit.content_fixtures import BUS, drop, problems_of, put, write_content

REMARKS = ("# who buys a ticket", "# said at the desk")


def test_a_stale_translation_is_fresh_after_its_stamp(tmp_path: Path) -> None:
    root = write_content(tmp_path, put(BUS, "fi", "answer", "Lippu on {{ bus-fare }}."))
    assert problems_of(root)
    assert stamp(root / BUS)
    assert problems_of(root) == []


def test_a_translation_without_a_stamp_gets_one(tmp_path: Path) -> None:
    root = write_content(tmp_path, drop(BUS, "en", "based_on"))
    assert stamp(root / BUS)
    assert problems_of(root) == []


def test_the_second_stamp_changes_nothing(tmp_path: Path) -> None:
    path = write_content(tmp_path, put(BUS, "en", "based_on", "0" * 12)) / BUS
    stamp(path)
    once = path.read_bytes()
    assert not stamp(path)
    assert path.read_bytes() == once


def test_only_the_stamp_is_changed(tmp_path: Path) -> None:
    path = write_content(tmp_path) / BUS
    text = path.read_text(encoding="utf-8")
    text = text.replace("audience:", f"{REMARKS[0]}\naudience:").replace("  examples:", f"  examples: {REMARKS[1]}", 1)
    path.write_text(text.replace("based_on: ", "based_on: old # "), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    stamp(path)
    after = path.read_text(encoding="utf-8")
    assert all(remark in after for remark in REMARKS)
    assert _without_stamp(after) == _without_stamp(before)


def test_languages_with_examples_only_are_left_alone(tmp_path: Path) -> None:
    path = write_content(tmp_path, put(BUS, "sv", {"examples": ["bussbiljett"]}), drop(BUS, "en", "based_on")) / BUS
    stamp(path)
    assert path.read_text(encoding="utf-8").count("based_on") == 1


def test_a_file_that_breaks_the_contract_is_not_stamped(tmp_path: Path) -> None:
    path = write_content(tmp_path, drop(BUS, "fi", "title")) / BUS
    before = path.read_bytes()
    with pytest.raises(ValidationError):
        stamp(path)
    assert path.read_bytes() == before


def _without_stamp(text: str) -> list[str]:
    return [line for line in text.splitlines() if "based_on" not in line]
