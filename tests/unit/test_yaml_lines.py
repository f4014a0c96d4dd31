"""YAML is read with its lines, and what cannot be read says on which line."""

from pathlib import Path

import pytest

from knowledge.source_text import Remark, UnreadableFile
from knowledge.yaml_lines import Positions, parse_yaml, read_yaml


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.yml"


def test_each_key_and_item_has_its_line_and_column(path: Path) -> None:
    path.write_text("# first\nid: a\n\nfi:\n  title: b\n  examples:\n    - c\n    - d\n", encoding="utf-8")
    document = read_yaml(path)
    assert document.data == {"id": "a", "fi": {"title": "b", "examples": ["c", "d"]}}
    places = [("id",), ("fi",), ("fi", "title"), ("fi", "examples"), ("fi", "examples", 0), ("fi", "examples", 1)]
    assert [document.positions.of(place) for place in places] == [(2, 1), (4, 1), (5, 3), (6, 3), (7, 7), (8, 7)]


def test_an_unknown_place_has_the_line_of_what_encloses_it(path: Path) -> None:
    path.write_text("id: a\nfi:\n  title: b\n", encoding="utf-8")
    positions = read_yaml(path).positions
    assert positions.of(("fi", "answer")) == (2, 1)
    assert positions.of(("en", "title")) == (1, 1)


@pytest.mark.parametrize(
    ("source", "position"),
    [
        pytest.param("a: one X\n", (1, 8), id="plain"),
        pytest.param("a: 'one X'\n", (1, 9), id="quoted"),
        pytest.param("a: |\n  one X\n", (2, 7), id="block"),
        pytest.param("a: |\n\n    one\n    two X\n", (4, 9), id="later line of a block after an empty one"),
        pytest.param("a:\n  - 'one X'\n", (2, 10), id="quoted item"),
        pytest.param("a:\n  - one X\n", (2, 9), id="item"),
    ],
)
def test_a_sign_inside_a_text_has_its_place(source: str, position: tuple[int, int]) -> None:
    document = parse_yaml(source.encode())
    value = document.data["a"]
    location, text = (("a",), value) if isinstance(value, str) else (("a", 0), value[0])
    assert document.positions.inside(location, text.lstrip(), text.lstrip().index("X")) == position


def test_positions_survive_the_way_through_text() -> None:
    positions = parse_yaml(b"id: a\nfi:\n  answer: |\n    b\n  examples: ['c', d]\n").positions
    assert Positions.from_text(positions.as_text()) == positions


def test_repeated_keys_are_noted_at_the_second_one(path: Path) -> None:
    path.write_text("id: a\nfi:\n  title: b\n  links: []\n  title: c\n", encoding="utf-8")
    assert read_yaml(path).remarks == [Remark("key-twice", 5, 3, (("key", "title"),))]


@pytest.mark.parametrize("key", ["no", "on", "yes", "1", "null", "2026-01-01"])
def test_a_key_is_text_whatever_yaml_takes_it_for(key: str) -> None:
    assert parse_yaml(f"{key}: a\n".encode()).data == {key: "a"}


@pytest.mark.parametrize("raw", [b"", b"# nothing but a remark\n"])
def test_an_empty_file_is_no_data(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    assert read_yaml(path).data is None


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfid: x\ntitle: y\n", b"id: x\r\ntitle: y\r\n", b"id: x\rtitle: y\r"])
def test_what_editors_write_by_themselves_is_read(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    document = read_yaml(path)
    assert (document.data, document.positions.of(("title",))) == ({"id": "x", "title": "y"}, (2, 1))


def test_no_such_day_is_left_to_the_contract() -> None:
    assert parse_yaml(b"id: a\nreview_by: 2026-13-40\n").data == {"id": "a", "review_by": "2026-13-40"}


UNREADABLE = [
    pytest.param(b"id: a\ntopic: [b\nstatus: c\n", ("yaml-bracket", 3), id="open bracket"),
    pytest.param(b"id: a\nfi:\n\ttitle: b\n", ("yaml-tab", 3), id="tab"),
    pytest.param(b"id: a\nfi: |\n\tb\n", ("yaml-tab", 3), id="tab in a block"),
    pytest.param(b"id: a\nfi:\n    title: b\n  answer: c\n", ("yaml-indentation", 4), id="indentation"),
    pytest.param(b"fi:\n  examples:\n    - a\n   - b\n", ("yaml-indentation", 4), id="indentation of an item"),
    pytest.param(b"id: a\ntitle: b: c\n", ("yaml-colon", 2), id="unquoted colon"),
    pytest.param(b"id: a\nfi:\n  b\n  c: d\n", ("yaml-colon", 4), id="text above a name"),
    pytest.param(b"id: 'a\ntitle: b\n", ("yaml-quotation", 1), id="open quotation mark"),
    pytest.param(b"id: a\ntitle: 'it's'\n", ("yaml-after-quotation", 2), id="apostrophe"),
    pytest.param(b"- a\n- **b** c\n", ("yaml-asterisk", 2), id="bold at the beginning"),
    pytest.param(b"- a\n- @b\n", ("yaml-character", 2), id="at sign at the beginning"),
    pytest.param(b"id: a\n{b: c}: d\n", ("yaml-braces", 2), id="braces as a key"),
    pytest.param("id: a\ntitle: “b: c”\n".encode(), ("smart-quotes", 2), id="smart quotes around a colon"),
    pytest.param(b"id: a\nname: !!python/name:os.system\n", ("yaml-tag", 2), id="tag of a function"),
    pytest.param(b"id: !!python/object/apply:os.system ['true']\n", ("yaml-tag", 1), id="tag of a call"),
    pytest.param(b"id: a\nname: !secret b\n", ("yaml-tag", 2), id="tag of its own"),
    pytest.param(b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ("yaml-anchor", 1), id="laughs"),
    pytest.param(b"id: a\nb: {<<: *c}\n", ("yaml-anchor", 2), id="merge of nothing"),
    pytest.param(b"[" * 60_000, ("yaml-too-deep", 1), id="brackets that fill the stack"),
    pytest.param(b"- " * 60_000, ("yaml-too-deep", 1), id="dashes that fill the stack"),
    pytest.param(b"id: a\n---\nid: b\n", ("yaml-documents", 2), id="two documents"),
    pytest.param(b"id: a\nb: \x00\n", ("control-character", 2), id="control character"),
    pytest.param(b"id: a\n<<<<<<< HEAD\nb: c\n=======\nb: d\n>>>>>>> other\n", ("merge-conflict", 2), id="merge conflict"),
    pytest.param("id: a\ntitle: Pysyvä".encode("latin-1"), ("encoding-not-utf-8", 2), id="Latin-1"),
    pytest.param("title: a".encode("utf-16"), ("encoding-utf-16", 1), id="UTF-16"),
    pytest.param(b"#" * 5_000_001, ("file-too-large", 1), id="too large"),
]


@pytest.mark.parametrize(("raw", "told"), UNREADABLE)
def test_what_cannot_be_read_says_why_and_where(path: Path, raw: bytes, told: tuple[str, int]) -> None:
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile) as raised:
        read_yaml(path)
    assert (raised.value.remark.rule, raised.value.remark.line) == told


@pytest.mark.parametrize("text", ["“b”", "”b”", "‘b’", "»b»"])
def test_smart_quotes_around_a_value_are_noted(text: str) -> None:
    assert parse_yaml(f"id: a\ntitle: {text}\n".encode()).remarks == [Remark("smart-quotes", 2, 8)]


@pytest.mark.parametrize("text", ["”b” on c", "b ”c”", "'”b”'"])
def test_smart_quotes_inside_a_text_are_left_alone(text: str) -> None:
    assert parse_yaml(f"title: {text}\n".encode()).remarks == []


def test_a_missing_file_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_yaml(path)
