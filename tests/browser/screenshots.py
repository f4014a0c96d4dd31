"""``python -m tests.browser.screenshots [address]``: pictures of the widget, from a guide of their own or one that runs."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from bot.settings import ROOT
from tests.browser.chat import Chat
from tests.browser.conftest import ARGUMENTS
from tests.live_guide import LiveGuide, settings_for_tests

IMAGES = ROOT / "docs" / "images"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1180, "height": 780}
QUESTIONS = {"fi": "Miten saan Kela-kortin?", "ar": "كيف أحصل على بطاقة كيلا؟"}
CITY = """<!doctype html><html lang="{lang}" dir="{dir}"><meta charset="utf-8"><title>Kunta</title>
<style>body {{ margin: 0; color: #222; background: #fff; font: 18px/1.6 system-ui, sans-serif; }}
header {{ padding: 1.25rem 2.5rem; border-bottom: 1px solid #ddd; font-weight: 700; font-size: 1.25rem; }}
main {{ padding: 2rem 2.5rem; max-width: 40rem; }} h1 {{ line-height: 1.2; }}
.box {{ height: 7rem; margin-top: 2rem; background: #eef1f1; }}
</style><header>{name}</header><main><h1>{title}</h1><p>{text}</p><div class="box"></div><div class="box"></div></main>
<script type="module" src="{service}/widget.js" data-municipality="kitee" data-lang="{lang}" data-theme="{scheme}"></script>"""
WORDS = {
    "fi": ("Kitee", "Muutatko Kiteelle?", "Täältä löydät tietoa asumisesta, työstä ja palveluista."),
    "ar": ("Kitee", "هل تنتقل إلى كيتي؟", "تجد هنا معلومات عن السكن والعمل والخدمات."),
}


def main() -> None:
    """Take every picture."""
    if len(sys.argv) > 1:
        take_all(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        guide = LiveGuide(settings_for_tests(Path(folder), allowed_origins=["http://kunta.invalid"]))
        try:
            guide.start()
            take_all(guide.url)
        finally:
            guide.stop()


def take_all(service: str) -> None:
    """Every picture from the guide at this address, which must allow the origin http://kunta.invalid."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for language in ("fi", "ar"):
            for scheme in ("light", "dark"):
                _phone(browser, service, language, scheme)
                _desktop(browser, service, language, scheme)
        browser.close()


def _phone(browser: Browser, service: str, language: str, scheme: Any) -> None:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, color_scheme=scheme, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{service}/chat?lang={language}&municipality=kitee")
    chat = Chat(page)
    expect(chat.welcome).to_be_visible()
    if scheme == "light":
        page.screenshot(path=IMAGES / f"widget-phone-{language}-welcome.png")
    _ask(chat, language)
    page.screenshot(path=IMAGES / f"widget-phone-{language}-{scheme}.png")
    context.close()


def _desktop(browser: Browser, service: str, language: str, scheme: Any) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    name, title, text = WORDS[language]
    direction = "rtl" if language == "ar" else "ltr"
    body = CITY.format(lang=language, dir=direction, name=name, title=title, text=text, service=service, scheme=scheme)
    page.route("http://kunta.invalid/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://kunta.invalid/")
    page.locator("elo-button .elo > button").click()
    chat = Chat(page)
    expect(chat.welcome).to_be_visible()
    _ask(chat, language)
    page.screenshot(path=IMAGES / f"widget-desktop-{language}-{scheme}.png")
    context.close()


def _ask(chat: Chat, language: str) -> None:
    chat.ask(QUESTIONS[language])
    expect(chat.answers).to_have_count(1)
    expect(chat.notice).to_be_empty()
    chat.page.mouse.move(0, 0)
    chat.page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")


if __name__ == "__main__":
    main()
