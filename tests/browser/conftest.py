"""A real Chromium, a page of its own for each test that must end without an error in its console, and a foreign website."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chat import Chat, open_chat
from tests.browser.chromium import running_chromium
from tests.browser.foreign_site import ForeignSite
from tests.browser.telegram_side import TelegramSide
from tests.easy_answer import give_easy_finnish
from tests.live_guide import LiveGuide, free_ports, settings_for_tests
from tests.telegram.bot_api import TOKEN

PLAIN = ("Miten saan Kela-kortin?", "Mistä saan verokortin?", "Miten haen lapselle päivähoitopaikkaa?", "Mikä on kotikunta?")
VAGUE = ("Milloin minun pitää hakea jatkolupaa?", "lupa", "suomen kurssi", "Kela", "perhe", "verokortti")
ARABIC = ("كيف أحصل على بطاقة كيلا؟", "من أين أحصل على بطاقة الضريبة؟", "ما هي بلدية الإقامة؟")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A Finnish browser on a phone's screen."""
    context = chromium.new_context(locale="fi-FI", viewport={"width": 360, "height": 740})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page. A script error or something that a Content-Security-Policy stopped fails the test."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert wrong == []


@pytest.fixture
def chat(page: Page, live_guide: LiveGuide) -> Chat:
    """The full page, opened for the first time."""
    return open_chat(page, f"{live_guide.url}/chat")


@pytest.fixture(scope="package")
def site(foreign_origin: str) -> Iterator[ForeignSite]:
    """A website of another origin, which the guide allows."""
    with ForeignSite(foreign_origin) as site:
        yield site


@pytest.fixture(scope="package")
def telegram() -> Iterator[TelegramSide]:
    """Telegram, as far as a guide can tell."""
    side = TelegramSide()
    yield side
    side.close()


@pytest.fixture(scope="package")
def connected_guide(telegram: TelegramSide, foreign_origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveGuide]:
    """A guide that is in Telegram, of which one answer can be read in easy Finnish."""
    (port,) = free_ports(1)
    settings = settings_for_tests(
        tmp_path_factory.mktemp("connected"),
        port=port,
        allowed_origins=[foreign_origin],
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=TOKEN,
        telegram_api_url=telegram.api.url,
    )
    give_easy_finnish(settings)
    guide = LiveGuide(settings)
    try:
        guide.start()
        telegram.wait_until_connected()
        yield guide
    finally:
        guide.stop()


def first_that_is(status: str, questions: tuple[str, ...], language: str, api: httpx.Client) -> str:
    """The first of ``questions`` that comes to ``status`` with the content of today."""
    for question in questions:
        if api.post("/api/v1/ask", json={"question": question, "language": language}).json()["status"] == status:
            return question
    pytest.fail(f"None of the questions comes to {status!r}: {questions}")


@pytest.fixture(scope="session")
def question(api: httpx.Client) -> str:
    """A question in Finnish that has an answer."""
    return first_that_is("answered", PLAIN, "fi", api)


@pytest.fixture(scope="session")
def vague(api: httpx.Client) -> str:
    """A question in Finnish that several answers fit."""
    return first_that_is("clarify", VAGUE, "fi", api)


@pytest.fixture(scope="session")
def arabic_question(api: httpx.Client) -> str:
    """A question in Arabic that has an answer."""
    return first_that_is("answered", ARABIC, "ar", api)
