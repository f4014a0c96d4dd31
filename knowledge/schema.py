"""JSON Schemas for editors, generated from the content contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

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


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file, as text that ends with a newline."""
    schema = TypeAdapter(SCHEMAS[name]).json_schema()
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
