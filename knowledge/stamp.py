"""Writes ``based_on`` into an answer's file once its translations have been compared with the Finnish master."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from knowledge.fingerprint import fingerprint
from knowledge.model import Answer


def stamp(path: Path) -> bool:
    """Set ``based_on`` of every translation in the file to the master's fingerprint, comments kept.

    Returns whether the file changed. Raises ``pydantic.ValidationError`` when the file breaks the contract.
    """
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 100_000
    editor.indent(mapping=2, sequence=4, offset=2)
    data = editor.load(path)
    answer = Answer.model_validate(YAML(typ="safe").load(path))
    current = fingerprint(answer.fi)
    changed = False
    for language in answer.readable():
        if language != "fi" and data[language].get("based_on") != current:
            data[language]["based_on"] = SingleQuotedScalarString(current)
            changed = True
    if changed:
        editor.dump(data, path)
    return changed
