"""Small screens, large letters, right to left, long words, many messages, and the times at which an office opens."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chat import LANGUAGES, Chat, open_chat, open_panel
from tests.browser.foreign_site import ForeignSite, tag
from tests.live_guide import LiveGuide

LONG = "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas" * 4


def too_wide(chat: Chat) -> list[str]:
    """Elements whose content goes past their own edge, or that go past the chat's."""
    found: list[str] = chat.frame.evaluate(
        """frame => [...frame.querySelectorAll("*")].filter(each => each.checkVisibility() && !each.closest(".unseen, svg"))
          .filter(each => { const { left, right } = each.getBoundingClientRect();
            const inner = each.clientWidth && each.localName !== "textarea" ? each.scrollWidth - each.clientWidth : 0;
            return left < -1 || right > innerWidth + 1 || inner > 1; })
          .map(each => `${each.localName}.${each.className}`)"""
    )
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_320_pixels_nothing_is_cut_off(page: Page, live_guide: LiveGuide, question: str, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    chat = open_chat(page, f"{live_guide.url}/chat?lang={language}")
    assert too_wide(chat) == []
    chat.ask(question)
    assert too_wide(chat) == []


def test_at_400_percent_everything_can_be_reached(page: Page, site: ForeignSite, live_guide: LiveGuide, question: str) -> None:
    """A window of 1280 by 1024 pixels has 320 by 256 of them left."""
    page.set_viewport_size({"width": 320, "height": 256})
    chat = open_panel(page, site.show("/zoom", tag(live_guide.url)))
    privacy = chat.welcome.get_by_role("link")
    privacy.scroll_into_view_if_needed()
    expect(privacy).to_be_in_viewport()
    message = chat.ask(question)["messages"][0]
    expect(chat.article(message).get_by_role("heading", level=3)).to_be_in_viewport()
    expect(chat.box).to_be_in_viewport()
    assert too_wide(chat) == []
    chat.frame.locator("#menu summary").scroll_into_view_if_needed()
    chat.from_menu("about")
    expect(chat.dialog).to_be_in_viewport()


@pytest.mark.parametrize(
    "text", [LONG, "https://example.fi/" + "a" * 400, "🙂" * 300, "سلام" * 100], ids=["word", "url", "emoji", "ar"]
)
def test_long_words_are_broken(chat: Chat, text: str) -> None:
    chat.ask(text)
    assert too_wide(chat) == []


def test_right_to_left_is_complete_and_numbers_stand_as_they_are_dialled(page: Page, live_guide: LiveGuide) -> None:
    chat = open_chat(page, f"{live_guide.url}/chat?lang=ar")
    box, send = chat.box.bounding_box(), chat.frame.locator(".send").bounding_box()
    title, menu = chat.frame.locator(".title").bounding_box(), chat.frame.locator("#menu").bounding_box()
    assert box
    assert send
    assert title
    assert menu
    assert send["x"] < box["x"]
    assert menu["x"] < title["x"]
    message = chat.ask("أريد التحدث مع شخص")["messages"][0]
    phone = chat.article(message).locator('a[href^="tel:"]').first
    assert _runs_left_to_right(phone.locator("bdi"))
    card = chat.article(message).locator(".card").first
    assert card.locator("strong").evaluate("element => getComputedStyle(element).textAlign") == "right"
    answer = chat.article(chat.ask("كيف أحصل على بطاقة كيلا؟")["messages"][0])
    assert set(answer.locator("footer a").evaluate_all("all => all.map(each => getComputedStyle(each).textAlign)")) == {"right"}
    mixed = chat.ask("رقمي 050 123 4567 شكرا")["received"]
    said = chat.article(mixed).locator(".said")
    assert said.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert _runs_left_to_right(said, "050 123 4567")
    english = chat.ask("hello, how are you?")["received"]
    assert chat.article(english).locator(".said").evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert too_wide(chat) == []


def _runs_left_to_right(element: Locator, part: str = "") -> bool:
    """Whether the first character of the part stands left of its last, as it is drawn."""
    runs: bool = element.evaluate(
        """(element, part) => {
          const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          const places = [];
          while (walk.nextNode()) for (let at = 0; at < walk.currentNode.length; at++) places.push([walk.currentNode, at]);
          const from = part ? element.textContent.indexOf(part) : 0, to = from + (part || element.textContent).length;
          const left = ([text, at]) => {
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          };
          return left(places[from]) < left(places[to - 1]);
        }""",
        part,
    )
    return runs


def test_a_keyboard_on_the_screen_leaves_the_box_in_sight(page: Page, site: ForeignSite, live_guide: LiveGuide) -> None:
    page.add_init_script(
        "const seen = Object.assign(new EventTarget(), { height: 740, offsetTop: 0 });"
        "Object.defineProperty(window, 'visualViewport', { value: seen });"
    )
    chat = open_panel(page, site.show("/phone", tag(live_guide.url)))
    page.evaluate(
        "() => { visualViewport.height = 400; visualViewport.offsetTop = 30; visualViewport.dispatchEvent(new Event('resize')); }"
    )
    box = chat.frame.locator(".composer")
    page.wait_for_function(
        "box => { const { bottom } = box.getBoundingClientRect(); return bottom <= 431 && bottom > 400; }",
        arg=box.element_handle(),
    )


def test_five_hundred_messages_are_shown_in_order_and_the_newest_is_in_sight(
    chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.ask(question)
    key = chat.key()
    with sqlite3.connect(live_guide.settings.database_url.removeprefix("sqlite:///"), timeout=30) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(messages)") if row[1] != "id"]
        taken = ", ".join("NULL" if name == "client_id" else name for name in columns)
        for _ in range(500):
            database.execute(
                f"INSERT INTO messages ({', '.join(columns)}) SELECT {taken} FROM messages "  # noqa: S608
                "WHERE conversation_id = ? AND sender = 'bot' ORDER BY id DESC LIMIT 1",
                (key["id"],),
            )
    chat.page.reload()
    expect(chat.frame.locator("article")).to_have_count(503, timeout=20_000)
    assert chat.ids() == sorted(chat.ids())
    expect(chat.frame.locator("article").last).to_be_in_viewport()
    reply = chat.ask("kiitos")["messages"][0]
    expect(chat.article(reply)).to_be_in_viewport()


HOURS = """async ([service, language, now, contact]) => {
  const parts = `${service}/widget/now`;
  const [{ openness }, { Words }] = await Promise.all(["hours.js", "words.js"].map(name => import(`${parts}/${name}`)));
  const entries = await (await fetch(`${parts}/chat-${language}.json`)).json();
  return openness(contact, new Date(now), new Words(language, entries))?.line ?? null;
}"""
WEEK = [
    {"opens": "2026-11-27T09:00:00+02:00", "closes": "2026-11-27T11:30:00+02:00"},
    {"opens": "2026-11-27T12:30:00+02:00", "closes": "2026-11-27T16:00:00+02:00"},
    {"opens": "2026-11-30T09:00:00+02:00", "closes": "2026-11-30T16:00:00+02:00"},
    {"opens": "2026-12-09T09:00:00+02:00", "closes": "2026-12-09T16:00:00+02:00"},
]


@pytest.mark.parametrize(
    ("language", "now", "line"),
    [
        ("fi", "2026-11-27T08:00:00Z", "Avoinna nyt, sulkeutuu klo 11.30"),
        ("fi", "2026-11-27T10:00:00Z", "Suljettu nyt. Avautuu tänään klo 12.30"),
        ("fi", "2026-11-28T10:00:00Z", "Suljettu nyt. Avautuu maanantaina klo 9.00"),
        ("fi", "2026-11-29T10:00:00Z", "Suljettu nyt. Avautuu huomenna klo 9.00"),
        ("fi", "2026-11-29T22:30:00Z", "Suljettu nyt. Avautuu tänään klo 9.00"),
        ("fi", "2026-12-01T10:00:00Z", "Suljettu nyt. Avautuu keskiviikko 9. joulukuuta klo 9.00"),
        ("fi", "2026-12-20T10:00:00Z", None),
        ("en", "2026-11-28T10:00:00Z", "Closed now. Opens Monday at 9:00"),
        ("sv", "2026-11-28T10:00:00Z", "Stängt nu. Öppnar på måndag kl. 9.00"),
        ("ru", "2026-11-29T10:00:00Z", "Сейчас закрыто. Откроется завтра в 9:00"),
        ("uk", "2026-11-28T10:00:00Z", "Зараз зачинено. Відчиниться: понеділок, 9:00"),
        ("ar", "2026-11-28T10:00:00Z", "مغلق الآن. يفتح يوم الاثنين الساعة 9:00 ص"),
    ],
)
def test_a_card_says_whether_it_is_open_when_it_is_read(
    shared: Page, live_guide: LiveGuide, language: str, now: str, line: str | None
) -> None:
    said = shared.evaluate(HOURS, [live_guide.url, language, now, {"open_spans": WEEK}])
    assert (said and said.replace("\u202f", " ").replace("\u00a0", " ")) == line


CARD = """async ([service, contact]) => {
  const parts = `${service}/widget/now`;
  const { contactCards, tellOpenness } = await import(`${parts}/contacts.js`);
  const { Words } = await import(`${parts}/words.js`);
  const words = new Words("fi", await (await fetch(`${parts}/chat-fi.json`)).json());
  const cards = contactCards([{ id: "a", name: "A", phones: [], hours: [], unknown: [], ...contact }], words, new Set());
  window.now = () => { tellOpenness(cards, words); return cards.querySelector(".now").textContent; };
}"""


def test_a_card_that_stays_on_the_screen_goes_with_the_time(page: Page, live_guide: LiveGuide) -> None:
    page.goto(f"{live_guide.url}/privacy")
    page.clock.set_fixed_time("2026-11-27T13:30:00Z")
    page.evaluate(CARD, [live_guide.url, {"open_spans": WEEK}])
    assert page.evaluate("now()") == "Avoinna nyt, sulkeutuu klo 16.00"
    page.clock.set_fixed_time("2026-11-27T14:30:00Z")
    assert page.evaluate("now()") == "Suljettu nyt. Avautuu maanantaina klo 9.00"


@pytest.mark.parametrize(("wishes", "spoken"), [(["fil-PH", "sv"], "sv"), (["fi_FI"], "fi"), (["uk-UA"], "uk"), (["so"], "en")])
def test_a_language_is_taken_by_its_whole_name(shared: Page, live_guide: LiveGuide, wishes: list[str], spoken: str) -> None:
    languages = f"import('{live_guide.url}/widget/now/languages.js')"
    assert shared.evaluate(f"async wishes => (await {languages}).firstKnown(wishes)", wishes) == spoken


def test_an_office_that_never_closes_says_so_and_one_without_hours_says_nothing(shared: Page, live_guide: LiveGuide) -> None:
    assert shared.evaluate(HOURS, [live_guide.url, "fi", "2026-11-28T10:00:00Z", {"always_open": True}]) == "Avoinna aina"
    assert shared.evaluate(HOURS, [live_guide.url, "fi", "2026-11-28T10:00:00Z", {}]) is None


@pytest.fixture(scope="module")
def shared(chromium: Browser, live_guide: LiveGuide) -> Page:
    """One page for tests that only reckon."""
    page = chromium.new_page()
    page.goto(f"{live_guide.url}/privacy")
    return page
