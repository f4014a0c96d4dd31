"""Editing changes the lines of what changes and no byte else, and what was written is read as what was meant."""

from __future__ import annotations

import copy
import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.editing import CannotEdit, data_of, read_file, rewrite, write_file
from knowledge.load import CONTENT
from tests.unit.content_fixtures import steady

ANSWERS = sorted((CONTENT / "answers").rglob("*.yml"))

HAND_MADE = """\
# yaml-language-server: $schema=x
id: bus   # never changes

audience: [person, employer]  # who asks
review_by: 2027-06-30 # soon
contacts:
# the town first
- town   # open on Mondays

- kela
sources:
  - url: https://a.example
    title: 'A: b'   # the title of the page
    checked_on: 2026-11-22
  -
    url: "https://b.example"
    title: B
fi:
    title: "Lippu"
    answer: |  # markdown
        Osta lippu.

        1. Mene.
        2. Osta.


    # seen in the logs
    examples:
        - miten
        - 'ostan: lipun' # slip
    based_on:
en: {title: Ticket, answer: Buy}
# the end
"""


def changed_lines(before: str, after: str) -> list[str]:
    """What a difference of the two shows, without its head."""
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line.rstrip("\n") for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def edited(text: str, *keys_and_value: Any) -> list[str]:
    """The lines that change when one value is set."""
    *keys, last, value = keys_and_value
    data = data_of(text)
    inside = data
    for key in keys:
        inside = inside[key]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return changed_lines(text, rewrite(text, data))


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (("review_by", data_of("2027-12-31")), ["-review_by: 2027-06-30 # soon", "+review_by: 2027-12-31 # soon"]),
        (("audience", ["person"]), ["-audience: [person, employer]  # who asks", "+audience: [person]  # who asks"]),
        (("contacts", 0, "city"), ["-- town   # open on Mondays", "+- city   # open on Mondays"]),
        (("contacts", ["town", "migri", "kela"]), ["+- migri"]),
        (("contacts", ["kela"]), ["-- town   # open on Mondays"]),
        (("contacts", ["town", "kela", "migri"]), ["+- migri"]),
        (("contacts", None), ["-contacts:", "-# the town first", "-- town   # open on Mondays", "-", "-- kela"]),
        (
            ("sources", 0, "title", "no"),
            ["-    title: 'A: b'   # the title of the page", "+    title: 'no'   # the title of the page"],
        ),
        (("sources", 1, "title", "12:30"), ["-    title: B", "+    title: '12:30'"]),
        (("sources", 1, "page_date", "2026-11-01"), ["+    page_date: '2026-11-01'"]),
        (("sources", 1, "title", None), ["-    title: B"]),
        (("fi", "title", 'Mitä "se" on? # 1'), ['-    title: "Lippu"', '+    title: "Mitä \\"se\\" on? # 1"']),
        (("fi", "answer", "Yksi.\n"), ["-        Osta lippu.", "-", "-        1. Mene.", "-        2. Osta.", "+      Yksi."]),
        (("fi", "examples", 1, "a: b"), ["-        - 'ostan: lipun' # slip", "+        - 'a: b' # slip"]),
        (("fi", "examples", ["miten", "ostan: lipun", "- uusi"]), ["+        - '- uusi'"]),
        (("fi", "examples", ["uusi", "miten", "ostan: lipun"]), ["+        - uusi"]),
        (("fi", "based_on", "123"), ["-    based_on:", "+    based_on: '123'"]),
        (("en", "title", "A ticket"), ["-en: {title: Ticket, answer: Buy}", "+en: {title: A ticket, answer: Buy}"]),
        (
            ("en", "answer", "Buy.\n\nGo.\n"),
            ["-en: {title: Ticket, answer: Buy}", "+en:", "+  title: Ticket", "+  answer: |", "+    Buy.", "+", "+    Go."],
        ),
    ],
    ids=str,
)
def test_only_the_lines_of_what_changes_are_written_anew(change: tuple[Any, ...], lines: list[str]) -> None:
    assert edited(HAND_MADE, *change) == lines


def test_new_keys_come_after_the_one_that_stands_before_them() -> None:
    data = data_of(HAND_MADE)
    items = list(data.items())
    items.insert(1, ("topic", "bus"))
    items[2:2] = [("status", "draft"), ("importance", "extra")]
    after = rewrite(HAND_MADE, dict(items))
    assert changed_lines(HAND_MADE, after) == ["+topic: bus", "+status: draft", "+importance: extra"]
    assert after.splitlines()[2] == "topic: bus"


def test_a_key_for_a_part_and_one_for_what_encloses_it_come_to_their_own_place() -> None:
    data = data_of("a:\n  b: 1\n")
    data["a"]["c"] = 2
    data["d"] = 3
    assert rewrite("a:\n  b: 1\n", data) == "a:\n  b: 1\n  c: 2\nd: 3\n"


def test_windows_line_ends_stay() -> None:
    text = "a: 1\r\nb:\r\n  - x\r\n"
    assert rewrite(text, {"a": "p\nq\n", "b": ["x", "y"]}) == "a: |\r\n  p\r\n  q\r\nb:\r\n  - x\r\n  - y\r\n"


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_an_unchanged_answer_keeps_every_byte_and_a_changed_title_only_its_line(path: Path) -> None:
    text = read_file(path)
    data = data_of(text)
    assert rewrite(text, copy.deepcopy(data)) is text
    data["en"]["title"] += " – now?"
    after = rewrite(text, data)
    assert [line[0] for line in changed_lines(text, after)] == ["-", "+"]
    assert data_of(after) == data


words = st.text(max_size=60) | st.sampled_from(
    ["no", "12:30", "a: b", "# x", "- x", "{{ fee }}", "a\n\n1. b\n", "|", "'", '"', "\t", "---", "é\u2028", "%x", "", "~", "1_0"]
)
scalars = words | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates()
keys = st.from_regex(r"\A[a-z][a-z_-]{0,5}\Z")
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | words, inner, max_size=4), max_leaves=8
)
documents = st.dictionaries(keys, values, min_size=1, max_size=5)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A document as somebody else wrote it: another width, other indents, with remarks."""
    style = draw(st.sampled_from([None, True, False]))
    text = yaml.safe_dump(draw(documents), default_flow_style=style, indent=draw(st.integers(2, 6)), allow_unicode=True)
    return draw(st.sampled_from(["", "# first\n\n"])) + text + draw(st.sampled_from(["", "# last\n", "\n\n"]))


@steady
@given(text=written(), data=documents)
def test_what_is_written_is_read_as_it_was_meant(text: str, data: dict[str, Any]) -> None:
    assert data_of(rewrite(text, data)) == data


@steady
@given(data=st.data())
def test_a_value_put_into_a_file_of_a_counsellor_changes_nothing_else(data: st.DataObject) -> None:
    before = data_of(HAND_MADE)
    wanted = copy.deepcopy(before)
    place = data.draw(st.sampled_from([("fi", "title"), ("fi", "answer"), ("sources", 0, "title"), ("contacts", 0), ("id",)]))
    inside = wanted
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = data.draw(values)
    after = rewrite(HAND_MADE, wanted)
    assert data_of(after) == wanted
    for remark in ("# yaml-language-server: $schema=x", "# the town first", "# seen in the logs", "# slip", "# the end"):
        assert remark in after
    gone = [line for line in changed_lines(HAND_MADE, after) if line[0] == "-"]
    assert len(gone) <= (5 if place == ("fi", "answer") else 1)


@pytest.mark.parametrize(
    "text", ["a: [", "a: 1\n b: 2", "a: !!python/object:os.system x", "\x00", "a: b: c", "a: &one [1]\nb: *one"]
)
def test_what_is_no_yaml_is_left_alone(text: str) -> None:
    with pytest.raises(CannotEdit):
        rewrite(text, {"a": 2})


def test_a_file_keeps_its_rights_and_an_attempt_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.yml"
    write_file(path, "a: 1\n")
    path.chmod(0o640)
    write_file(path, "a: ä\r\n")
    assert read_file(path) == "a: ä\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(UnicodeEncodeError):
        write_file(path, "\ud800")
    assert [each.name for each in path.parent.iterdir()] == ["a.yml"]
    path.write_bytes(b"\xff")
    with pytest.raises(CannotEdit):
        read_file(path)
