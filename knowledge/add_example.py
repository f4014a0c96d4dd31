"""Adds an example to an answer's file. Every other byte of the file stays: comments, order, quotation marks, line ends."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from knowledge.check import plain_words
from knowledge.editing import write_file
from knowledge.model import LANGUAGES, Answer


class NotAnExample(Exception):
    """The text cannot stand among the examples of the file. The message says why."""


def add_example(path: Path, language: str, text: str) -> bool:
    """Write ``text`` as the last example of ``language`` into the file; False when it stands there already.

    Raises ``NotAnExample`` for an empty text or a language in which there are no examples, ``pydantic.ValidationError`` or
    ``yaml.YAMLError`` when the file breaks the contract, and ``OSError`` when it cannot be read or written.
    """
    words = " ".join(text.split())
    if not plain_words(words) or language not in LANGUAGES:
        raise NotAnExample("The example is empty." if language in LANGUAGES else f"There are no examples in {language!r}.")
    before = path.read_bytes().decode("utf-8")
    answer = Answer.model_validate(yaml.safe_load(before))
    if plain_words(words) in {plain_words(known) for listed in answer.examples().values() for known in listed}:
        return False
    after = _with_example(before, language, words)
    Answer.model_validate(yaml.safe_load(after))
    write_file(path, after)
    return True


def _with_example(before: str, language: str, words: str) -> str:
    newline = "\r\n" if "\r\n" in before else "\n"
    examples = _examples_node(before, language)
    if examples is None:
        end = "" if before.endswith("\n") else newline
        return before + end + newline.join([f"{language}:", "  examples:", f"    - {_scalar(words)}", ""])
    if examples.flow_style:
        place = examples.end_mark.index - 1
        return before[:place] + (", " if examples.value else "") + json.dumps(words, ensure_ascii=False) + before[place:]
    last = examples.value[-1].end_mark
    lines = before.splitlines(keepends=True)
    line = last.line + 1 if last.column else last.line  # a text in several lines ends where the next line begins
    lines[line - 1] = lines[line - 1].rstrip("\r\n") + newline
    return "".join([*lines[:line], " " * examples.start_mark.column, f"- {_scalar(words)}{newline}", *lines[line:]])


def _examples_node(text: str, language: str) -> yaml.SequenceNode | None:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    for name in (language, "examples"):
        node = next((value for key, value in node.value if key.value == name), None) if node is not None else None
    return node if isinstance(node, yaml.SequenceNode) else None


def _scalar(words: str) -> str:
    return yaml.safe_dump(words, allow_unicode=True, width=float("inf")).removesuffix("\n").removesuffix("\n...")
