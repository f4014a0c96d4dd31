"""The desk's pages of missed questions and of feedback: who sees what, what is decided, and what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from sqlalchemy import delete, update

from bot.conversations.store import ConversationStore
from bot.conversations.tables import TurnRow
from bot.curation.missed import key_of
from bot.curation.tables import MissedDecisionRow
from bot.desk.accounts import Role
from knowledge.load import load_content
from tests.desk_people import NOON
from tests.service.case_desk import CaseDesk, words_of
from tests.service.desk_browser import ServedDesk
from tests.service.shown_html import Shown
from tests.unit.desk_rows import add_conversation
from tests.unit.missed_rows import SECRETS, judged, missed, store

LIST, GROUP, DECIDED = "/desk/missed", "/desk/missed/questions", "/desk/missed/decided"
QUESTION = "where can I buy a ticket for the bus to the lake"
KEY = key_of(QUESTION)
ANSWER = "bus_buy_ticket"
HOSTILE = "<script>alert(1)</script><b>\" onload='x' {{ 7191*7193 }}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedDesk, str]]:
    """With a copy of the real content, since the live guide names its answers."""
    desk = ServedDesk(tmp_path_factory.mktemp("desk"))
    try:
        yield desk, desk.serve()
    finally:
        desk.stop()


@pytest.fixture
def desk(desk: CaseDesk) -> CaseDesk:
    """Without questions of the tests before."""

    async def forget() -> None:
        async with desk.served.service.database.write() as session:
            await session.execute(update(TurnRow).values(missed_question=None, helped=None))
            await session.execute(delete(MissedDecisionRow))

    desk.run(forget())
    return desk


def asked(desk: CaseDesk, *rows: TurnRow) -> None:
    desk.run(store(desk.served.service.database, *rows))


def file_of(desk: CaseDesk) -> Path:
    return desk.served.service.settings.content_dir / "answers" / "everyday" / f"{ANSWER}.yml"


def test_the_list_tells_what_was_asked_and_how_often(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION), missed(QUESTION.upper(), status="clarify"), missed("xyzzy plugh", language="fi"))
    page = desk.person("expert").see(LIST)
    told = words_of(page)
    assert QUESTION in told
    assert "asked 2 times" in told
    assert "asked 1 time" in told
    assert "nothing was chosen: 1" in told
    assert "2 groups" in told
    assert f'href="{GROUP}/{KEY}"' in page.text
    assert "Nearest answers:" in told


def test_nothing_is_missed_and_nothing_decided(desk: CaseDesk) -> None:
    expert = desk.person("expert")
    assert "No question waits." in words_of(expert.see(LIST))
    assert "Nothing has been decided on yet." in words_of(expert.see(DECIDED))
    assert "No answer has feedback in this period." in words_of(expert.see("/desk/feedback"))


@pytest.mark.parametrize(
    ("role", "municipality", "sees"),
    [
        ("expert", None, {"aaa bbb", "ccc ddd", "eee fff"}),
        ("administrator", None, {"aaa bbb", "ccc ddd", "eee fff"}),
        ("counsellor", "kitee", {"aaa bbb", "eee fff"}),
    ],
)
def test_who_sees_which_questions(desk: CaseDesk, role: Role, municipality: str | None, sees: set[str]) -> None:
    everything = {"aaa bbb": "kitee", "ccc ddd": "liperi", "eee fff": None}
    asked(desk, *(missed(words, municipality=place) for words, place in everything.items()))
    person = desk.person("somebody", role, municipality)
    told = words_of(person.see(LIST))
    assert {words for words in everything if words in told} == sees
    for words in everything:
        assert person.get(f"{GROUP}/{key_of(words)}").status_code == (200 if words in sees else 404)
        person.fill(f"{LIST}/dismiss", member=key_of(words), reason="other")
    left = desk.run(desk.served.service.missed.open(None))
    assert {each.text for each in left} == everything.keys() - sees


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_what_identifies_never_shows(desk: CaseDesk, secret: str) -> None:
    """Even if it had been stored: not in the list, the group, the form of an example, nor among what was decided."""
    words = f"my number is {secret} so what"
    asked(desk, missed(words))
    [found] = desk.run(desk.served.service.missed.open(None))
    expert = desk.person("expert")
    pages = [expert.see(LIST), expert.see(f"{GROUP}/{found.key}")]
    pages.append(expert.fill(f"{LIST}/attach/check", member=found.key, answer=ANSWER))
    pages.append(expert.fill(f"{LIST}/begin", member=found.key))
    pages.append(expert.see(DECIDED))
    for page in pages:
        shown = page.text + page.headers.get("location", "")
        assert page.status_code in (200, 303)
        assert secret not in shown
        assert secret.replace(" ", "") not in shown
    assert 'value="my number is so what"' in pages[2].text


def test_words_of_newcomers_stay_text(desk: CaseDesk) -> None:
    asked(desk, missed(HOSTILE), missed(f"{HOSTILE} again", answer_id=ANSWER, helped=False, status="control"))
    expert = desk.person("expert")
    pages = [expert.see(LIST)]
    key = desk.run(desk.served.service.missed.open(None))[0].key
    pages += [expert.see(f"{GROUP}/{key}"), expert.fill(f"{LIST}/attach/check", member=key, answer=ANSWER)]
    expert.done(f"{LIST}/dismiss", member=key, reason="not_understandable")
    pages.append(expert.see(DECIDED))
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert str(7191 * 7193) not in page.text
        names = {name for _, attributes in Shown(page.text).made for name in attributes}
        assert not any(name.startswith("on") or name == "style" for name in names)


def test_a_question_is_dismissed_with_a_reason_and_put_back(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    expert = desk.person("expert")
    expert.see(f"{GROUP}/{KEY}")
    page = expert.done(f"{LIST}/dismiss", member=KEY, group=KEY, reason="out_of_scope")
    assert "1 question is dismissed." in words_of(page)
    assert "No question waits." in words_of(page)
    told = words_of(expert.see(DECIDED))
    assert "Dismissed: Not for the guide" in told
    assert expert.get(f"{GROUP}/{KEY}").status_code == 404
    page = expert.done(f"{LIST}/put-back", member=KEY)
    assert "1 question is in the list again." in words_of(page)
    assert QUESTION in words_of(page)
    assert desk.audited("missed_dismissed") == [("expert", "1 out_of_scope")]
    assert desk.audited("missed_put_back") == [("expert", "1")]


def test_what_is_missing_in_the_form_is_told(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    expert = desk.person("expert")
    for path, fields, told in (
        ("dismiss", {"member": KEY}, "Choose a reason."),
        ("dismiss", {"reason": "other"}, "Tick at least one question."),
        ("begin", {}, "Tick at least one question."),
        ("attach/check", {"answer": ANSWER}, "Tick at least one question."),
        ("attach/check", {"member": KEY, "answer": "no_such_answer"}, "Choose the answer"),
    ):
        page = expert.fill(f"{LIST}/{path}", group=KEY, **fields)
        assert (page.status_code, told in words_of(page)) == (422, True), path
    assert expert.fill(f"{LIST}/dismiss", member=KEY, reason="because").status_code == 422
    assert [each.key for each in desk.run(desk.served.service.missed.open(None))] == [KEY]


def test_whoever_is_second_is_told_so(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    first, second = desk.person("first"), desk.person("second", "administrator")
    before = file_of(desk).read_bytes()
    first.done(f"{LIST}/dismiss", member=KEY, reason="other")
    for path, fields in (
        ("dismiss", {"reason": "other"}),
        ("begin", {}),
        ("attach/check", {"answer": ANSWER}),
        ("attach", {"answer": ANSWER, "text": "x", "in_language": "en", "write": "0"}),
    ):
        page = second.done(f"{LIST}/{path}", member=KEY, group=KEY, **fields)
        assert "decided on already" in words_of(page), path
    assert file_of(desk).read_bytes() == before
    assert len(desk.run(desk.served.service.missed.decided(None))) == 1


def test_a_new_answer_begins_with_the_first_question(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION), missed(QUESTION + " today"), missed("mistä lippu järvelle [phone]", language="fi"))
    expert = desk.person("expert")
    keys = [key_of(words) for words in ("mistä lippu järvelle [phone]", QUESTION, QUESTION + " today")]
    answer = expert.post(f"{LIST}/begin", data={"csrf": expert.token, "member": keys})
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.path == "/desk/answers/new-answer"
    assert parse_qsl(address.query) == [("example", "mistä lippu järvelle"), ("spoken", "fi")]
    assert desk.audited("missed_begun") == [("expert", "3")]


def test_an_example_that_fits_is_written_and_nothing_else(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION), missed("mistä lippu järven bussiin", language="fi"))
    before = file_of(desk).read_text(encoding="utf-8")
    counsellor = desk.person("kitee", "counsellor", "kitee")
    written: list[tuple[Path, str]] = []

    async def note(path: Path, role: Role) -> None:
        written.append((path, role))

    desk.served.service.attaching.written.append(note)
    keys = [KEY, key_of("mistä lippu järven bussiin")]
    page = counsellor.post(f"{LIST}/attach/check", data={"csrf": counsellor.token, "member": keys, "other": ANSWER})
    assert page.status_code == 200
    assert "do not seem to disturb" in words_of(page)
    assert file_of(desk).read_text(encoding="utf-8") == before
    fields = {"csrf": counsellor.token, "member": keys, "answer": ANSWER, "write": ["0"], "shown": ""}
    fields |= {"text": [QUESTION, "mistä lippu"], "in_language": ["en", "fi"]}
    page = counsellor.post(f"{LIST}/attach", data=fields)
    assert page.status_code == 303
    assert "2 questions are attached to the answer." in words_of(counsellor.see(page.headers["location"]))
    after = file_of(desk).read_text(encoding="utf-8")
    assert after.replace(f"    - {QUESTION}\n", "") == before
    assert QUESTION in load_content(desk.served.service.settings.content_dir).answers[ANSWER].en.examples
    assert written == [(file_of(desk), "counsellor")]
    assert desk.audited("missed_attached") == [("kitee", f"2 {ANSWER}")]
    desk.served.service.attaching.written.remove(note)


def test_harm_is_shown_before_anything_is_written_and_holds_for_what_was_shown(desk: CaseDesk) -> None:
    answers = desk.served.service.parts.guide.content.answers
    taken = answers["library_card"].en.examples[0]
    asked(desk, missed(QUESTION))
    before = file_of(desk).read_bytes()
    expert = desk.person("expert")
    fields = {"member": KEY, "answer": ANSWER, "text": taken, "in_language": "en", "write": "0"}
    page = expert.fill(f"{LIST}/attach", shown="", **fields)
    told = words_of(page)
    assert page.status_code == 409
    assert "The same example stands already under" in told
    assert answers["library_card"].en.title in told
    assert "Attach anyway" in told
    shown = page.text.partition('name="shown" value="')[2].partition('"')[0]
    assert shown
    other = answers["kela_card"].en.examples[0]
    assert expert.fill(f"{LIST}/attach", shown=shown, **{**fields, "text": other}).status_code == 409
    assert file_of(desk).read_bytes() == before
    expert.done(f"{LIST}/attach", shown=shown, **fields)
    assert file_of(desk).read_bytes() != before
    file_of(desk).write_bytes(before)


@pytest.mark.parametrize("text", [*SECRETS.values(), "call [phone] now", "  ?! "])
def test_no_example_tells_who_asked_and_none_is_empty(desk: CaseDesk, text: str) -> None:
    asked(desk, missed(QUESTION))
    expert = desk.person("expert")
    before = file_of(desk).read_bytes()
    fields = {"member": KEY, "answer": ANSWER, "text": text, "in_language": "en", "write": "0"}
    page = expert.fill(f"{LIST}/attach", shown="", **fields)
    if page.status_code == 409:
        shown = page.text.partition('name="shown" value="')[2].partition('"')[0]
        page = expert.fill(f"{LIST}/attach", shown=shown, **fields)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert file_of(desk).read_bytes() == before
    assert len(desk.run(desk.served.service.missed.open(None))) == 1


def test_a_file_that_is_gone_or_broken_is_told_and_the_question_stays(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    expert, path = desk.person("expert"), file_of(desk)
    before = path.read_bytes()
    fields = {"member": KEY, "answer": ANSWER, "text": QUESTION, "in_language": "en", "write": "0", "shown": ""}
    try:
        path.write_bytes(before.replace(b"topic:", b"tpoic:"))
        page = expert.fill(f"{LIST}/attach", **fields)
        assert (page.status_code, "could not be changed" in words_of(page)) == (422, True)
        path.unlink()
        page = expert.fill(f"{LIST}/attach", **fields)
        assert (page.status_code, "Choose the answer" in words_of(page)) == (422, True)
        assert not path.exists()
    finally:
        path.write_bytes(before)
    assert len(desk.run(desk.served.service.missed.open(None))) == 1


def test_a_form_of_another_website_decides_nothing(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    expert = desk.person("expert")
    for path in ("dismiss", "begin", "attach", "attach/check", "put-back"):
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
            token = expert.token if headers else "made up"
            data = {"csrf": token, "member": KEY, "reason": "other", "answer": ANSWER}
            assert expert.post(f"{LIST}/{path}", data=data, headers=headers).status_code == 403
    assert len(desk.run(desk.served.service.missed.open(None))) == 1


def test_many_questions_are_read_in_the_meantime_and_paged(desk: CaseDesk) -> None:
    service = desk.served.service
    answers = list(service.parts.guide.content.answers.values())
    asked(desk, *(missed(answer.en.title) for answer in answers[::5]))
    expert = desk.person("expert")
    page = expert.see(LIST)
    while "New questions are being read" in words_of(page):
        assert "<progress" in page.text
        page = expert.see(LIST)
    groups = desk.run(service.missed_groups.look(None))
    assert isinstance(groups, list)
    pages = [page]
    while 'rel="next"' in pages[-1].text:
        pages.append(expert.see(f"{LIST}?page={len(pages) + 1}"))
    shown = [key for each in pages for key in re.findall(rf'href="{GROUP}/([0-9a-f]+)"', each.text)]
    assert shown == [group.name.key for group in groups]
    assert len(pages) > 1
    assert expert.see(f"{LIST}?page=999").status_code == 200
    assert expert.get(f"{LIST}?page=0").status_code == 422
    desk.run(service.missed.decide([each.key for each in desk.run(service.missed.open(None))], expert.account, NOON, "begun"))
    assert 'rel="next"' in expert.see(DECIDED).text


def test_feedback_stands_worst_first_with_reasons_and_masked_words(desk: CaseDesk) -> None:
    database = desk.served.service.database
    asked(desk, *(judged("kela_card", False, municipality="kitee") for _ in range(3)), judged("library_card", True))
    desk.run(add_conversation(database, "feedback", NOON))
    said = f"no {SECRETS['a phone number']} <script>x</script>"
    keep = ConversationStore(database).keep_feedback
    desk.run(keep("feedback", "kela_card", False, "unclear", said, NOON))
    expert = desk.person("expert")
    page = expert.see("/desk/feedback")
    content = desk.served.service.parts.guide.content
    kela, library = content.answers["kela_card"].en.title, content.answers["library_card"].en.title
    assert page.text.index("/desk/feedback/kela_card") < page.text.index("/desk/feedback/library_card")
    assert kela in words_of(page)
    assert library in words_of(page)
    assert "Hard to understand 1" in words_of(page)
    one = expert.see("/desk/feedback/kela_card?months=3")
    told = words_of(one)
    assert "Helped 0, did not help 3." in told
    assert "11/2026 3 0" in told
    assert "9/2026 0 0" in told
    assert "no [phone]" in told
    assert SECRETS["a phone number"] not in one.text
    assert "<script>x" not in one.text
    assert 'href="/desk/answers/kela_card"' in one.text
    counsellor = desk.person("liperi", "counsellor", "liperi")
    assert "kela_card" not in counsellor.see("/desk/feedback").text
    assert counsellor.get("/desk/feedback/kela_card").status_code == 404
    assert expert.get("/desk/feedback?months=99").status_code == 422
    desk.run(ConversationStore(database).erase("feedback"))


def test_nobody_comes_in_without_a_login(desk: CaseDesk) -> None:
    asked(desk, missed(QUESTION))
    with httpx.Client(base_url=desk.address) as nobody:
        for path in (LIST, DECIDED, f"{GROUP}/{KEY}", "/desk/feedback", "/desk/feedback/kela_card"):
            answer = nobody.get(path)
            assert (answer.status_code, QUESTION in answer.text) == (303, False)
