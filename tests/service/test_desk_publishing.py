"""Publishing from the desk: one at a time, what came of it, and where to look. What it comes to is said by ``publisher.py``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk.publishing import Publishing
from tests.desk_people import NOON
from tests.live_guide import wait_until
from tests.service.answer_desk import ANSWERS, AnswerDesk
from tests.service.case_desk import Person, words_of
from tests.service.desk_browser import ServedDesk
from tests.service.publisher import publisher_command
from tests.unit.content_fixtures import BUS, write

PUBLISH = f"{ANSWERS}/publish-now"
STATE = f"{ANSWERS}/publish-state"
REPLY = {"decision": "unknown", "answers": []}


@pytest.fixture
def desk(served: tuple[ServedDesk, str]) -> Iterator[AnswerDesk]:
    """A desk at which nobody has published."""
    service = served[0].service
    served[0].empty()
    desk = AnswerDesk(*served)
    desk.begin()
    folder = desk.root.parent
    for path in (*folder.glob("publish-*"), folder / "desk-publishing.json"):
        path.unlink(missing_ok=True)
    service.publishing = Publishing(service.settings, publisher_command(folder))
    yield desk
    desk.close()


@pytest.fixture
def counsellor(desk: AnswerDesk) -> Person:
    return desk.person("joensuu", "counsellor", "joensuu")


def publish(desk: AnswerDesk, person: Person, says: Any = None, **fields: str) -> str:
    """Publish, wait for the end, and give the page."""
    if says is not None:
        text = says if isinstance(says, str) else json.dumps(says)
        (desk.root.parent / "publish-says").write_text(text, encoding="utf-8")
    person.see(PUBLISH)
    sent = person.fill(PUBLISH, **fields)
    assert (sent.status_code, sent.headers["location"]) == (303, PUBLISH)
    desk.run(desk.served.service.publishing.ended())
    return person.see(PUBLISH).text


def asked(desk: AnswerDesk) -> list[str]:
    return (desk.root.parent / "publish-asked").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("role", ["counsellor", "expert", "administrator"])
def test_the_command_gets_the_role_and_the_settings(desk: AnswerDesk, role: str) -> None:
    person = desk.person(role, role, "joensuu" if role == "counsellor" else None)
    publish(desk, person)
    settings = desk.served.service.settings
    assert asked(desk) == [
        "--by",
        role,
        f"ELO_CONTENT_DIR={settings.content_dir}",
        f"ELO_SNAPSHOT_DIR={settings.snapshot_dir}",
        "ELO_ENCODER=bundled",
    ]
    assert desk.audited("publish_started") == [(role, None)]


def test_what_was_published_is_told(desk: AnswerDesk, counsellor: Person) -> None:
    page = publish(desk, counsellor, {"published": True, "id": "x", "answers": 236, "examples": 9, "seconds": 4.2})
    assert "Published 12:00, Counsellor: 236 answers, 4.2 seconds." in page
    assert 'name="confirm"' not in page


def test_problems_lead_to_the_form_of_their_answer(desk: AnswerDesk, counsellor: Person) -> None:
    told = f"knowledge/{BUS}:8: review_by <b>is not</b> a date. Write it as year-month-day."
    page = publish(
        desk, counsellor, {"published": False, "problems": [told, "knowledge/topics.yml:1: no"], "worse": [], "twins": []}
    )
    assert "Not published 12:00." in page
    assert "review_by &lt;b&gt;is not&lt;/b&gt; a date" in page
    assert page.count(f'<a href="{ANSWERS}/bus_ticket/edit">Open bus_ticket</a>') == 1
    assert 'name="confirm"' not in page


def test_failed_tests_of_answers_are_told(desk: AnswerDesk, counsellor: Person) -> None:
    failed = {"answer": "bus_ticket", "kind": "finds", "language": "fi", "question": "missä lippu", "got": REPLY}
    worse = {"question": "mikä lupa", "language": "fi", "answers": ["first_permit"], "before": REPLY, "after": REPLY}
    page = publish(desk, counsellor, {"published": False, "problems": [], "worse": [worse], "twins": [failed]})
    assert "Questions that fail the test of an answer" in page
    assert "missä lippu" in page
    assert f"{ANSWERS}/bus_ticket/edit" in page
    assert 'name="confirm"' not in page, "questions that got worse are not what stands in the way"


def test_questions_that_get_worse_need_a_word_of_confirmation(desk: AnswerDesk, counsellor: Person) -> None:
    worse = {"question": "mikä lupa", "language": "fi", "answers": ["first_permit"], "before": REPLY, "after": REPLY}
    page = publish(desk, counsellor, {"published": False, "problems": [], "worse": [worse], "twins": []})
    assert "mikä lupa" in page
    assert f"{ANSWERS}/first_permit/edit" in page
    assert 'name="confirm" value="yes" required' in page
    assert "--confirm" not in asked(desk)
    publish(desk, counsellor, confirm="yes")
    assert asked(desk)[:3] == ["--by", "counsellor", "--confirm"]
    assert desk.audited("publish_started") == [("joensuu", None), ("joensuu", "confirmed")]


@pytest.mark.parametrize("says", ["", "Traceback: <b>no disk</b>", "[]", '{"published": "yes"}', '{"published": tru'])
def test_a_publishing_that_breaks_off_is_told_as_that(desk: AnswerDesk, counsellor: Person, says: str) -> None:
    page = publish(desk, counsellor, says)
    assert "Publishing did not come to an end." in page
    assert "<b>" not in page


def test_odd_outcomes_do_not_break_the_page(desk: AnswerDesk, counsellor: Person) -> None:
    odd = {
        "published": False,
        "problems": "x",
        "worse": [1, {"answers": "a"}, {"answers": [None, "../x"]}],
        "twins": ["a<b>", {}],
    }
    page = publish(desk, counsellor, odd)
    assert "a&lt;b&gt;" in page
    assert "../x" not in page


def test_one_at_a_time_and_everybody_sees_how_it_stands(desk: AnswerDesk, counsellor: Person) -> None:
    pipe = desk.root.parent / "publish-go"
    os.mkfifo(pipe)
    expert = desk.person("expert")
    counsellor.see(PUBLISH)
    counsellor.fill(PUBLISH)
    wait_until((desk.root.parent / "publish-asked").exists, "the publishing")
    for person in (counsellor, expert):
        page = person.see(PUBLISH).text
        assert "Publishing is going on." in page
        assert "Since 12:00, Counsellor." in page
        assert 'id="publish"' not in page
    going_on = expert.get(STATE).text
    assert 'hx-get="/desk/answers/publish-state"' in going_on
    assert "bus_buy_ticket" not in going_on, "what is not live is told when it has ended"
    expert.see("/desk/account")
    assert expert.fill(PUBLISH).status_code == 303
    other_process = Publishing(desk.served.service.settings, publisher_command(desk.root.parent))
    assert other_process.standing().running
    assert not other_process.start("expert", False, NOON)
    pipe.write_text("go")
    desk.run(desk.served.service.publishing.ended())
    assert [login for login, _ in desk.audited("publish_started")] == ["joensuu"]
    done = expert.get(STATE).text
    assert 'data-running="no"' in done
    assert "Not published" in done
    assert "bus_buy_ticket" in done, "it is live, and not in the folder of this test"


def test_it_goes_on_until_newcomers_see_what_was_published(
    desk: AnswerDesk, counsellor: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desk, counsellor, {"published": True, "id": "x", "answers": 236, "examples": 9, "seconds": 4.2})
    assert 'data-running="no"' in counsellor.get(STATE).text
    (tmp_path / "current").write_text("x\n", encoding="utf-8")
    monkeypatch.setattr(
        desk.served.service, "settings", desk.served.service.settings.model_copy(update={"snapshot_dir": tmp_path})
    )
    assert 'data-running="yes"' in counsellor.get(STATE).text


def test_a_publishing_that_ended_with_the_service_leaves_nothing_running(desk: AnswerDesk, counsellor: Person) -> None:
    record = {"by": "expert", "began_at": NOON.isoformat(), "outcome": None, "failed": None}
    last = desk.root.parent / "desk-publishing.json"
    for text in (json.dumps(record), "{", '{"by": 1}'):
        last.write_text(text, encoding="utf-8")
        page = counsellor.see(PUBLISH).text
        assert 'data-running="no"' in page
        assert 'id="publish"' in page


def test_a_command_that_cannot_be_run_is_told(desk: AnswerDesk, counsellor: Person) -> None:
    desk.served.service.publishing = Publishing(desk.served.service.settings, (str(desk.root / "nothing"),))
    assert "Publishing did not come to an end." in publish(desk, counsellor)
    desk.served.service.publishing = Publishing(
        desk.served.service.settings, (sys.executable, "-c", "import sys; sys.exit('no')")
    )
    assert "no</pre>" in publish(desk, counsellor)


def test_what_would_go_live_is_listed(desk: AnswerDesk, counsellor: Person) -> None:
    page = words_of(counsellor.see(PUBLISH))
    assert "How does a bus ticket work? Draft Not published" in page
    assert "bus_buy_ticket taken away" in page, "it is live, and not in the folder of this test"
    desk.begin(write(BUS, "id: [\n"))
    assert f"knowledge/{BUS}" in words_of(counsellor.see(PUBLISH))
