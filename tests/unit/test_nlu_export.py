"""What Rasa gets to know of the questions."""

from pathlib import Path

import pytest
import yaml

from knowledge.load import load_content
from knowledge.nlu_export import write_ask_examples
from tests.unit.content_fixtures import BUS, put, write_content


def exported(tmp_path: Path, *examples: str) -> list[str]:
    changes = [put(BUS, "fi", "examples", list(examples))] if examples else []
    path = tmp_path / "nlu" / "ask.yml"
    count = write_ask_examples(load_content(write_content(tmp_path, *changes)), path)
    (block,) = yaml.safe_load(path.read_bytes())["nlu"]
    assert block["intent"] == "ask"
    lines = [line.removeprefix("- ") for line in block["examples"].splitlines()]
    assert len(lines) == count
    return lines


def test_every_answer_and_every_boundary_has_its_examples(tmp_path: Path) -> None:
    lines = exported(tmp_path)
    for text in (
        "miten saan bussilippu",
        "how do I get a residence permit",
        "как получить прописку",
        "tell me a joke",
        "miksi hakemukseni viipyy",
    ):
        assert text in lines


def test_no_example_comes_twice(tmp_path: Path) -> None:
    lines = exported(tmp_path)
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(("written", "shown"), [("[lippu](aika) {x}", "lippu (aika) x"), ("/start", "start"), ("a\n  b", "a b")])
def test_what_rasa_would_read_as_marks_is_taken_out(tmp_path: Path, written: str, shown: str) -> None:
    assert shown in exported(tmp_path, written)
