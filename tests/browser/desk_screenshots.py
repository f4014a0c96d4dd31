"""``python -m tests.browser.desk_screenshots``: pictures of the desk with invented cases, on a desktop and a phone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from bot.settings import ROOT
from tests.browser.chromium import running_chromium
from tests.desk_people import PASSWORD
from tests.service.case_desk import CaseDesk
from tests.service.desk_browser import ServedDesk
from tests.unit.missed_rows import judged, missed, store

IMAGES = ROOT / "docs" / "images"
ANSWER = "bus_buy_ticket"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SUMMARY: dict[str, Any] = {
    "topic": "extended_permit",
    "asked": [],
    "answers": [{"id": "permit_extension_when", "title": "Milloin haen jatkolupaa?", "sources": ["Migri"]}],
    "messages": 3,
}
CASES: tuple[dict[str, Any], ...] = (
    {
        "matter": "Lupani loppuu toukokuussa ja olen vaihtanut työpaikkaa. Mitä lupaa haen?",
        "language": "fi",
        "municipality": "kitee",
        "summary": SUMMARY,
    },
    {"matter": "My wife applied from Dhaka in June. How long does it take?", "municipality": "joensuu", "way": "callback"},
    {
        "matter": "Мы хотим нанять сварщика из Узбекистана. Какое разрешение ему нужно?",
        "language": "ru",
        "municipality": "nurmes",
        "way": "question",
        "audience": "employer",
    },
    {"matter": "I lost my residence card in Lieksa.", "municipality": "lieksa", "urgent": True},
)

MISSED: tuple[tuple[str, str], ...] = (
    ("saako koiran ottaa mukaan bussiin", "fi"),
    ("can I take my dog on the bus", "en"),
    ("можно ли с собакой в автобус", "ru"),
    ("where can I swim in winter", "en"),
    ("missä voi uida talvella", "fi"),
    ("mitä maksaa parkkipaikka torin alla", "fi"),
)


def main() -> None:
    """Serve a desk, fill it, and take every picture."""
    with tempfile.TemporaryDirectory() as folder, running_chromium() as browser:
        served = ServedDesk(Path(folder))
        try:
            desk = CaseDesk(served, served.serve())
            served.add("expert", language="fi", title="Oleskelulupa-asiantuntija")
            served.add("expert-en", language="en", title="Residence permit expert")
            cases = []
            for told in CASES:
                cases.append(desk.case(**told))
                served.clock.forward(minutes=9)
            rows = [missed(words, language=code, municipality="kitee") for words, code in MISSED for _ in words[::16]]
            judgements = [judged("kela_card", number % 3 == 0, municipality="kitee") for number in range(12)]
            desk.run(store(served.service.database, *rows, *judgements, judged("library_card", True)))
            _take(browser, desk, "expert", "fi", "desktop", DESKTOP, cases[0])
            _take(browser, desk, "expert-en", "en", "phone", PHONE, cases[1])
        finally:
            served.stop()


def _take(browser: Browser, desk: CaseDesk, login: str, language: str, screen: str, size: Any, case: int) -> None:
    context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce", device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{desk.address}/desk/login")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    if page.locator("#presence").get_attribute("data-present") == "no":
        page.locator("#presence-button").click()
        expect(page.locator("#presence")).to_have_attribute("data-present", "yes")
    _picture(page, f"desk-queue-{screen}-{language}")
    page.goto(f"{desk.address}/desk/cases/{case}")
    page.locator("#claim").click()
    expect(page.locator("#suggestions .insert").first).to_be_visible()
    page.locator("#words").fill(
        {"fi": "Hei! Luen viestiäsi ja vastaan pian.", "en": "Hello! I am reading your message."}[language]
    )
    page.locator("#send").click()
    expect(page.locator("#transcript > li").last).to_contain_text({"fi": "Luen", "en": "reading"}[language])
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    _picture(page, f"desk-case-{screen}-{language}")
    for name in ("missed", "feedback"):
        page.goto(f"{desk.address}/desk/{name}")
        _picture(page, f"desk-{name}-{screen}-{language}")
    page.goto(f"{desk.address}/desk/missed")
    page.locator(".missed h2 a").first.click()
    expect(page.locator("#check")).to_be_visible()
    _picture(page, f"desk-missed-group-{screen}-{language}")
    _take_answers(page, desk, f"{screen}-{language}")
    context.close()


def _take_answers(page: Page, desk: CaseDesk, name: str) -> None:
    """The list, the form with its preview, and the review queue."""
    page.goto(f"{desk.address}/desk/answers")
    _picture(page, f"desk-answers-{name}")
    page.goto(f"{desk.address}/desk/answers/{ANSWER}/edit")
    expect(page.locator("#preview .seen").first).to_be_visible()
    if name.startswith("phone"):
        page.locator("#preview-title").scroll_into_view_if_needed()
    _picture(page, f"desk-answer-edit-{name}")
    page.goto(f"{desk.address}/desk/answers/review-queue")
    _picture(page, f"desk-review-{name}")


def _picture(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
