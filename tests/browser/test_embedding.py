"""The one line on a page of another origin: it works under a strict policy, and nothing leaks in or out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat import Chat, open_chat, open_panel
from tests.browser.contrast import contrast
from tests.browser.foreign_site import HOSTILE_STYLES, ForeignSite, strict_policy, tag
from tests.live_guide import LiveGuide

GROUND = "element => getComputedStyle(element).backgroundColor"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_one_line_on_a_foreign_page_gets_a_finnish_conversation_to_the_right_answer(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)  # type: ignore[arg-type]
    line = tag(live_guide.url, municipality="kitee", lang="fi")
    chat = open_panel(page, site.show("/kitee", line, policy=strict_policy(live_guide.url)))
    first = chat.ask(question)["messages"][0]
    expect(chat.article(first).get_by_role("heading", level=3)).to_have_text(first["answer"]["title"])
    local = chat.ask("Haluan puhua ihmiselle")["messages"][0]["expert"]["contacts"]
    assert "mun_kitee" in [contact["id"] for contact in local]


def test_one_line_on_a_foreign_page_gets_an_arabic_conversation_to_the_right_answer(
    page: Page, site: ForeignSite, live_guide: LiveGuide, arabic_question: str
) -> None:
    line = tag(live_guide.url, municipality="kitee", lang="ar")
    chat = open_panel(page, site.show("/kitee-ar", line, policy=strict_policy(live_guide.url)))
    expect(chat.frame).to_have_attribute("dir", "rtl")
    message = chat.ask(arabic_question)["messages"][0]
    assert message["answer"]["fallback_from"] == "ar"
    shown = chat.article(message)
    expect(shown.locator(".lead")).to_contain_text("الإنجليزية")
    expect(shown.locator(".body")).to_have_attribute("dir", message["dir"])
    expect(shown.get_by_role("heading", level=3)).to_have_text(message["answer"]["title"])


def test_a_page_that_says_nothing_is_spoken_to_in_its_own_language(page: Page, site: ForeignSite, live_guide: LiveGuide) -> None:
    page.goto(site.show("/svenska", tag(live_guide.url), lang="sv"))
    expect(page.locator("elo-button .elo")).to_have_attribute("lang", "sv")


def test_a_language_without_words_of_the_widget_falls_back_to_english(
    page: Page, site: ForeignSite, live_guide: LiveGuide
) -> None:
    chat = open_panel(page, site.show("/farsi", tag(live_guide.url, lang="fa")))
    expect(chat.frame).to_have_attribute("lang", "en")
    begun: list[str] = []
    page.on("request", lambda request: begun.append(request.post_data or "") if request.url.endswith("conversations") else None)
    chat.ask("سلام")
    assert '"language":"fa"' in begun[0]


def test_the_element_stands_inline_and_then_no_button_is_added(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str
) -> None:
    body = "<p>Teksti</p><elo-chat municipality='lieksa' lang='en'></elo-chat>"
    chat = open_chat(page, site.show("/inline", body + tag(live_guide.url), policy=strict_policy(live_guide.url)))
    expect(chat.frame).to_have_attribute("lang", "en")
    expect(page.locator("elo-button")).to_have_count(0)
    expect(chat.frame.locator("button.close")).to_have_count(0)
    chat.ask(question)
    assert page.evaluate("scrollY") == 0


def test_an_element_that_is_added_later_and_moved_works_on(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str
) -> None:
    page.goto(site.show("/late", "<div id='one'></div><div id='other'></div>" + tag(live_guide.url)))
    expect(page.locator("elo-button .elo > button")).to_be_visible()
    page.evaluate("document.querySelector('#one').append(document.createElement('elo-chat'))")
    chat = Chat(page)
    chat.ask(question)
    page.evaluate("document.querySelector('#other').append(document.querySelector('elo-chat'))")
    expect(chat.answers).to_have_count(1)
    chat.ask(question)


def test_the_styles_of_the_page_do_not_reach_in(page: Page, site: ForeignSite, live_guide: LiveGuide, question: str) -> None:
    chat = open_panel(page, site.show("/loud", tag(live_guide.url), styles=HOSTILE_STYLES))
    message = chat.ask(question)["messages"][0]
    looks = (
        chat.article(message)
        .locator(".body p")
        .first.evaluate(
            "element => (({ fontSize, color, letterSpacing, textTransform }) => [fontSize, color, letterSpacing, textTransform])"
            "(getComputedStyle(element))"
        )
    )
    assert looks == ["16px", "rgb(31, 41, 43)", "normal", "none"]
    expect(chat.frame.locator(".send")).to_be_visible()
    assert chat.frame.locator(".send").evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(20, 90, 95)"


def test_nothing_of_the_widget_reaches_out(page: Page, site: ForeignSite, live_guide: LiveGuide, question: str) -> None:
    address = site.show("/quiet", "<p id='text'>Kunnan teksti</p>" + tag(live_guide.url))
    page.goto(address)
    before = page.evaluate(
        "() => { window.heard = []; for (const kind of ['keydown', 'input', 'paste']) "
        "addEventListener(kind, ({ key }) => heard.push(key ?? kind)); "
        "return [Object.keys(window).sort(), JSON.stringify({ ...getComputedStyle(document.querySelector('#text')) })]; }"
    )
    chat = open_panel_without_going(page)
    chat.box.press_sequentially("/s")
    chat.box.fill("")
    chat.ask(question)
    after = page.evaluate(
        "() => [Object.keys(window).sort(), JSON.stringify({ ...getComputedStyle(document.querySelector('#text')) })]"
    )
    assert after == before
    assert page.evaluate("heard") == []
    assert page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 1
    assert page.evaluate("document.body.querySelectorAll('elo-button').length") == 1


def open_panel_without_going(page: Page) -> Chat:
    page.locator("elo-button .elo > button").click()
    chat = Chat(page)
    expect(chat.box).to_be_visible()
    return chat


def test_before_the_first_press_only_the_button_is_loaded(page: Page, site: ForeignSite, live_guide: LiveGuide) -> None:
    loaded: list[str] = []
    page.on("response", lambda response: loaded.append(response.url) if response.url.startswith(live_guide.url) else None)
    page.goto(site.show("/light", tag(live_guide.url)))
    expect(page.locator("elo-button .elo > button")).to_be_visible()
    names = sorted(address.rpartition("/")[2] for address in loaded)
    assert names == ["button-fi.json", "button.css", "start.js", "widget.js"]


def test_a_chat_that_cannot_be_loaded_says_so_and_the_next_press_tries_again(
    page: Page, site: ForeignSite, live_guide: LiveGuide
) -> None:
    page.route("**/chat-fi.json", lambda route: route.abort())
    page.goto(site.show("/broken", tag(live_guide.url)))
    button = page.locator("elo-button .elo > button")
    button.click()
    expect(button).to_have_text("Keskustelu ei avautunut. Paina uudelleen.")
    page.unroute_all()
    button.click()
    expect(Chat(page).box).to_be_visible()
    expect(button).to_have_text("Sulje ELO-opas")


def test_a_script_that_does_not_arrive_once_is_asked_for_again(page: Page, site: ForeignSite, live_guide: LiveGuide) -> None:
    page.route("**/chat.js", lambda route: route.abort())
    page.goto(site.show("/no-script", tag(live_guide.url)))
    button = page.locator("elo-button .elo > button")
    button.click()
    expect(button).to_have_text("Keskustelu ei avautunut. Paina uudelleen.")
    with page.expect_request("**/chat.js?1"):
        button.click()
    expect(Chat(page).box).to_be_visible()


def test_a_script_that_comes_before_the_page_is_read_waits_for_the_page(
    page: Page, site: ForeignSite, live_guide: LiveGuide
) -> None:
    held: list[Route] = []
    page.route("**/slow.js", lambda route: held.append(route))
    early = tag(live_guide.url).replace("<script", "<script async") + "<script src='/slow.js'></script>"
    page.goto(site.show("/early", "<elo-chat></elo-chat>", head=early), wait_until="commit")
    page.wait_for_function("customElements.get('elo-button') !== undefined", polling=100)  # nothing is painted yet
    held[0].fulfill(content_type="text/javascript", body="")
    expect(Chat(page).box).to_be_visible()
    expect(page.locator("elo-button")).to_have_count(0)


def test_what_stands_inside_the_element_is_seen_until_the_chat_is_there(
    page: Page, site: ForeignSite, live_guide: LiveGuide
) -> None:
    page.route("**/chat.js", lambda route: route.abort())
    page.goto(site.show("/inside", "<elo-chat><a href='/yhteys'>Ota yhteyttä</a></elo-chat>" + tag(live_guide.url)))
    expect(page.get_by_role("link", name="Ota yhteyttä")).to_be_visible()


def test_an_open_panel_stays_open_on_the_next_page_and_takes_no_focus(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str
) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    chat = open_panel(page, site.show("/one", tag(live_guide.url)))
    chat.ask(question)
    page.goto(site.show("/two", "<a href='/one'>Takaisin</a>" + tag(live_guide.url)))
    expect(chat.answers).to_have_count(1)
    assert page.evaluate("document.activeElement === document.body")
    chat.frame.locator("button.close").click()
    expect(chat.box).to_be_hidden()
    page.reload()
    expect(page.locator("elo-button .elo > button")).to_be_visible()
    expect(page.locator("elo-chat")).to_have_count(0)


def test_a_municipality_that_is_not_known_does_not_stop_the_conversation(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    chat = open_panel(page, site.show("/oulu", tag(live_guide.url, municipality="oulu")))
    with page.expect_response(lambda response: response.url.endswith("/messages")):
        chat.write(question)
    expect(chat.answers).to_have_count(1)
    assert any("oulu" in line and line.startswith("ELO Guide:") for line in said)


@pytest.mark.parametrize(
    ("colour", "scheme"), [("#ffe600", "light"), ("#cfe8ff", "light"), ("#003580", "dark"), ("#b00", "light")]
)
def test_a_municipality_colour_is_used_and_made_readable(
    page: Page, site: ForeignSite, live_guide: LiveGuide, colour: str, scheme: str
) -> None:
    styles = f"elo-button, elo-chat {{ --elo-accent: {colour}; }}"
    chat = open_panel(page, site.show("/colour", tag(live_guide.url, theme=scheme), styles=styles))
    used = chat.frame.evaluate("element => element.style.getPropertyValue('--accent')")
    accent = _numbers(used)
    grounds = [_numbers(chat.frame.locator(place).evaluate(GROUND)) for place in (".welcome", ":scope")]
    letters = _numbers(chat.frame.locator(".send").evaluate("element => getComputedStyle(element).color"))
    contrasts = [contrast(accent, other) for other in (*grounds, letters)]
    assert min(contrasts) >= 4.5
    if colour == "#b00":
        assert used == "rgb(187, 0, 0)"


@pytest.mark.parametrize("colour", ["none", "rgb(0 0 0 / 30%)", "url(x)", "}"])
def test_what_is_no_opaque_colour_leaves_the_default(page: Page, site: ForeignSite, live_guide: LiveGuide, colour: str) -> None:
    chat = open_panel(page, site.show("/no-colour", tag(live_guide.url), styles=f"elo-button {{ --elo-accent: {colour}; }}"))
    assert chat.frame.evaluate("element => element.style.getPropertyValue('--accent')") == ""
    assert chat.frame.locator(".send").evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(20, 90, 95)"


def test_a_page_whose_origin_is_not_allowed_says_that_the_service_cannot_be_reached(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str
) -> None:
    """The script is loaded from anywhere; the browser keeps the API from a page that is not in ELO_ALLOWED_ORIGINS."""
    address = site.show("/stranger", tag(live_guide.url)).replace("localhost", "127.0.0.1")
    chat = open_panel(page, address)
    chat.write(question)
    expect(chat.notice).to_contain_text("Yritetään uudelleen")
    expect(chat.waiting).to_have_count(1)


def _numbers(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour))
    return red, green, blue
