"""Why a file is not YAML, in the words of somebody who does not know YAML: which rule fits the parser's complaint."""

from __future__ import annotations

import re

import yaml

from knowledge.source_text import Remark

LEADING_TAB = re.compile(r"^ *\t")
SMART_VALUE = re.compile(r"^\s*(?:- |[\w-]+: )*[“”„‟‘’‚«»]")
"""A value that begins with a quotation mark of a word processor, which YAML does not know as one."""

CLOSED_QUOTATION = re.compile(r"\s*(?:- |[\w-]+: ).*['\"]\s*$")
"""A line up to behind a closing quotation mark, where something follows that does not belong there: ``'it's'``."""

RULES = {
    "mapping values are not allowed": "yaml-colon",
    "did not find expected ',' or": "yaml-bracket",
    "found unexpected end of stream": "yaml-quotation",
    "could not find expected ':'": "yaml-no-colon",
    "did not find expected '-'": "yaml-indentation",
    "did not find expected key": "yaml-indentation",
    "found a tab character": "yaml-tab",
    "alphabetic or numeric character": "yaml-asterisk",
    "undefined alias": "yaml-asterisk",
    "cannot start any token": "yaml-character",
    "another document": "yaml-documents",
    "expected <document start>": "yaml-documents",
}
"""Part of what the parser says, and the rule that tells it plainly."""


def fault(error: yaml.YAMLError, text: str) -> Remark:
    """The remark that fits what the parser says about ``text``."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    rule = next((rule for part, rule in RULES.items() if part in said), None)
    if rule == "yaml-quotation":
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        return Remark("yaml", values=(("said", said),))
    lines = text.split("\n")
    near = [number for number in (mark.line, mark.line - 1, mark.line + 1) if 0 <= number < len(lines)]
    for number in near:
        if tab := LEADING_TAB.match(lines[number]):
            return Remark("yaml-tab", number + 1, tab.end())
    for number in near[:2]:
        if smart := SMART_VALUE.match(lines[number]):
            return Remark("smart-quotes", number + 1, smart.end())
    if rule == "yaml-indentation" and CLOSED_QUOTATION.match(lines[mark.line][: mark.column]):
        rule = "yaml-after-quotation"
    values = () if rule else (("said", said),)
    return Remark(rule or "yaml", mark.line + 1, mark.column + 1, values)
