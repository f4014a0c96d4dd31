"""JSON Schemas for editors, generated from the content contract, with what each field is in Finnish and in English."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter

from knowledge import model
from knowledge.model import Answer, Boundary, Contact, Figure, Municipality, Topic, Twin

SCHEMAS: dict[str, Any] = {
    "answer": Answer,
    "boundary": Boundary,
    "contacts": dict[str, Contact],
    "figures": dict[str, Figure],
    "municipalities": dict[str, Municipality],
    "topics": list[Topic],
    "twin": Twin,
}
DESCRIPTIONS = Path(__file__).resolve().parent / "schema" / "descriptions.yml"

Told = dict[str, str]
"""A description in Finnish (``fi``) and in English (``en``)."""


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file, as text that ends with a newline."""
    schema = TypeAdapter(SCHEMAS[name]).json_schema()
    for title, part in {**schema.get("$defs", {}), schema.get("title", ""): schema}.items():
        _describe(part, title)
    if name in descriptions()["files"]:
        schema |= _told(descriptions()["files"][name])
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into ``folder``; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SCHEMAS:
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(name), encoding="utf-8")
        written.append(path)
    return written


@cache
def descriptions() -> dict[str, Any]:
    """The catalogue: ``files``, ``fields`` by class and field, ``values`` by class (or ``Class.field``) and value."""
    loaded: dict[str, Any] = yaml.safe_load(DESCRIPTIONS.read_text(encoding="utf-8"))
    return loaded


def described(kind: type[BaseModel], field: str) -> Told | None:
    """What a field is, from its own class or the one that it inherits the field from; None when nobody has said it."""
    own = (descriptions()["fields"].get(each.__name__, {}) for each in kind.__mro__)
    return next((fields[field] for fields in own if field in fields), None)


def _describe(part: dict[str, Any], title: str) -> None:
    """Put the descriptions of one class or one set of values into its part of a schema."""
    kind = getattr(model, title, None)
    if "enum" in part:
        part.pop("description", None)
        _explain(part, title)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        part |= _told(descriptions()["fields"][title]["about"])
        for field, info in kind.model_fields.items():
            inside = part["properties"][info.alias or field]
            inside |= _told(described(kind, field) or {})
            for values in (inside, inside.get("items", {})):
                if "enum" in values:
                    _explain(values, f"{title}.{field}")


def _explain(part: dict[str, Any], title: str) -> None:
    told = descriptions()["values"][title]
    part["markdownEnumDescriptions"] = [_both(told[value]) for value in part["enum"]]


def _told(told: Told) -> Told:
    return {"description": f"{told['fi']} / {told['en']}", "markdownDescription": _both(told)} if told else {}


def _both(told: Told) -> str:
    return f"{told['fi']}\n\n{told['en']}"
