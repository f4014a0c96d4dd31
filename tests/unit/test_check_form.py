"""Complaints of the validation that the contract does not cause today are told all the same."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError

from knowledge.checking.form import breaches
from knowledge.content import Place
from knowledge.model import Answer
from knowledge.yaml_lines import parse_yaml


class Even(BaseModel):
    number: Annotated[int, Field(multiple_of=2)]


def test_a_complaint_without_words_of_its_own_is_told_with_its_key_and_place() -> None:
    document = parse_yaml(b"# remark\nnumber: 3\n")
    with pytest.raises(ValidationError) as raised:
        Even.model_validate(document.data)
    (problem,) = breaches(raised.value, Place("a.yml", lambda: document.positions))
    assert (problem.rule, problem.line, problem.column) == ("value-wrong", 2, 1)
    assert "number does not fit" in problem.what
    assert "multiple of 2" in problem.what


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ("sv: {examples: [1]}", ["not-text"]),
        ("sv: {title: a, answer: b}", ["key-missing"]),
        ("sv: {exampels: [a]}", ["key-missing", "key-misspelt"]),
        ("sv: {title: a, answer: b, examples: [c], colour: d}", ["key-unknown"]),
    ],
)
def test_of_a_part_with_several_forms_the_nearest_was_meant(source: str, rules: list[str]) -> None:
    document = parse_yaml(source.encode())
    with pytest.raises(ValidationError) as raised:
        Answer.model_validate(document.data)
    told = breaches(raised.value, Place("a.yml", lambda: document.positions))
    assert sorted(problem.rule for problem in told if problem.line == 1 and "sv" in dict(problem.values).get("key", "")) == rules
