"""The desk in a real browser: a case by the keyboard alone while the newcomer writes, and what axe-core finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import SCHEMES, violations
from tests.desk_people import NOON, PASSWORD
from tests.made_cases import CODE, newcomer_says
from tests.service.case_desk import CaseDesk
from tests.service.desk_browser import ServedDesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseDesk]:
    served = ServedDesk(tmp_path_factory.mktemp("desk"))
    try:
        yield CaseDesk(served, served.serve())
    finally:
        served.stop()


def log_in(page: Page, desk: CaseDesk, login: str) -> None:
    page.goto(f"{desk.address}/desk/login")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")


def go_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(120):
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {selector}")


def test_a_case_by_the_keyboard_alone_while_the_newcomer_writes(page: Page, desk: CaseDesk) -> None:
    desk.served.add("expert")
    log_in(page, desk, "expert")
    case = desk.case(f"My permit is late, I am {CODE}")
    desk.made.notifier.tell("desk")
    link = page.locator(f"#case-link-{case}")
    expect(link).to_be_visible()
    expect(page.locator("#live")).to_have_text("New case in the queue")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    go_to(page, f"#case-link-{case}")
    page.keyboard.press("Enter")
    go_to(page, "#claim")
    page.keyboard.press("Enter")
    words = page.locator("#words")
    expect(words).to_be_focused()
    page.keyboard.type("Half a sen")
    desk.say(case, newcomer_says("Are you there?", NOON))
    expect(page.locator("#transcript")).to_contain_text("Are you there?")
    expect(words).to_be_focused()
    page.keyboard.type("tence.")
    expect(words).to_have_value("Half a sentence.")
    page.reload()
    expect(words).to_have_value("Half a sentence.")
    go_to(page, "#words")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#transcript > li").last).to_contain_text("Half a sentence.")
    expect(words).to_have_value("")
    expect(words).to_be_focused()
    expect(page.locator("#transcript > li", has_text="Half a sentence.")).to_have_count(1)
    insert = page.locator("#suggestions .insert").first
    expect(insert).to_be_visible()
    go_to(page, f"#{insert.get_attribute('id')}")
    page.keyboard.press("Enter")
    expect(words).to_be_focused()
    expect(words).not_to_have_value("")
    words.fill("")
    show = page.locator("#transcript").get_by_role("button", name="Show the identity code")
    show.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#transcript")).to_contain_text(CODE)
    # The page puts the focus back once what it asked for stands there.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    closing = page.locator("summary", has_text="Close the case")
    closing.focus()
    expect(closing).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name=outcome][value=answered]")).to_be_visible()
    go_to(page, "[name=outcome][value=answered]")
    page.keyboard.press("Space")
    go_to(page, "#resolve")
    page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_have_text("The case is closed.")
    assert desk.row(case).outcome == "answered"


def test_what_tells_of_a_new_case_is_turned_on_by_the_person_and_remembered(page: Page, desk: CaseDesk) -> None:
    desk.served.add("listener")
    log_in(page, desk, "listener")
    sound, popup = page.locator("#alert-sound"), page.locator("#alert-popup")
    expect(sound).not_to_be_checked()
    expect(popup).not_to_be_checked()
    sound.check()
    popup.click()
    expect(page.locator("#live")).to_contain_text("The browser does not allow notifications")
    expect(popup).not_to_be_checked()
    page.reload()
    expect(sound).to_be_checked()
    page.context.grant_permissions(["notifications"], origin=desk.address)
    popup.check()
    page.reload()
    expect(popup).to_be_checked()


@pytest.mark.parametrize("language", ["fi", "en"])
def test_axe_finds_nothing_at_the_desk(chromium: Browser, desk: CaseDesk, language: str) -> None:
    desk.served.add(f"counsellor-{language}", "counsellor", "kitee", language=language)
    desk.served.add(f"expert-{language}", language=language)
    cases = [desk.case(f"I am {CODE}", "kitee", municipality="kitee", urgent=number == 0) for number in range(3)]
    context = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    log_in(page, desk, f"counsellor-{language}")
    pages = ["/desk", f"/desk/cases/{cases[0]}", f"/desk/cases/{cases[1]}"]
    page.goto(desk.address + pages[1])
    page.locator("#claim").press("Enter")
    expect(page.locator("#suggestions .insert").first).to_be_visible()
    for path in pages:
        page.goto(desk.address + path)
        if path == pages[1]:
            expect(page.locator("#suggestions .insert").first).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], (path, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
