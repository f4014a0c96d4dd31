"""How a problem is told."""

import dataclasses
import json
import string
from pathlib import Path

import pytest
import yaml

from knowledge.problems import WORDS, Problem, Severity, named, shown_path, stops, tally

RULES = {
    language: yaml.safe_load((WORDS / f"problems.{language}.yml").read_text(encoding="utf-8"))["rules"]
    for language in ("fi", "en")
}


BREACH = Problem("knowledge/topics.yml", 7, 3, "topic-twice", named({"id": "bus"}))


def test_a_problem_reads_as_place_what_and_remedy_in_both_languages() -> None:
    assert BREACH.told("en") == "knowledge/topics.yml:7:3: the topic 'bus' is listed twice; remove one of the two"
    assert BREACH.told("fi") == "knowledge/topics.yml:7:3: aihe 'bus' on luettelossa kahdesti; poista niistä toinen"
    assert str(BREACH) == BREACH.told("en")
    assert (BREACH.what, BREACH.remedy) == BREACH.in_words("en")


@pytest.mark.parametrize(
    ("severity", "language", "mark"),
    [
        (Severity.expired, "en", "expired: "),
        (Severity.expired, "fi", "vanhentunut: "),
        (Severity.advice, "en", "advice: "),
        (Severity.advice, "fi", "neuvo: "),
    ],
)
def test_what_does_not_stop_publishing_is_marked(severity: Severity, language: str, mark: str) -> None:
    problem = dataclasses.replace(BREACH, severity=severity)
    assert problem.told(language) == BREACH.told(language).replace(":3: ", f":3: {mark}")


def test_a_problem_for_programs() -> None:
    assert BREACH.as_data("fi") == {
        "path": "knowledge/topics.yml",
        "line": 7,
        "column": 3,
        "rule": "topic-twice",
        "severity": "error",
        "what": "aihe 'bus' on luettelossa kahdesti",
        "remedy": "poista niistä toinen",
    }


def test_a_problem_is_one_line_of_bearable_length() -> None:
    problem = Problem("a", 1, 1, "value-wrong", named({"key": "a\nb", "said": "x" * 5_000}))
    assert problem.told("en").startswith("a:1:1: a b does not fit (xxx")
    assert len(problem.told("en")) < 300


def test_problems_are_ordered_by_file_then_line_then_column() -> None:
    told = [Problem(*place, "empty") for place in (("b", 1, 1), ("a", 10, 1), ("a", 9, 2), ("a", 9, 1))]
    places = [(problem.path, problem.line, problem.column) for problem in sorted(told)]
    assert places == [("a", 9, 1), ("a", 9, 2), ("a", 10, 1), ("b", 1, 1)]


def test_a_problem_survives_the_way_through_json() -> None:
    problem = dataclasses.replace(BREACH, severity=Severity.advice)
    assert Problem.from_row(json.loads(json.dumps(problem.as_row()))) == problem


def test_both_languages_have_the_same_rules_with_the_same_values() -> None:
    assert RULES["fi"].keys() == RULES["en"].keys()
    for rule in RULES["en"]:
        finnish, english = (_values(RULES[language][rule]) for language in ("fi", "en"))
        assert {name.removesuffix("_fi") for name in finnish} == {name.removesuffix("_en") for name in english}, rule


@pytest.mark.parametrize("language", ["fi", "en"])
def test_words_begin_small_and_end_without_a_full_stop(language: str) -> None:
    for rule, words in RULES[language].items():
        for text in words.values():
            assert text[0] == text[0].lower() or not text[0].isascii(), (rule, text)
            assert not text.endswith("."), (rule, text)


def test_the_tally_counts_each_severity() -> None:
    problems = [BREACH, BREACH, dataclasses.replace(BREACH, severity=Severity.advice)]
    assert tally(problems, 4, "en") == "4 answers, 2 errors, 0 expired, 1 pieces of advice"
    assert stops(problems) == [BREACH, BREACH]


def _values(words: dict[str, str]) -> set[str]:
    return {str(field) for text in words.values() for _, field, _, _ in string.Formatter().parse(text) if field}


def test_a_path_is_shown_below_the_repository(tmp_path: Path) -> None:
    assert shown_path(tmp_path / "knowledge" / "topics.yml", tmp_path) == "knowledge/topics.yml"
    assert shown_path(Path("/elsewhere/topics.yml"), tmp_path) == "/elsewhere/topics.yml"
