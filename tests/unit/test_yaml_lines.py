"""YAML is read with its lines, and what cannot be read says on which line."""

from pathlib import Path

import pytest

from knowledge.yaml_lines import UnreadableYaml, read_yaml


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.yml"


def test_each_key_and_item_has_its_line(path: Path) -> None:
    path.write_text("# first\nid: a\n\nfi:\n  title: b\n  examples:\n    - c\n    - d\n", encoding="utf-8")
    document = read_yaml(path)
    assert document.data == {"id": "a", "fi": {"title": "b", "examples": ["c", "d"]}}
    places = [("id",), ("fi",), ("fi", "title"), ("fi", "examples"), ("fi", "examples", 0), ("fi", "examples", 1)]
    assert [document.line_of(place) for place in places] == [2, 4, 5, 6, 7, 8]


def test_an_unknown_place_has_the_line_of_what_encloses_it(path: Path) -> None:
    path.write_text("id: a\nfi:\n  title: b\n", encoding="utf-8")
    document = read_yaml(path)
    assert document.line_of(("fi", "answer")) == 2
    assert document.line_of(("en", "title")) == 1


def test_repeated_keys_are_noted_at_the_second_one(path: Path) -> None:
    path.write_text("id: a\nfi:\n  title: b\n  links: []\n  title: c\n", encoding="utf-8")
    assert read_yaml(path).repeated == [("title", 5)]


@pytest.mark.parametrize("raw", [b"", b"# nothing but a remark\n"])
def test_an_empty_file_is_no_data(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    assert read_yaml(path).data is None


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfid: x\n", b"id: x\r\n"], ids=["byte order mark", "Windows line ends"])
def test_what_windows_editors_write_is_read(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    assert read_yaml(path).data == {"id": "x"}


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param(b"id: a\ntopic: [b\nstatus: c\n", 3, id="open bracket"),
        pytest.param(b"id: a\nfi:\n\ttitle: b\n", 3, id="tab"),
        pytest.param(b"id: a\ntitle: b: c\n", 2, id="unquoted colon"),
        pytest.param(b"id: a\nreview_by: 2026-13-40\n", 1, id="no such day"),
        pytest.param(b"id: a\nname: !!python/name:os.system\n", 2, id="tag"),
        pytest.param(b"id: a\n---\nid: b\n", 2, id="two documents"),
        pytest.param(b"id: a\x00\n", 1, id="control character"),
        pytest.param("title: Pysyvä".encode("latin-1"), 1, id="Latin-1"),
        pytest.param("title: a".encode("utf-16"), 1, id="UTF-16"),
    ],
)
def test_what_is_not_yaml_says_where(path: Path, raw: bytes, line: int) -> None:
    path.write_bytes(raw)
    with pytest.raises(UnreadableYaml) as raised:
        read_yaml(path)
    assert raised.value.line == line
    assert raised.value.what


def test_a_missing_file_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_yaml(path)
