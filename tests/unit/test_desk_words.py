"""The catalogues of the desk: the same keys and values in both languages, every key said somewhere, and none missing."""

import re
from typing import get_args

import pytest
from babel import Locale

from actions.conversation import REASONS as FEEDBACK_REASONS
from bot.curation.attaching import PROBLEMS
from bot.curation.kinds import CAUSES, DECISIONS, REASONS
from bot.desk import words
from bot.desk.accounts import LANGUAGES, ROLES
from bot.desk.answer_pages import CHOICES, SAVED
from bot.desk.case_pages import DONE
from bot.desk.missed_pages import DONE as MISSED_DONE
from bot.desk.navigation import NAVIGATION
from bot.desk.sign_on_pages import STATUS
from bot.desk.words import Line, catalogue, word
from bot.handoff.appointments import Medium
from bot.handoff.cases import OUTCOMES
from bot.handoff.draft import Way
from bot.handoff.kinds import Conflict, EventKind, TypedWrong
from bot.handoff.shown import CaseState
from bot.messages import Sender
from bot.settings import ROOT
from knowledge.example_harm import HarmKind
from knowledge.model import Audience
from knowledge.retrieval import REFUSALS
from tests.unit.report_keys import REPORT_KEYS

FINNISH = catalogue("fi")
SOURCES = [*sorted((ROOT / "bot/desk/templates").glob("*.html")), *sorted((ROOT / "bot/desk").glob("*.py"))]
SAID = {key for path in SOURCES for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", path.read_text(encoding="utf-8"))}
ANSWER_FIELDS = (
    "title",
    "answer",
    "examples",
    "links",
    "importance",
    "status",
    "review_by",
    "valid_until",
    "expert",
    "audience",
    "sources",
    "contacts",
    "local",
)
"""Fields of an answer that are told in a list of differences."""
NAMED = {
    *(f"role.{role}" for role in ROLES),
    *(f"language.{language}" for language in LANGUAGES),
    *(f"navigation.{entry.name}" for entry in NAVIGATION),
    *(f"sign_on.{reason}" for reason in STATUS),
    *(f"queue.{kind}" for kind in ("waiting", "none_waiting", "own", "none_own", "asked", "elsewhere", "colleagues")),
    *(f"case_done.{done}" for done in DONE),
    *(f"case_state.{state}" for state in get_args(CaseState)),
    *(f"case_way.{way}" for way in get_args(Way)),
    *(f"case_outcome.{outcome}" for outcome in OUTCOMES),
    *(f"case_medium.{medium}" for medium in get_args(Medium)),
    *(f"case_audience.{audience}" for audience in Audience),
    *(f"case_sender.{sender}" for sender in get_args(Sender)),
    *(f"case_status.{status}" for status in ("unknown", "clarify", "emergency")),
    *(f"case_event.{kind}" for kind in get_args(EventKind)),
    *(f"case_problem.{problem}" for problem in (*get_args(TypedWrong), *get_args(Conflict))),
    "answers.easy_finnish",
    *(f"answers_part.{part}" for part in ("list", "review", "new", "coverage", "publish")),
    *(f"answers_review.{kind}" for kind in ("overdue", "soon", "drafts")),
    *(f"answer_field.{field}" for field in (*ANSWER_FIELDS, "finds", "near_misses")),
    *(f"answer_{name}.{value}" for name, values in CHOICES.items() for value in values),
    *(f"answer_standing.{how}{what}" for how in ("differs", "not_live") for what in ("", "_what")),
    *(f"answer_done.{done}" for done in SAVED),
    *(f"answer_problem.{problem}" for problem in ("id_wrong", "id_taken", "topic_unknown")),
    *(f"commit.{what}" for what in ("edited", "new", "still_right", "example")),
    *(f"problem.cannot_edit_{part}" for part in ("title", "what")),
    *(f"problem.{status}_{part}" for status in (403, 404, 422, 429, 503, "other") for part in ("title", "what")),
    *(f"missed_cause.{cause}" for cause in CAUSES),
    *(f"missed_decision.{decision}" for decision in DECISIONS),
    *(f"missed_reason.{reason}" for reason in REASONS),
    *(f"missed_done.{done}" for done in MISSED_DONE),
    *(f"missed_problem.{problem}" for problem in (*PROBLEMS, "nothing_ticked", "no_reason")),
    *(f"missed_harm.{kind}" for kind in get_args(HarmKind)),
    *(f"missed_boundary.{boundary}" for boundary in REFUSALS),
    *(f"feedback_reason.{reason}" for reason in FEEDBACK_REASONS),
    *REPORT_KEYS,
}
"""Keys that are put together."""


def lines(line: Line) -> list[str]:
    return list(line.values()) if isinstance(line, dict) else [line]


def values_in(line: Line) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", "".join(lines(line))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_in_the_same_order(language: str) -> None:
    assert list(catalogue(language)) == list(FINNISH)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", FINNISH)
def test_every_line_has_the_shape_and_the_values_that_it_has_in_finnish(language: str, key: str) -> None:
    line = catalogue(language)[key]
    assert type(line) is type(FINNISH[key])
    assert all(isinstance(each, str) and each.strip() for each in lines(line))
    assert values_in(line) == values_in(FINNISH[key])
    if isinstance(line, dict):
        assert set(line) == set(Locale(language).plural_form.tags) | {"other"}


def test_every_key_that_a_page_says_exists() -> None:
    assert FINNISH.keys() >= SAID | NAMED


def test_nothing_is_in_the_catalogues_that_no_page_says() -> None:
    assert FINNISH.keys() <= SAID | NAMED


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        word("fi", "page.nothing")


def test_values_and_plural_forms_are_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "catalogue", lambda language: {"a.b": {"one": "{count} tapaus", "other": "{count} tapausta"}})
    assert [word("fi", "a.b", count=count) for count in (0, 1, 2)] == ["0 tapausta", "1 tapaus", "2 tapausta"]
