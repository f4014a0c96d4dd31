"""The schemas that editors use say what the contract says."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from knowledge.load import CONTENT
from knowledge.schema import SCHEMAS, schema_text, write_schemas
from tests.unit.content_fixtures import BUS, HOME, Change, drop, put, write_content

FILES = {
    "answer": BUS,
    "boundary": "boundaries/abuse.yml",
    "contacts": "contacts.yml",
    "figures": "figures.yml",
    "municipalities": "municipalities.yml",
    "topics": "topics.yml",
    "twin": "twins/everyday/bus_ticket.yml",
}


def accepts(name: str, path: Path) -> bool:
    data = json.loads(json.dumps(yaml.safe_load(path.read_bytes()), default=str))
    return bool(jsonschema_rs.Draft202012Validator(json.loads(schema_text(name))).is_valid(data))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    """Mended by ``python -m knowledge schema``."""
    assert (CONTENT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


def test_every_schema_is_written(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "schema")
    assert sorted(path.name for path in written) == sorted(f"{name}.schema.json" for name in FILES)
    assert all(path.is_file() for path in written)


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_a_valid_file_validates(tmp_path: Path, name: str, file: str) -> None:
    assert accepts(name, write_content(tmp_path) / file)


def test_an_answer_with_local_variants_and_other_languages_validates(tmp_path: Path) -> None:
    assert accepts("answer", write_content(tmp_path) / HOME)


@pytest.mark.parametrize(
    "change",
    [
        drop(BUS, "en"), drop(BUS, "fi", "title"), put(BUS, "colour", "blue"), put(BUS, "status", "ready"), put(BUS, "id", "Bus"),
        put(BUS, "sources", []), put(BUS, "fi", "examples", "one"),
    ],
    ids=["no English", "no title", "unknown key", "status", "id", "no source", "examples not a list"],
)  # fmt: skip
def test_an_invalid_answer_does_not(tmp_path: Path, change: Change) -> None:
    assert not accepts("answer", write_content(tmp_path, change) / BUS)


def test_real_answers_validate() -> None:
    validator: Any = jsonschema_rs.Draft202012Validator(json.loads(schema_text("answer")))
    for path in sorted((CONTENT / "answers").glob("*/*.yml")):
        validator.validate(json.loads(json.dumps(yaml.load(path.read_bytes(), yaml.CSafeLoader), default=str)))
