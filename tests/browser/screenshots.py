"""``python -m tests.browser.screenshots``: pictures of the widget on a page of a municipality, from a guide that really runs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from bot.settings import ROOT
from tests.browser.chat import Chat
from tests.browser.chromium import running_chromium
from tests.browser.foreign_site import ForeignSite, tag
from tests.live_guide import LiveGuide, free_ports, settings_for_tests

IMAGES = ROOT / "docs" / "images"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1180, "height": 780}
STILL = "frame => Promise.all(frame.getAnimations({ subtree: true }).map(each => each.finished))"
"""Animations of a shadow root are its own: those of the document do not count them."""

QUESTIONS = {"fi": "Miten saan Kela-kortin?", "ar": "كيف أحصل على بطاقة كيلا؟"}
STYLES = """
:root { color-scheme: light dark; }
body { margin: 0; color: #24302f; background: #f7f8f7; font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 38rem; padding: 0 2.5rem; }
h1 { margin: 0 0 2.5rem; padding: 1rem 0; font-size: 1.375rem; }
h1 { background: #fff; box-shadow: 0 0 0 100vmax #fff; clip-path: inset(0 -100vmax); }
h2 { margin: 0 0 .5rem; font-size: 2.25rem; line-height: 1.2; }
ul { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 2rem 0; padding: 0; list-style: none; }
li { padding: 1.25rem; background: #fff; border: 1px solid #d8dddb; border-radius: .75rem; }
li strong { display: block; }
@media (prefers-color-scheme: dark) {
  body { color: #e6ebe9; background: #101516; }
  h1, li { background: #1a2122; border-color: #333d3f; }
  h1 { box-shadow: 0 0 0 100vmax #1a2122; }
}
"""
WORDS = {
    "fi": (
        "Kitee",
        "Muutatko Kiteelle?",
        "Täältä löydät tietoa asumisesta, työstä ja palveluista.",
        {
            "Asuminen": "Vuokra-asunnot ja tontit",
            "Työ": "Avoimet työpaikat",
            "Koulu": "Päiväkodit ja koulut",
            "Terveys": "Terveysasema",
        },
    ),
    "ar": (
        "كيتي",
        "هل تنتقل إلى كيتي؟",
        "تجد هنا معلومات عن السكن والعمل والخدمات.",
        {"السكن": "شقق للإيجار", "العمل": "وظائف شاغرة", "المدرسة": "رياض الأطفال والمدارس", "الصحة": "المركز الصحي"},
    ),
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
    with running_chromium() as browser:
        for language in ("fi", "ar"):
            for scheme in ("light", "dark"):
                _phone(browser, service, language, scheme)
                _desktop(browser, service, site, language, scheme)


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
    if scheme == "light":
        chat.answers.locator(".actions").scroll_into_view_if_needed()
        page.screenshot(path=IMAGES / f"widget-phone-{language}-source.png")
    context.close()


def _desktop(browser: Browser, service: str, site: ForeignSite, language: str, scheme: Any) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce", device_scale_factor=2, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    title, heading, text, subjects = WORDS[language]
    listed = "".join(f"<li><strong>{name}</strong>{about}</li>" for name, about in subjects.items())
    body = f"<h2>{heading}</h2><p>{text}</p><ul>{listed}</ul>" + tag(service, municipality="kitee", lang=language)
    direction = "rtl" if language == "ar" else "ltr"
    page.goto(site.show("/kunta", body, lang=language, dir=direction, title=title, styles=STYLES))
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
    chat.frame.evaluate(STILL)


if __name__ == "__main__":
    main()
