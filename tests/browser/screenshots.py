"""``python -m tests.browser.screenshots``: pictures of the widget on a page of a municipality, from a guide that really runs."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from bot.settings import ROOT
from tests.browser.chat import Chat
from tests.browser.conftest import ARGUMENTS
from tests.browser.foreign_site import ForeignSite, tag
from tests.live_guide import LiveGuide, free_ports, settings_for_tests

IMAGES = ROOT / "docs" / "images"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1180, "height": 780}
QUESTIONS = {"fi": "Miten saan Kela-kortin?", "ar": "كيف أحصل على بطاقة كيلا؟"}
STYLES = """
body { margin: 0; color: #222; background: #fff; font: 18px/1.6 system-ui, sans-serif; }
main { max-width: 40rem; padding: 2rem 2.5rem; }
h1 { line-height: 1.2; }
.box { height: 7rem; margin-top: 2rem; background: #eef1f1; }
"""
WORDS = {
    "fi": ("Muutatko Kiteelle?", "Täältä löydät tietoa asumisesta, työstä ja palveluista."),
    "ar": ("هل تنتقل إلى كيتي؟", "تجد هنا معلومات عن السكن والعمل والخدمات."),
}


def main() -> None:
    """Start a guide and a website, and take every picture."""
    origin = f"http://localhost:{free_ports(1)[0]}"
    with tempfile.TemporaryDirectory() as folder, ForeignSite(origin) as site:
        guide = LiveGuide(settings_for_tests(Path(folder), allowed_origins=[origin]))
        try:
            guide.start()
            take_all(guide.url, site)
        finally:
            guide.stop()


def take_all(service: str, site: ForeignSite) -> None:
    """Every picture, in both languages and schemes."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for language in ("fi", "ar"):
            for scheme in ("light", "dark"):
                _phone(browser, service, language, scheme)
                _desktop(browser, service, site, language, scheme)
        browser.close()


def _phone(browser: Browser, service: str, language: str, scheme: Any) -> None:
    context = browser.new_context(
        viewport=PHONE, reduced_motion="reduce", device_scale_factor=2, color_scheme=scheme, has_touch=True, is_mobile=True
    )  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{service}/chat?lang={language}&municipality=kitee")
    chat = Chat(page)
    expect(chat.welcome).to_be_visible()
    if scheme == "light":
        page.screenshot(path=IMAGES / f"widget-phone-{language}-welcome.png")
    _ask(chat, language)
    page.screenshot(path=IMAGES / f"widget-phone-{language}-{scheme}.png")
    context.close()


def _desktop(browser: Browser, service: str, site: ForeignSite, language: str, scheme: Any) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    title, text = WORDS[language]
    body = f"<p><strong>{title}</strong></p><p>{text}</p><div class='box'></div><div class='box'></div>"
    line = tag(service, municipality="kitee", lang=language, theme=scheme)
    page.goto(site.show("/kunta", body + line, lang=language, dir="rtl" if language == "ar" else "ltr", styles=STYLES))
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
