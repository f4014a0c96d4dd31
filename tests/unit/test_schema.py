"""The schemas that editors use say what the contract says."""

import inspect
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from bot.settings import ROOT
from knowledge import model
from knowledge.load import CONTENT
from knowledge.model import Strict
from knowledge.schema import SCHEMAS, described, descriptions, schema_text, write_schemas
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


CLASSES = [each for _, each in inspect.getmembers(model, inspect.isclass) if issubclass(each, Strict) and each is not Strict]
"""Every class of the contract: what one writes in some file."""


@pytest.mark.parametrize("kind", CLASSES)
def test_every_field_is_described_in_both_languages(kind: type[Strict]) -> None:
    for field in kind.model_fields:
        told = described(kind, field)
        assert told is not None, field
        assert [bool(told[language].strip()) for language in ("fi", "en")] == [True, True], field
    assert descriptions()["fields"][kind.__name__]["about"].keys() == {"fi", "en"}


def test_nothing_is_described_that_is_not_there() -> None:
    known = {kind.__name__: {"about", *kind.model_fields} for kind in CLASSES}
    for name, fields in descriptions()["fields"].items():
        assert fields.keys() <= known[name], name
    assert descriptions()["files"].keys() <= SCHEMAS.keys()
    enums = {
        name: [each.value for each in kind]
        for name, kind in inspect.getmembers(model, inspect.isclass)
        if issubclass(kind, StrEnum)
    }
    for name, values in descriptions()["values"].items():
        assert "." in name or list(values) == enums[name], name


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_value_of_a_choice_is_explained(name: str) -> None:
    for part in _parts(json.loads(schema_text(name))):
        if "enum" in part:
            assert len(part["markdownEnumDescriptions"]) == len(part["enum"])
            assert all("\n\n" in told for told in part["markdownEnumDescriptions"])


def test_what_editors_tell_is_finnish_first_and_then_english() -> None:
    schema = json.loads(schema_text("answer"))
    assert schema["properties"]["contacts"]["markdownDescription"].split("\n\n") == [
        "Yhteystietojen tunnukset tiedostosta contacts.yml siinä järjestyksessä, jossa ne näytetään.",
        "Ids of contacts, from contacts.yml, in the order in which they are shown.",
    ]
    assert schema["properties"]["contacts"]["description"] == schema["properties"]["contacts"]["markdownDescription"].replace(
        "\n\n", " / "
    )
    assert schema["properties"]["fi-easy"]["description"].startswith("Selkokielellä: ")
    assert schema["$defs"]["Status"]["markdownEnumDescriptions"][0].startswith("Luonnos: ")


def test_the_editor_knows_the_schema_of_every_file_of_the_content() -> None:
    """Nobody needs to write the line that names the schema: the settings of the folder do it."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    assert settings.keys() == {f"./knowledge/schema/{name}.schema.json" for name in SCHEMAS}
    for name, schema in {"answers": "answer", "boundaries": "boundary", "twins": "twin"}.items():
        for path in (CONTENT / name).rglob("*.yml"):
            assert _schemas_of(path, settings) == [f"./knowledge/schema/{schema}.schema.json"]
    for name in ("contacts", "figures", "municipalities", "topics"):
        assert _schemas_of(CONTENT / f"{name}.yml", settings) == [f"./knowledge/schema/{name}.schema.json"]


def test_the_editor_recommends_what_reads_the_schemas() -> None:
    assert (
        "redhat.vscode-yaml" in json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))["recommendations"]
    )


def _schemas_of(path: Path, settings: dict[str, str]) -> list[str]:
    return [schema for schema, pattern in settings.items() if path.relative_to(ROOT).match(pattern)]


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _parts(each)
