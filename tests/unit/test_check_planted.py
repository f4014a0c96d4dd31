"""Mistakes planted one at a time into a copy of the real content: each is found at its place, and nothing else is told."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.check import check_content
from knowledge.fingerprint import fingerprint
from knowledge.load import CONTENT, load_content
from knowledge.problems import WORDS, Problem
from knowledge.read_cache import ReadCache
from tests.unit.content_fixtures import DAY

Mistake = dict[str, Any]

MISTAKES: list[Mistake] = yaml.safe_load(Path(__file__).with_name("planted_mistakes.yml").read_text(encoding="utf-8"))

ANSWERS = {
    "bus": "answers/everyday/bus_buy_ticket.yml",
    "fee": "answers/permits/permit_fee_amount.yml",
    "booking": "answers/everyday/online_booking_and_closed_centres.yml",
    "support": "answers/social_security/general_support_what.yml",
}
"""The answers of the copy, beside everything that is not an answer."""

TWIN = "twins/everyday/bus_buy_ticket.yml"
SHARED = ["figures.yml", "contacts.yml", "municipalities.yml", "topics.yml", "boundaries"]

ELSEWHERE = {"example-pulls", "value-wrong"}
"""The one needs vectors, the other a contract that says more than today's: ``test_check_rivals.py``, ``test_check_form.py``."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content without mistakes, a twin beside each answer."""
    root = tmp_path_factory.mktemp("original") / "knowledge"
    root.mkdir()
    for name in SHARED:
        copy = shutil.copytree if (CONTENT / name).is_dir() else shutil.copy
        copy(CONTENT / name, root / name)
    for number, name in enumerate(ANSWERS.values()):
        twin = root / name.replace("answers", "twins")
        for path in (root / name, twin):
            path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONTENT / name, root / name)
        questions = f"finds: {{fi: [joku kysymys numero {number}]}}\nnear_misses: {{fi: [mikä on numero {number}]}}\n"
        twin.write_text(f"id: {twin.stem}\n{questions}", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def told_before(original: Path) -> Counter[Problem]:
    return Counter(check_content(load_content(original, CACHE), DAY))


CACHE = ReadCache()
"""Only what a mistake changes is read anew."""


def test_the_copy_has_no_error(told_before: Counter[Problem]) -> None:
    assert {problem.severity for problem in told_before} <= {"advice"}


@pytest.mark.parametrize("mistake", [pytest.param(each, id=f"{n} {each['rule']}") for n, each in enumerate(MISTAKES)])
def test_a_planted_mistake_is_found(mistake: Mistake, original: Path, told_before: Counter[Problem], tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(original, root)
    _plant(mistake, root)
    problems = check_content(load_content(root, CACHE), DAY)
    new = [problem for problem in problems if _unplaced(problem) not in set(map(_unplaced, told_before))]
    assert Counter(problem.rule for problem in new) == Counter([mistake["rule"], *mistake.get("also", [])]), list(map(str, new))
    told = next(problem for problem in new if problem.rule == mistake["rule"])
    file = mistake.get("told_in") or _file(mistake)
    assert (told.path, (told.line, told.column)) == (f"knowledge/{file}", _place(mistake, root / file, told)), str(told)
    for language in ("fi", "en"):
        assert all(told.in_words(language))


def test_every_rule_is_planted() -> None:
    rules = yaml.safe_load((WORDS / "problems.en.yml").read_text(encoding="utf-8"))["rules"]
    assert {mistake["rule"] for mistake in MISTAKES} | ELSEWHERE == set(rules)


def _unplaced(problem: Problem) -> tuple[object, ...]:
    """A planted line moves what stands below it."""
    return problem.path, problem.rule, problem.values


def _file(mistake: Mistake) -> str:
    name: str = mistake["in"]
    return TWIN if name == "twin" else ANSWERS.get(name, name)


def _plant(mistake: Mistake, root: Path) -> None:
    path = root / _file(mistake)
    text = path.read_text(encoding="utf-8")
    stamp = _stamp(root / ANSWERS[mistake["in"]]) if mistake["in"] in ANSWERS else ""
    for old, new in mistake.get("replace", {}).items():
        assert old.replace("{stamp}", stamp) in text, old
        text = text.replace(old.replace("{stamp}", stamp), new, 1)
    if "cut" in mistake:
        text, cuts = re.subn(mistake["cut"], "", text)
        assert cuts
    text += mistake.get("add", "").replace("{stamp}", stamp)
    raw = text.encode()
    match mistake.get("file"):
        case str(whole):
            raw = whole.encode()
        case {"as": encoding}:
            raw = "".join(sign for sign in text if ord(sign) < 256).encode(encoding)
        case {"of": size}:
            raw = b"#" * size
    path.write_bytes(raw)
    new_path = root / (mistake.get("copy") or mistake.get("move") or _file(mistake))
    new_path.parent.mkdir(parents=True, exist_ok=True)
    if new_path != path:
        shutil.copy(path, new_path)
    if mistake.get("remove") or "move" in mistake:
        path.unlink()


def _stamp(path: Path) -> str:
    answer = load_content(path.parents[2], CACHE).answers[path.stem]
    return fingerprint(answer.fi)


def _place(mistake: Mistake, path: Path, told: Problem) -> tuple[int, int]:
    """Where the mistake must be told: the first (or last) ``at``. Of the column nothing is said with ``line``."""
    if "at" not in mistake:
        return 1, 1
    text = path.read_bytes().decode("latin-1" if mistake["rule"] == "encoding-not-utf-8" else "utf-8")
    assert mistake["at"] in text, mistake["at"]
    offset = text.rindex(mistake["at"]) if mistake.get("last") else text.index(mistake["at"])
    line, column = text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
    return line, told.column if mistake.get("line") else column
