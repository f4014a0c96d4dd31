"""What does not fit the contract, told plainly: one problem for each complaint of the validation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge import model
from knowledge.content import Place
from knowledge.model import CURATED_LANGUAGES
from knowledge.problems import Problem
from knowledge.yaml_lines import Location

BRANCHES = {"LanguageVersion", "Version", "MoreExamples", "Localised", "date", "int", "float"}
"""Pydantic puts the name of the tried class or type into the location of a union's error."""

PATTERNS = {
    "https?": "url-form",
    "@": "email-form",
    "[0-9 ]{3,20}": "phone-form",
    "[a-z][a-z0-9_]*$": "id-form",
    "[a-z]{2,3}$": "language-form",
    ":[0-5]": "clock-form",
}
"""Part of a pattern of the contract, and the rule that tells it plainly."""

KINDS = {
    "missing": "key-missing",
    "enum": "value-not-allowed",
    "literal_error": "value-not-allowed",
    "string_type": "not-text",
    "list_type": "not-a-list",
    "dict_type": "not-a-mapping",
    "model_type": "not-a-mapping",
    "model_attributes_type": "not-a-mapping",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_too_long": "text-too-long",
}
"""Kinds of complaints, and the rule of each."""


def breaches(error: ValidationError, place: Place) -> Iterator[Problem]:
    """Every complaint of the validation as a problem at its place."""
    for detail in _of_nearest_form(error.errors(include_url=False)):
        location = tuple(part for part in detail["loc"] if not _is_branch(part))
        yield _told(detail, location, place)


def _of_nearest_form(details: Iterable[Any]) -> Iterator[Any]:
    """A union complains for each of its forms: only the one with the fewest complaints was meant."""
    forms: dict[Location, dict[str, list[Any]]] = {}
    for detail in details:
        at = next((number for number, part in enumerate(detail["loc"]) if _is_branch(part)), None)
        if at is None:
            yield detail
        else:
            forms.setdefault(detail["loc"][:at], {}).setdefault(detail["loc"][at], []).append(detail)
    for each in forms.values():
        yield from min(each.values(), key=len)


def _is_branch(part: int | str) -> bool:
    return isinstance(part, str) and (part in BRANCHES or part.startswith(("constrained-", "function-")))


def _told(detail: Any, location: Location, place: Place) -> Problem:
    kind, context, key = detail["type"], detail.get("ctx", {}), ".".join(map(str, location))
    values: dict[str, Any] = {"key": key, "last": location[-1] if location else "", "value": detail["input"]}
    if detail["loc"] and detail["loc"][-1] in ("date", "int", "float"):
        return place.problem("not-number-or-date", *location, **values)
    if kind == "extra_forbidden":
        rule, guess = _unknown_key(str(location[-1]))
        return place.problem(rule, *location, key=key, guess=guess)
    if "at" in context:
        at = [context["at"]] if context["at"] else []
        return place.problem(kind, *location, *at, **context)
    if not location and kind in ("model_type", "model_attributes_type"):
        return place.problem("file-not-a-mapping" if not place.base else "not-a-mapping", key=".".join(map(str, place.base)))
    if kind == "missing" and location[-1] in CURATED_LANGUAGES and not place.base and len(location) == 1:
        return place.problem("language-missing", language=location[-1])
    if kind.startswith(("date", "datetime")):
        return place.problem("not-a-date", *location, **values)
    if kind.startswith("bool"):
        return place.problem("not-true-or-false", *location, **values)
    if kind == "string_pattern_mismatch":
        rule = next((rule for part, rule in PATTERNS.items() if part in context["pattern"]), "id-form")
        return place.problem(rule, *location, **values)
    if kind in KINDS:
        allowed = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
        return place.problem(KINDS[kind], *location, **values, allowed=allowed, most=context.get("max_length", ""))
    return place.problem("value-wrong", *location, key=key, said=detail["msg"])


def _unknown_key(name: str) -> tuple[str, str]:
    if name in _keys():
        return "key-misplaced", name
    guesses = get_close_matches(name, _keys(), n=1, cutoff=0.75)
    return ("key-misspelt", guesses[0]) if guesses else ("key-unknown", "")


@cache
def _keys() -> frozenset[str]:
    """Every key that the contract knows somewhere."""
    classes = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    return frozenset(field.alias or name for each in classes for name, field in each.model_fields.items())
