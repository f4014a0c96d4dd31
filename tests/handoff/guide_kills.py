"""Kills the service and Rasa under a load of conversations in hand-off, and looks at what is stored in the end."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.handoff.guide_load import ExpertAtWork, NewcomerAtWork
from tests.live_guide import LiveGuide, add_expert, settings_for_tests
from tests.service.newcomer import stored

NEWCOMERS = 4
EXPERTS = ("expert1", "expert2")
RASA_EVERY = 4
"""In every so many rounds Rasa is killed as well; it takes longer to start than the service."""

JOINED = "has joined the conversation"
LEFT = ("had to leave for now", "has left the conversation", "Your case is closed", "is withdrawn", "is now closed")
"""From which line of the system on a human owns the conversation, and from which the bot."""


@dataclass
class Outcome:
    """What came of it. Every list but the counts must be empty."""

    rounds: int
    acknowledged: int = 0
    cases: int = 0
    closed: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    spoken_over: list[str] = field(default_factory=list)
    """What the bot said while a human owned the conversation, and a human while the bot did."""
    stuck: list[str] = field(default_factory=list)


def kill_again_and_again(folder: Path, rounds: int, seed: int = 11) -> Outcome:
    """A guide with databases in ``folder``, newcomers and experts at work, and a SIGKILL at a random moment of each round."""
    chance = random.Random(seed)
    settings = settings_for_tests(folder)
    guide = LiveGuide(settings, serve=["tests.dialogue.staffed"])
    try:
        guide.start()
        for login in EXPERTS:
            add_expert(settings, login)
        newcomers = [NewcomerAtWork(guide.url, number) for number in range(NEWCOMERS)]
        experts = [ExpertAtWork(guide.url, login, number) for number, login in enumerate(EXPERTS)]
        for worker in (*newcomers, *experts):
            worker.start()
        for number in range(rounds):
            time.sleep(chance.uniform(0.2, 4.0))  # the moment of the kill, drawn by lot
            if number % RASA_EVERY == 0:
                guide.rasa_process.kill()
                guide.rasa_process.stop()
                guide.rasa_process.start()
            guide.service_process.kill()
            guide.service_process.restart()
        guide.rasa_process.wait_until_ready()
        for newcomer in newcomers:
            newcomer.stop()
        _finish(experts, settings.database_url)
        return _look(settings.database_url, rounds, newcomers, experts)
    finally:
        guide.stop()


def _finish(experts: list[ExpertAtWork], database_url: str) -> None:
    """The experts close what is open: nothing may be stuck in a state out of which nobody can bring it."""
    for expert in experts:
        expert.thorough = True
    until = time.monotonic() + 60
    while stored(database_url, "SELECT id FROM cases WHERE state IN ('queued', 'claimed')") and time.monotonic() < until:
        time.sleep(0.1)
    for expert in experts:
        expert.stop()


def _look(url: str, rounds: int, newcomers: list[NewcomerAtWork], experts: list[ExpertAtWork]) -> Outcome:
    rows = stored(url, "SELECT conversation_id, sender, client_id, reply_to, turn_ended, body FROM messages ORDER BY id")
    cases = stored(url, "SELECT id, state FROM cases ORDER BY id")
    outcome = Outcome(rounds, cases=len(cases), closed=sum(state == "resolved" for _, state in cases))
    outcome.stuck = [f"case {name} is {state}" for name, state in cases if state in ("queued", "claimed")]
    said, replies = Counter[str](), Counter[tuple[int, str]]()
    human: dict[str, bool] = defaultdict(bool)
    for conversation, sender, client_id, reply_to, ended, body in rows:
        text = _body(body)["text"]
        if sender == "system":
            human[conversation] = JOINED in text or (human[conversation] and not any(line in text for line in LEFT))
        elif sender == "newcomer":
            said[client_id] += 1
            if not ended:
                outcome.stuck.append(f"the turn of {client_id}")
        elif sender == "expert":
            said[text] += 1
        elif reply_to is not None:
            replies[reply_to, text] += 1
        if sender in ("bot", "expert") and human[conversation] != (sender == "expert"):
            outcome.spoken_over.append(f"{conversation}: {sender}: {text}")
    told = [name for worker in (*newcomers, *experts) for name in worker.acknowledged]
    outcome.acknowledged = len(told)
    outcome.lost = [name for name in told if said[name] == 0]
    outcome.twice = [name for name, count in said.items() if count > 1]
    outcome.twice += [f"{text!r} as a reply to {reply_to}" for (reply_to, text), count in replies.items() if count > 1]
    return outcome


def _body(value: Any) -> dict[str, Any]:
    """SQLite gives JSON as text."""
    return dict(json.loads(value) if isinstance(value, str) else value)
