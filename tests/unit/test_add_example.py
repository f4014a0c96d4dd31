"""Adding an example: one line more, and every other byte of the file as it was."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bot.desk.answer_folder import AnswerFolder
from bot.settings import ROOT
from knowledge.add_example import NotAnExample, add_example
from knowledge.load import load_content
from tests.unit.content_fixtures import BUS, drop, problems_of, write, write_content

REMARKED = """\
# kept by the transport office
id: bus_ticket   # the file's name
topic: bus
audience: [person]
expert: never
importance: useful
status: draft
review_by: 2027-02-28

sources:
- {url: 'https://example.fi/', title: "Viranomainen", checked_on: 2026-11-01}
en:   # English first, why not
  examples:
  # short ones
  - bus ticket   # as they say
  - "ticket: where?"
  - >-
    where do I
    get one

  # the end
  title: How?
  answer: Buy it.
fi:
  title: Miten?
  answer: Osta.
  examples: [bussilippu, 'lippu, bussi']
"""


def test_only_one_line_is_new(tmp_path: Path) -> None:
    path = write_content(tmp_path, write(BUS, REMARKED)) / BUS
    assert add_example(path, "en", "Is it: free? # really")
    after = path.read_text(encoding="utf-8")
    new = "  - 'Is it: free? # really'\n"
    assert after.count(new) == 1
    assert after.replace(new, "") == REMARKED
    assert yaml.safe_load(after)["en"]["examples"][-1] == "Is it: free? # really"


def test_a_list_on_one_line_stays_on_it(tmp_path: Path) -> None:
    path = write_content(tmp_path, write(BUS, REMARKED)) / BUS
    assert add_example(path, "fi", 'lippu "halpa", kiitos')
    after = path.read_text(encoding="utf-8")
    assert after.replace(', "lippu \\"halpa\\", kiitos"', "") == REMARKED
    assert yaml.safe_load(after)["fi"]["examples"] == ["bussilippu", "lippu, bussi", 'lippu "halpa", kiitos']


@pytest.mark.parametrize("text", [REMARKED, REMARKED.rstrip("\n")])
def test_a_language_without_examples_begins_at_the_end(tmp_path: Path, text: str) -> None:
    path = write_content(tmp_path, write(BUS, text)) / BUS
    assert add_example(path, "ar", "تذكرة الحافلة")
    assert path.read_text(encoding="utf-8") == REMARKED + "ar:\n  examples:\n    - تذكرة الحافلة\n"


def test_line_ends_stay_those_of_the_file(tmp_path: Path) -> None:
    text = REMARKED.replace("\n", "\r\n").encode()
    path = write_content(tmp_path, write(BUS, text)) / BUS
    add_example(path, "en", "plain")
    after = path.read_bytes()
    assert after.replace(b"  - plain\r\n", b"") == text
    assert b"\n" not in after.replace(b"\r\n", b"")


@pytest.mark.parametrize("path", sorted((ROOT / "knowledge/answers").glob("*/*.yml"))[::12], ids=lambda path: path.stem)
def test_in_the_files_of_the_guide(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / path.name
    for language in ("fi", "en", "th"):
        copy.write_bytes(path.read_bytes())
        assert add_example(copy, language, "  - onko näin:\n  'kyllä' ")
        before, after = (each.read_text(encoding="utf-8").splitlines() for each in (path, copy))
        new = [line for line in after if "onko näin: 'kyllä'" in line or "onko näin: ''kyllä''" in line]
        assert len(new) == 1
        assert [line for line in after if line not in new][: len(before)] == before


def test_what_stands_there_already_is_not_written_again(tmp_path: Path) -> None:
    path = write_content(tmp_path) / BUS
    known = load_content(tmp_path / "knowledge").answers["bus_ticket"].examples()["fi"][0]
    before = path.read_bytes()
    for language in ("fi", "ru"):
        assert not add_example(path, language, f" {known.upper()}?")
    assert path.read_bytes() == before


def test_the_content_is_whole_afterwards(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    for text in ("yes", "123", "- dash", "{brace}", "#hash", "@at", "a: b", "'quoted", "%", "100 %", "null", "~"):
        assert add_example(root / BUS, "en", text)
    assert problems_of(root) == []
    assert "null" in load_content(root).answers["bus_ticket"].en.examples


@pytest.mark.parametrize(
    ("language", "text"), [("fi", " ?! "), ("fi", ""), ("ku", "bilet"), ("id", "bus_ticket"), ("fi-easy", "a")]
)
def test_what_is_no_example_is_refused(tmp_path: Path, language: str, text: str) -> None:
    path = write_content(tmp_path) / BUS
    before = path.read_bytes()
    with pytest.raises(NotAnExample):
        add_example(path, language, text)
    assert path.read_bytes() == before


def test_a_file_that_breaks_the_contract_is_left_alone(tmp_path: Path) -> None:
    for change, error in ((drop(BUS, "fi", "title"), ValidationError), (write(BUS, "a: [b"), yaml.YAMLError)):
        path = write_content(tmp_path, change) / BUS
        before = path.read_bytes()
        with pytest.raises(error):
            add_example(path, "fi", "lippu")
        assert path.read_bytes() == before
        assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_answer_is_found_by_its_name(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    folder = AnswerFolder(root)
    files = folder.files("bus_ticket")
    assert files is not None
    assert files.answer == root / BUS
    assert folder.files("../topics") is None
