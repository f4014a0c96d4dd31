"""What tells who somebody is: names of persons, identity codes, and, among examples, phone numbers and mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.redaction import IDENTITY_CODE, redact
from knowledge.checking.reachable import WRITTEN_NUMBER
from knowledge.checking.texts import shown_texts
from knowledge.content import Place
from knowledge.model import Answer, Contact
from knowledge.problems import Problem
from knowledge.yaml_lines import Location

LIST = Path(__file__).with_name("names.yml")
CAPITALISED = r"[A-ZÅÄÖ][a-zåäöé]{%d,}(?:-[A-ZÅÄÖ][a-zåäöé]+)?"
PAIR = re.compile(rf"(?<![\w./-])(?=(herra|rouva|neiti|{CAPITALISED % 1}\.?)[ ]+({CAPITALISED % 2})(?![\w-])(?:[ ](\w+))?)")
"""Two words with capital letters, and the word after them. A lookahead, so that of three words both pairs are seen."""

DIGITS = re.compile(r"\d\s?\d\s?\d\s?\d\s?\d\s?\d")
SUSPECT = re.compile(r"@|\d[\d\s().-]{5}|[A-ZÅÄÖ][a-zåäöé-]+\.? +[A-ZÅÄÖ][a-zåäöé]|(?:herra|rouva|neiti) ")
"""Without one of these an example has neither a number, an address nor a name to be looked at."""

MARK = re.compile(r"\[([a-z -]+)\]")
PERSONAL_MAIL = re.compile(r"([a-zåäö]+)[.][a-zåäö-]+@")


def check_persons(answer: Answer, place: Place) -> Iterator[Problem]:
    """Every text of an answer, its examples too."""
    for shown in shown_texts(answer):
        yield from _check_text(shown.text, shown.location, place)
    for language, examples in answer.examples().items():
        for number, example in enumerate(examples):
            if SUSPECT.search(example):
                yield from _check_example(example, (language, "examples", number), place)


def check_contact(contact: Contact, place: Place) -> Iterator[Problem]:
    """The texts of a contact point, which is named by its role."""
    texts: dict[Location, str] = {}
    for key in ("name", "helps_with", "note"):
        if localised := getattr(contact, key):
            texts |= {(key, "fi"): localised.fi, (key, "en"): localised.en}
    for location, text in texts.items():
        yield from _check_text(text, location, place)
    if contact.email and (personal := PERSONAL_MAIL.match(contact.email.lower())) and personal.group(1) in _given_names():
        yield place.problem("email-personal", "email", email=contact.email)


def _check_text(text: str, location: Location, place: Place) -> Iterator[Problem]:
    if DIGITS.search(text):
        for code in IDENTITY_CODE.finditer(text):
            yield place.problem_in(text, code.start(), "identity-code", *location)
    told_up_to = 0
    for pair in PAIR.finditer(text):
        if pair.start() >= told_up_to and _is_full_name(pair):
            told_up_to = pair.end(2)
            yield place.problem_in(text, pair.start(), "person-named", *location, name=f"{pair.group(1)} {pair.group(2)}")


def _check_example(example: str, location: Location, place: Place) -> Iterator[Problem]:
    found = list(_check_text(example, location, place))
    yield from found
    if not found and (mark := _identifying(example)):
        yield place.problem("example-personal", *location, mark=mark)


def _identifying(example: str) -> str | None:
    """What would be masked in a log. Masking is wide, to be safe: of numbers only those written as phone numbers count here."""
    mark = MARK.search(redact(example))
    return None if mark is None or (mark.group(1) == "phone" and not WRITTEN_NUMBER.search(example)) else mark.group(1)


def _is_full_name(pair: re.Match[str]) -> bool:
    first = pair.group(1).rstrip(".")
    words = _words()
    if pair.group(3) in words["named_after"]:
        return False
    return first in words["titles"] or any(part.lower() in _given_names() for part in first.split("-"))


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return loaded


@cache
def _given_names() -> frozenset[str]:
    return frozenset(name.lower() for names in _words()["given"].values() for name in names)
