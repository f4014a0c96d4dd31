"""An answer as the fields of a form, and the fields back into the data of its files. What was not changed stays as it was.

Names say the place in the file: ``fi.title``, ``fi.links.0.url``, ``sources.1.checked_on``. ``fi.examples`` and the like hold
one a line. ``local`` is ``municipalities`` as rows, ``twin`` the test of the answer. A field that was not sent is not changed.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.model import CURATED_LANGUAGES, EASY_FINNISH, LANGUAGES, Answer, Audience, LanguageVersion
from knowledge.stamp import master_fingerprint

Fields = dict[str, str]
Data = dict[str, Any]

WORDS = ("importance", "expert", "review_by", "valid_until")
DATES = ("review_by", "valid_until", "checked_on")
SOURCE = ("url", "title", "checked_on", "page_date")
LINK = ("url", "title")
LOCAL = ("place", *CURATED_LANGUAGES)
TWIN = ("finds", "near_misses")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ORDER = [field.alias or name for name, field in Answer.model_fields.items()]
_ORDER_OF_VERSION = ["title", "answer", "examples", "links", "based_on"]
assert set(_ORDER_OF_VERSION) == set(LanguageVersion.model_fields)


def fields_of(answer: Data, twin: Data) -> Fields:
    """Every field with what the files say now."""
    fields = {name: shown(answer.get(name)) for name in (*WORDS, "status")}
    fields["audience"] = ",".join(map(shown, _listed(answer.get("audience"))))
    _put_rows(fields, "contacts", [(shown(each),) for each in _listed(answer.get("contacts"))], ("",))
    _put_rows(fields, "sources", _rows(answer.get("sources"), SOURCE), SOURCE)
    _put_rows(fields, "local", [_local_row(*each) for each in _mapping(answer.get("municipalities")).items()], LOCAL)
    for language in languages_of(answer):
        version = _mapping(answer.get(language))
        fields[f"{language}.title"] = shown(version.get("title"))
        fields[f"{language}.answer"] = clean(shown(version.get("answer")))
        _put_rows(fields, f"{language}.links", _rows(version.get("links"), LINK), LINK)
        if language != EASY_FINNISH:
            fields[f"{language}.examples"] = _lines(version.get("examples"))
    for kind in TWIN:
        told = _mapping(twin.get(kind))
        fields |= {
            f"twin.{kind}.{language}": _lines(told.get(language)) for language in dict.fromkeys((*CURATED_LANGUAGES, *told))
        }
    return fields


def languages_of(answer: Data, more: str | None = None) -> list[str]:
    """The languages that the form shows: Finnish, easy Finnish, English, those in the file, and ``more``."""
    return [
        "fi",
        EASY_FINNISH,
        "en",
        *(code for code in LANGUAGES if code not in CURATED_LANGUAGES and (code in answer or code == more)),
    ]


def blank_fields(language: str) -> list[str]:
    """The fields of a language that has nothing yet."""
    names = ["title", "answer", *(f"links.0.{column}" for column in LINK)]
    return [f"{language}.{name}" for name in (names if language == EASY_FINNISH else [*names, "examples"])]


def rows_of(fields: Mapping[str, str], name: str) -> list[str]:
    """The beginnings of the names of a group's rows: ``fi.links.0``, ``fi.links.1`` …"""
    found = (re.match(rf"{re.escape(name)}\.\d+(?=\.|$)", each) for each in fields)
    return list(dict.fromkeys(each[0] for each in found if each))


def groups_of(fields: Iterable[str]) -> list[str]:
    """The fields at which problems are told: those of a row together."""
    names = [re.sub(r"\.\d+(\..*)?$", "", name) for name in fields]
    languages = [name.partition(".")[0] for name in names if name.endswith(".title")]
    ticks = [f"{language}.matches" for language in languages if language != "fi"]
    return list(dict.fromkeys([*names, *languages, *ticks]))


def changed(answer: Data, twin: Data, given: Mapping[str, str], role: str, today: dt.date) -> tuple[Data, Data]:
    """Copies of both with what ``given`` says otherwise."""
    answer, twin = copy.deepcopy(answer), copy.deepcopy(twin)
    before = fields_of(answer, twin)
    for name in WORDS:
        if name in given and (text := line(given[name])) != line(before[name]):
            _set(answer, name, _value(name, text) if text else None, _ORDER)
    if "audience" in given and given["audience"] != before["audience"]:
        _set(answer, "audience", [each for each in Audience if each in given["audience"].split(",")], _ORDER)
        answer["audience"] = list(map(str, answer["audience"]))
    _change_rows(answer, "contacts", given, "contacts", ("",), lambda row: row[0], _ORDER)
    _change_rows(answer, "sources", given, "sources", SOURCE, lambda row: _row(SOURCE, row), _ORDER)
    _change_local(answer, given)
    for language in (*LANGUAGES, EASY_FINNISH):
        if any(name.startswith(f"{language}.") for name in given):
            _change_version(answer, language, given)
    _change_twin(twin, given)
    _change_status(answer, given.get("status", before["status"]), role, today)
    for language in answer:
        if given.get(f"{language}.matches") and language != "fi" and "title" in _mapping(answer[language]):
            _set(answer[language], "based_on", master_fingerprint(answer), _ORDER_OF_VERSION)
    return answer, twin


def set_reviewed(answer: Data, role: str, today: dt.date) -> None:
    """Say who reviewed the answer, and when."""
    for name, value in (("status", "reviewed"), ("reviewed_by", role), ("reviewed_on", today)):
        _set(answer, name, value, _ORDER)


def shown(value: Any) -> str:
    """A value as a field shows it."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


def clean(text: str) -> str:
    """A text of several lines as it is kept: no control characters, no blanks at the ends of lines, no empty lines around."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", "    ")
    return "\n".join(each.rstrip() for each in text.split("\n")).strip("\n")


def line(text: str) -> str:
    """A text of one line as it is kept."""
    return " ".join(clean(text).split())


def _change_version(answer: Data, language: str, given: Mapping[str, str]) -> None:
    old = _mapping(answer.get(language))
    version = dict(old)
    title, text = (given.get(f"{language}.{name}", shown(old.get(name))) for name in ("title", "answer"))
    title, text = line(title), clean(text)
    if title != line(shown(old.get("title"))):
        _set(version, "title", title, _ORDER_OF_VERSION)
    if text != clean(shown(old.get("answer"))):
        _set(
            version, "answer", text + "\n" if "\n" in text or shown(old.get("answer")).endswith("\n") else text, _ORDER_OF_VERSION
        )
    _change_rows(version, "links", given, f"{language}.links", LINK, lambda row: _row(LINK, row), _ORDER_OF_VERSION)
    if language != EASY_FINNISH:
        _change_lines(version, "examples", given.get(f"{language}.examples"))
    if language not in CURATED_LANGUAGES and not title and not text:
        version = {"examples": version["examples"]} if version.get("examples") else {}
    if version != old:
        _set(answer, language, version or None, _ORDER)


def _change_local(answer: Data, given: Mapping[str, str]) -> None:
    rows = _rows_given(given, "local", LOCAL)
    old = _mapping(answer.get("municipalities"))
    if rows is None or rows == [_local_row(*each) for each in old.items()]:
        return
    made: Data = {}
    for place, *texts in rows:
        kept = _local_row(place, old.get(place))[1:] == tuple(texts)
        made[place] = old[place] if kept else dict(zip(CURATED_LANGUAGES, texts, strict=True))
    _set(answer, "municipalities", made or None, _ORDER)


def _change_twin(twin: Data, given: Mapping[str, str]) -> None:
    for kind in TWIN:
        told = dict(_mapping(twin.get(kind)))
        for language in LANGUAGES:
            _change_lines(told, language, given.get(f"twin.{kind}.{language}"))
        told = {language: questions for language, questions in told.items() if questions}
        if told != _mapping(twin.get(kind)):
            twin[kind] = told


def _change_status(answer: Data, status: str, role: str, today: dt.date) -> None:
    if status == shown(answer.get("status")):
        return
    if status == "reviewed":
        set_reviewed(answer, role, today)
    else:
        _set(answer, "status", line(status), _ORDER)
        answer.pop("reviewed_by", None)
        answer.pop("reviewed_on", None)


def _change_lines(inside: Data, key: str, text: str | None) -> None:
    if text is None or (lines := [each for each in map(line, text.split("\n")) if each]) == _lines(inside.get(key)).split("\n"):
        return
    if lines or key in inside:
        kept = {line(shown(each)): each for each in _listed(inside.get(key))}
        _set(inside, key, [kept.get(each, each) for each in lines], _ORDER_OF_VERSION)


def _change_rows(
    inside: Data, key: str, given: Mapping[str, str], name: str, columns: tuple[str, ...], made: Any, order: list[str]
) -> None:
    rows = _rows_given(given, name, columns)
    old = _listed(inside.get(key))
    before = [tuple(map(line, map(shown, (each,) if columns == ("",) else map(_mapping(each).get, columns)))) for each in old]
    if rows is None or rows == before:
        return
    kept = dict(zip(before, old, strict=True))
    _set(inside, key, [kept.get(row, made(row)) for row in rows] or None, order)


def _rows_given(given: Mapping[str, str], name: str, columns: tuple[str, ...]) -> list[tuple[str, ...]] | None:
    """The rows that have anything in them; None when no row was sent."""
    numbers = {int(found[1]) for each in given if (found := re.match(rf"{re.escape(name)}\.(\d{{1,4}})(\.|$)", each))}
    if not numbers:
        return None
    keys = [[f"{name}.{number}.{column}".rstrip(".") for column in columns] for number in sorted(numbers)]
    rows = [tuple(clean(given.get(key, "")) if name == "local" else line(given.get(key, "")) for key in row) for row in keys]
    return [row for row in rows if any(row)]


def _put_rows(fields: Fields, name: str, rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> None:
    for number, row in enumerate([*rows, ("",) * len(columns)]):
        fields |= {f"{name}.{number}.{column}".rstrip("."): text for column, text in zip(columns, row, strict=True)}


def _rows(data: Any, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(shown(_mapping(each).get(column)) for column in columns) for each in _listed(data)]


def _local_row(place: Any, local: Any) -> tuple[str, ...]:
    return (str(place), *(clean(shown(_mapping(local).get(language))) for language in CURATED_LANGUAGES))


def _row(columns: tuple[str, ...], row: tuple[str, ...]) -> Data:
    return {column: _value(column, text) for column, text in zip(columns, row, strict=True) if text}


def _value(name: str, text: str) -> str | dt.date:
    """A date where one belongs and is one; anything else stays the text that it is, and the check says so."""
    if name in DATES and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _lines(data: Any) -> str:
    return "\n".join(line(shown(each)) for each in _listed(data))


def _mapping(data: Any) -> Data:
    return data if isinstance(data, dict) else {}


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _set(inside: Data, key: str, value: Any, order: list[str]) -> None:
    """Set a key, or with None take it away. A new one comes after those that stand before it in ``order``."""
    if value is None:
        inside.pop(key, None)
        return
    if key in inside or key not in order:
        inside[key] = value
        return
    earlier = [number for number, each in enumerate(inside) if each in order and order.index(each) < order.index(key)]
    items = list(inside.items())
    items.insert(max(earlier, default=len(items) - 1) + 1, (key, value))
    inside.clear()
    inside.update(items)
