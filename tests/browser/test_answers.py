"""Answers at the desk in a real browser: found, edited with the preview, saved, by two people; and what axe-core finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from bot.desk import answer_form
from tests.browser.test_accessibility import SCHEMES, violations
from tests.browser.test_desk import go_to, log_in
from tests.service.answer_desk import ANSWERS, TICKET, AnswerDesk
from tests.service.desk_browser import ServedDesk
from tests.unit.content_fixtures import BUS, put, write_content

EDIT = f"{TICKET}/edit"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerDesk]:
    folder = tmp_path_factory.mktemp("desk")
    served = ServedDesk(folder, write_content(folder))
    try:
        yield AnswerDesk(served, served.serve())
    finally:
        served.stop()


def at_desk(page: Page, desk: AnswerDesk, login: str, **more: str) -> None:
    """Somebody new, who has logged in."""
    desk.begin()
    desk.served.clock.forward(minutes=5)  # the forms of others count as closed
    desk.served.add(login, "counsellor", "joensuu", **more)
    log_in(page, desk, login)


def settled(page: Page) -> None:
    """The preview shows what stands in the form."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_an_answer_is_found_edited_and_saved_by_the_keyboard_alone(page: Page, desk: AnswerDesk) -> None:
    at_desk(page, desk, "counsellor")
    page.goto(desk.address + ANSWERS)
    go_to(page, "#filter_words")
    page.keyboard.type("bus ticket")
    page.keyboard.press("Enter")
    link = page.locator(f'.cases a[href="{TICKET}"]')
    expect(link).to_be_visible()
    go_to(page, f'.cases a[href="{TICKET}"]')
    page.keyboard.press("Enter")
    expect(page.locator("article.seen")).to_contain_text("Price: €4.")
    go_to(page, "#edit")
    page.keyboard.press("Enter")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Price: €4.")
    go_to(page, "#en-answer")
    page.keyboard.press("Control+a")
    page.keyboard.type("It costs {{ bus-fare }} in the **bus**.")
    expect(preview).to_contain_text("It costs €4 in the bus.")
    expect(page.locator("#en-answer")).to_be_focused()
    go_to(page, "#save")
    page.keyboard.press("Enter")
    done = page.locator(".notice[role=status]")
    expect(done).to_contain_text("Saved in the file only.")
    expect(done).to_be_focused()
    expect(page.locator("article.seen strong")).to_have_text("bus")
    assert yaml.safe_load(desk.text())["en"]["answer"] == "It costs {{ bus-fare }} in the **bus**."


def test_a_problem_comes_to_its_field_while_one_writes_and_goes_when_it_is_mended(page: Page, desk: AnswerDesk) -> None:
    at_desk(page, desk, "writer")
    page.goto(desk.address + EDIT)
    answer, problems = page.locator("#en-answer"), page.locator("#problems-en-answer")
    expect(page.locator("#preview")).to_contain_text("Price: €4.")
    answer.fill("It costs {{ made-up }}.")
    expect(problems.locator(".stops")).to_have_count(1)
    assert "problems-en-answer" in (answer.get_attribute("aria-describedby") or "")
    page.locator("#save").click()
    stopped = page.locator("section[role=alert]")
    expect(stopped).to_be_focused()
    expect(page.locator("#en-answer")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#en-answer")).to_have_value("It costs {{ made-up }}.")
    stopped.locator("a").first.click()
    expect(page.locator("#problems-en-answer")).to_be_in_viewport()
    page.locator("#en-answer").fill("It costs {{ bus-fare }}.")
    expect(problems.locator(".stops")).to_have_count(0)
    page.locator("#save").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved")


def test_what_was_typed_is_not_left_by_mistake(page: Page, desk: AnswerDesk) -> None:
    at_desk(page, desk, "hasty")
    page.goto(desk.address + EDIT)
    settled(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#en-title").fill("Half a title")
    page.locator('nav.parts a[href="/desk/answers"]').click()
    expect(page.locator("#en-title")).to_have_value("Half a title")
    assert asked == ["beforeunload"]


def test_two_people_hear_of_each_other_and_see_both_texts(page: Page, desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_form, "SIGN_EVERY_SECONDS", 1)
    at_desk(page, desk, "first", title="Counsellor of Joensuu")
    page.goto(desk.address + EDIT)
    other = page.context.browser.new_context(viewport={"width": 360, "height": 740})  # type: ignore[union-attr]
    second = other.new_page()
    desk.served.add("second", "expert", title="Residence permit expert")
    log_in(second, desk, "second")
    second.goto(desk.address + EDIT)
    expect(second.locator("#others")).to_contain_text("Also has this form open: Counsellor of Joensuu.")
    expect(page.locator("#others")).to_contain_text("Also has this form open: Residence permit expert.")
    second.locator("#en-title").fill("The second was quicker?")
    second.locator("#save").click()
    expect(second.locator(".notice[role=status]")).to_contain_text("Saved")
    page.locator("#en-title").fill("The first was slower?")
    page.locator("#save").click()
    conflict = page.locator("section[role=alert]")
    expect(conflict).to_contain_text("Somebody else has saved this answer meanwhile")
    expect(conflict).to_contain_text("The second was quicker?")
    expect(page.locator("#en-title")).to_have_value("The first was slower?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#save").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved")
    assert yaml.safe_load(desk.text())["en"]["title"] == "The first was slower?"
    other.close()


def test_publishing_shows_its_outcome_by_itself(page: Page, desk: AnswerDesk) -> None:
    at_desk(page, desk, "publisher")
    page.goto(f"{desk.address}{ANSWERS}/publish-now")
    page.locator("#publish").click()
    expect(page.locator("#publishing")).to_have_attribute("data-running", "no")
    expect(page.locator("#publishing [role=status]")).to_contain_text("Not published")


@pytest.mark.parametrize("language", ["fi", "en"])
def test_axe_finds_nothing_on_the_pages_of_answers(chromium: Browser, desk: AnswerDesk, language: str) -> None:
    desk.begin(put(BUS, "fi-easy", {"title": "Bussilippu", "answer": "Osta lippu.", "based_on": "0"}))
    desk.served.add(f"joensuu-{language}", "counsellor", "joensuu", language=language)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    log_in(page, desk, f"joensuu-{language}")
    paths = ("?words=bus", "/bus_ticket", "/review-queue", "/new-answer", "/coverage-map", "/publish-now", "/bus_ticket/edit")
    for path in paths:
        page.goto(f"{desk.address}{ANSWERS}{path}")
        if path.endswith("edit"):
            expect(page.locator("#preview .seen").first).to_be_visible()
            page.locator("#en-answer").fill("5 euros # {{ made-up }}")
            expect(page.locator("#problems-en-answer .stops").first).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], (path, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
