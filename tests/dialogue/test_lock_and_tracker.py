"""The code that runs inside Rasa (``dialogue/``), tried in Rasa's own environment by the scripts of ``in_rasa/``."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.rasa_process import RASA_PYTHON, rasa_environment
from bot.settings import ROOT
from knowledge.encoder import make_encoder

pytestmark = pytest.mark.skipif(not RASA_PYTHON.exists(), reason="script/setup makes the Rasa environment")


@cache
def seen_by(script: str, *arguments: str) -> dict[str, Any]:
    """What ``in_rasa/<script>.py`` writes."""
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", f"tests.dialogue.in_rasa.{script}", *arguments],
        cwd=ROOT, env=rasa_environment(), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return seen


def test_waiting_messages_are_let_in_at_once_and_in_order() -> None:
    assert seen_by("lock_store")["order"] == {"alone": [0], "entered": [0, 1, 2, 3, 4, 5], "left": 0}


def test_one_message_of_a_conversation_at_a_time() -> None:
    assert seen_by("lock_store")["one_at_a_time"] == {"most": 1, "left": 0}


def test_conversations_do_not_wait_for_each_other() -> None:
    seen = seen_by("lock_store")["conversations_do_not_wait_for_each_other"]
    assert seen == {"held": ["other", "one", "other"], "left": 0}


def test_waiting_has_an_end_and_leaves_nothing() -> None:
    seen = seen_by("lock_store")["too_late"]
    assert "conversation" in seen["told"]
    assert seen["left"] == 0


def test_a_message_that_fails_or_is_cancelled_blocks_nobody() -> None:
    assert seen_by("lock_store")["broken"] == {"cancelled": True, "left": 0}


@pytest.fixture(scope="module")
def tracker_store(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path: Path = tmp_path_factory.mktemp("tracker") / "rasa.db"
    return seen_by("tracker_store", f"sqlite:///{path}")


def test_nothing_is_kept_of_a_single_question(tracker_store: dict[str, Any]) -> None:
    assert tracker_store["rows_of_single_question"] == 0
    assert tracker_store["single_question_is_known"] is False


def test_events_are_kept_without_vectors(tracker_store: dict[str, Any]) -> None:
    assert tracker_store["rows"] == 4
    assert tracker_store["vector_stored"] is False
    assert tracker_store["intent_stored"] is True
    assert tracker_store["outcome_read_back"] == "answered"


def test_the_turn_itself_keeps_its_vector(tracker_store: dict[str, Any]) -> None:
    assert tracker_store["vector_left_to_the_turn"] is True


def test_erasing_removes_everything_of_one_conversation_only(tracker_store: dict[str, Any]) -> None:
    assert tracker_store["erased"] == 4
    assert tracker_store["rows_after_erasing"] == 0
    assert tracker_store["known_after_erasing"] is False
    assert tracker_store["rows_of_the_other"] == 4
    assert tracker_store["erased_again"] == 0


def test_a_long_conversation_is_read_from_its_last_turns(tracker_store: dict[str, Any]) -> None:
    seen = tracker_store["long"]
    assert seen["turns"][:27] == [min(number, seen["turns_read"]) for number in range(26)] + [0]
    assert seen["turns"][27:] == [1, 2, 3]


def test_what_earlier_turns_set_still_holds(tracker_store: dict[str, Any]) -> None:
    seen = tracker_store["long"]
    assert (seen["slot"], seen["form"], seen["last_outcome"]) == ("kitee", "hand_off_form", "clarify")


def test_nothing_holds_after_a_restart(tracker_store: dict[str, Any]) -> None:
    seen = tracker_store["long"]
    assert (seen["slot_after_restart"], seen["form_after_restart"]) == (None, None)
    assert seen["texts_after_restart"] == [f"question {number}" for number in range(26, 30)]


def test_every_event_of_a_long_conversation_is_stored_once(tracker_store: dict[str, Any]) -> None:
    assert tracker_store["long"]["rows"] == 30 * 4 + 3


def test_results_of_actions_are_checked_as_rasa_checks_them() -> None:
    seen = seen_by("action_results")
    assert seen["ready"] == seen["own"] == ["empty", "a slot and a response"]
    assert seen["used"] is True


def test_both_environments_have_the_same_encoder() -> None:
    assert seen_by("featurizer")["encoder"] == make_encoder("bundled").name


def test_only_a_vector_of_the_right_encoder_and_size_is_used() -> None:
    seen = seen_by("featurizer")
    assert seen["used"] == ["right"]
    assert seen["features_of_given"] == ["right"]
    assert seen["features_of_own"] == [name for name in seen["all"] if name != "right"]
