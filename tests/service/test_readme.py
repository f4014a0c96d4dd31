"""The examples of the README give what the README shows."""

import re
from typing import Any

import httpx
import pytest

from bot.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

SHOWN: dict[str, dict[str, Any]] = {
    "miten mä saan kelakortin": {"status": "answered", "answer": "kela_card", "language": "fi"},
    "Can I change employer with my work permit?": {
        "status": "answered",
        "answer": "work_permit_change_employer",
        "language": "en",
        "reason": "expert_topic",
    },
    "Сколько времени у меня есть, чтобы найти новую работу после увольнения?": {
        "status": "answered",
        "answer": "job_loss_how_long_time",
        "language": "en",
    },
    "Miksi mun jatkolupahakemus on ollut käsittelyssä jo kahdeksan kuukautta?": {"reason": "own_case"},
    "what is the weather in Joensuu tomorrow": {"status": "out_of_scope", "answer": None},
    "mun mies hakkaa mua": {"status": "emergency", "answer": None},
}


@pytest.mark.parametrize("question", SHOWN)
def test_an_example_gives_what_the_readme_shows(api: httpx.Client, question: str) -> None:
    said = api.post("/api/v1/ask", json={"question": question}).raise_for_status().json()
    answer = said["answer"]
    given = {
        "status": said["status"],
        "answer": answer and answer["id"],
        "language": answer and answer["language"],
        "reason": said["expert"]["reason"],
    }
    assert {name: given[name] for name in SHOWN[question]} == SHOWN[question]


def test_every_example_of_the_readme_is_tried() -> None:
    table = README.split("| asked |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE) == list(SHOWN)
