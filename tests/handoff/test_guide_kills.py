"""The whole guide, service and Rasa, is killed while newcomers and experts work. ``script/bench kills`` does it 200 times."""

from __future__ import annotations

from pathlib import Path

from tests.handoff.guide_kills import kill_again_and_again


def test_a_guide_that_is_killed_loses_nothing_doubles_nothing_and_leaves_nobody_stuck(tmp_path: Path) -> None:
    outcome = kill_again_and_again(tmp_path, rounds=6)
    assert outcome.closed > 0
    assert outcome.acknowledged > 20
    assert (outcome.lost, outcome.twice, outcome.spoken_over, outcome.stuck) == ([], [], [], [])
