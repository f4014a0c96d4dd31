"""Missed questions and feedback in a real browser: by the keyboard alone, on a phone, and what axe-core finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.curation.missed import key_of
from tests.browser.test_accessibility import SCHEMES, violations
from tests.browser.test_desk import go_to, log_in
from tests.service.case_desk import CaseDesk
from tests.service.desk_browser import ServedDesk
from tests.unit.missed_rows import judged, missed, store

QUESTION = "where can I buy a ticket for the bus to the lake"
FINNISH = "mistä lippu järven bussiin"
ANSWER = "bus_buy_ticket"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    served = ServedDesk(tmp_path_factory.mktemp("missed"))
    try:
        yield CaseDesk(served, served.serve())
    finally:
        served.stop()


def ask(desk: CaseDesk, *words: str) -> None:
    desk.run(store(desk.served.service.database, *(missed(text, language="en") for text in words)))


def test_a_question_is_attached_by_the_keyboard_alone(page: Page, desk: CaseDesk) -> None:
    desk.served.add("expert")
    ask(desk, QUESTION)
    log_in(page, desk, "expert")
    page.get_by_role("link", name="Missed questions").focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name=QUESTION)
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.locator("[name=member]")).to_be_checked()
    go_to(page, "#other")
    page.locator("#other").select_option(ANSWER)
    go_to(page, "#check")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write it as an example of the answer")).to_be_visible()
    words = page.locator("#text-0")
    expect(words).to_have_value(QUESTION)
    taken = desk.served.service.parts.guide.content.answers["library_card"].en.examples[0]
    words.fill(taken)
    words.press("Enter")
    expect(page.locator(".notice[role=alert]")).to_be_focused()
    expect(page.locator(".harms")).to_contain_text("The same example stands already under")
    words.fill(QUESTION)
    go_to(page, "#attach")
    page.keyboard.press("Enter")
    anyway = page.get_by_role("button", name="Attach anyway")
    if anyway.is_visible():
        anyway.press("Enter")
    expect(page.locator(".notice[role=status]")).to_be_focused()
    expect(page.locator(".notice[role=status]")).to_have_text("1 question is attached to the answer.")
    path = desk.served.service.settings.content_dir / "answers" / "everyday" / f"{ANSWER}.yml"
    assert f"    - {QUESTION}\n" in path.read_text(encoding="utf-8")


def test_many_new_questions_come_by_themselves(page: Page, desk: CaseDesk) -> None:
    desk.served.add("reader")
    answers = list(desk.served.service.parts.guide.content.answers.values())
    ask(desk, *(answer.en.title for answer in answers[:40]))
    log_in(page, desk, "reader")
    page.goto(f"{desk.address}/desk/missed")
    expect(page.locator(".missed > li")).to_have_count(20, timeout=60_000)
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".missed > li").first).to_be_visible()


@pytest.mark.parametrize("language", ["fi", "en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(chromium: Browser, desk: CaseDesk, language: str) -> None:
    login = f"counsellor-{language}"
    desk.served.add(login, "counsellor", "kitee", language=language)
    service = desk.served.service
    ask(desk, QUESTION + " today", "x" * 300)
    told = [judged("kela_card", False) for _ in range(3)]
    desk.run(store(service.database, missed(FINNISH, language="fi"), *told))
    key, long = key_of(QUESTION + " today"), key_of("x" * 300)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    log_in(page, desk, login)
    pages = ["/desk/missed", f"/desk/missed/questions/{key}", f"/desk/missed/questions/{long}", "/desk/missed/decided"]
    pages += ["/desk/feedback", "/desk/feedback/kela_card"]
    for path in pages:
        page.goto(desk.address + path)
        expect(page.locator("progress")).to_have_count(0, timeout=60_000)
        _is_fit(page, path)
    page.goto(f"{desk.address}/desk/missed/questions/{key}")
    page.locator("#dismiss-send").click()
    expect(page.locator("[role=alert]")).to_be_focused()
    _is_fit(page, "no reason")
    page.locator("#other").select_option("library_card")
    page.locator("#check").click()
    expect(page.locator("#text-0")).to_be_visible()
    _is_fit(page, "attach")
    page.goto(f"{desk.address}/desk/missed/questions/{key}")
    page.locator("[name=reason][value=other]").check()
    page.locator("#dismiss-send").click()
    expect(page.locator(".notice[role=status]")).to_be_focused()
    page.goto(f"{desk.address}/desk/missed/decided")
    _is_fit(page, "decided")
    page.locator(f"button[value='{key}']").click()
    expect(page.locator(".notice[role=status]")).to_be_focused()
    context.close()


def _is_fit(page: Page, what: str) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (what, scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
