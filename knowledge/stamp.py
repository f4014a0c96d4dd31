"""Writes ``based_on`` into an answer's file once its translations have been compared with the Finnish master."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.editing import data_of, read_file, rewrite, write_file
from knowledge.fingerprint import fingerprint
from knowledge.model import Answer, Version


def stamp(path: Path) -> bool:
    """Set ``based_on`` of every translation in the file to the master's fingerprint; nothing else of the file changes.

    Returns whether the file changed. Raises ``pydantic.ValidationError`` when the file breaks the contract, ``CannotEdit``
    when it is no YAML.
    """
    text = read_file(path)
    data = data_of(text)
    for language in Answer.model_validate(data).readable():
        if language != "fi":
            data[language]["based_on"] = master_fingerprint(data)
    stamped = rewrite(text, data)
    if stamped != text:
        write_file(path, stamped)
    return stamped != text


def master_fingerprint(data: dict[str, Any]) -> str:
    """The fingerprint of the Finnish text in the data of an answer's file, whether or not the rest of it is as it should be."""
    master = data.get("fi")
    title, answer = (str(master.get(key) or "") if isinstance(master, dict) else "" for key in ("title", "answer"))
    return fingerprint(Version.model_construct(title=title, answer=answer))
