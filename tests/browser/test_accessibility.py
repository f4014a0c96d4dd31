"""WCAG 2.2 AA, as far as a machine can tell: axe-core in every language and direction, reading order, the keyboard."""

from __future__ import annotations

import json
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import LANGUAGES, Chat, is_sending, open_chat, open_panel
from tests.browser.foreign_site import ForeignSite, strict_policy, tag
from tests.live_guide import LiveGuide

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.fixture(scope="session")
def full_conversation(api: httpx.Client, question: str, vague: str) -> dict[str, str]:
    """A conversation with every kind of message in it: its key."""
    begun = api.post("/api/v1/conversations", json={"language": "fi"}).json()
    for number, text in enumerate([question, vague, "Haluan puhua ihmiselle", "mun mies hakkaa mua", question]):
        api.post(
            f"/api/v1/conversations/{begun['id']}/messages",
            headers={"Authorization": f"Bearer {begun['token']}"},
            json={"text": text, "client_id": f"axe-{number}"},
        ).raise_for_status()
    return {"id": begun["id"], "token": begun["token"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_either_direction_in_light_and_dark(
    chromium: Browser, site: ForeignSite, live_guide: LiveGuide, full_conversation: dict[str, str], language: str
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    key = json.dumps(json.dumps(full_conversation))
    page.add_init_script(f"if (!sessionStorage['elo-guide:key']) sessionStorage['elo-guide:key'] = {key};")
    chat = open_panel(page, site.show("/axe", tag(live_guide.url, lang=language), lang=language))
    expect(chat.mine).to_have_count(5)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(chat.frame).to_have_attribute("data-scheme", scheme)
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
            assert violations(page) == [], (scheme, direction)
    context.close()


@pytest.mark.parametrize("state", ["first view", "menu", "languages", "about", "erase", "too long"])
def test_axe_finds_nothing_in_what_opens(chat: Chat, question: str, state: str) -> None:
    if state == "erase":
        chat.ask(question)
    if state in ("about", "erase"):
        chat.from_menu(state)
    elif state == "too long":
        chat.box.fill("a" * 2001)
    elif state != "first view":
        chat.frame.locator(f"#{state} summary").click()
    assert violations(chat.page) == []


def test_the_pages_without_a_chat_have_no_violations(page: Page, live_guide: LiveGuide) -> None:
    for language in ("fi", "ar"):
        page.goto(f"{live_guide.url}/privacy?lang={language}")
        assert violations(page) == []


def test_the_accessibility_tree_is_read_in_the_order_of_the_conversation(chat: Chat, question: str, vague: str) -> None:
    chat.ask(question)
    choice = chat.ask(vague)["messages"][0]
    tree = chat.frame.aria_snapshot()
    order = [
        'heading "ELO-opas',
        "Kieli: Suomi",
        "Valikko",
        'region "Keskustelu"',
        'log "Keskustelu"',
        'heading "Sinä"',
        question,
        'heading "Lähteet"',
        'group "Oliko vastauksesta apua?"',
        'button "Kopioi"',
        'heading "Sinä"',
        vague,
        f'button "{choice["buttons"][0]["title"]}"',
        'textbox "Kirjoita kysymyksesi"',
        'button "Lähetä"',
    ]
    at = 0
    for part in order:
        at = tree.find(part, at)
        assert at >= 0, f"{part!r} does not come in its place in:\n{tree}"
        at += len(part)


def test_a_screen_reader_is_told_each_message_once_and_nothing_of_the_past(chat: Chat, question: str) -> None:
    listen = """log => {
      window.told = [];
      new MutationObserver(changes => {
        if (log.getAttribute("aria-live") === "off") return;
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        told.push(...added.filter(node => node.localName === "article").map(node => node.dataset.sender));
      }).observe(log, { childList: true, subtree: true });
    }"""
    chat.log.evaluate(listen)
    chat.ask(question)
    chat.ask("kiitos")
    expect(chat.waiting).to_have_count(0)
    chat.speak("en")
    expect(chat.mine).to_have_count(3)
    expect(chat.waiting).to_have_count(0)
    expect(chat.replies).to_have_count(3)
    assert chat.page.evaluate("told") == ["newcomer", "bot"] * 3
    chat.page.add_init_script(
        "window.live = []; const attach = Element.prototype.attachShadow; Element.prototype.attachShadow = function (how) { "
        "const root = attach.call(this, how); new MutationObserver(changes => { for (const { target, addedNodes } of changes) "
        "for (const node of addedNodes) if (node.localName === 'article') live.push(target.getAttribute('aria-live')); })"
        ".observe(root, { childList: true, subtree: true }); return root; }"
    )
    chat.page.reload()
    expect(chat.mine).to_have_count(3)
    assert set(chat.page.evaluate("live")) == {"off"}


@pytest.mark.parametrize("screen", [(360, 740), (1280, 800)], ids=["phone", "desktop"])
def test_the_keyboard_alone_is_enough(
    page: Page, site: ForeignSite, live_guide: LiveGuide, question: str, screen: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.goto(site.show("/keys", "<a href='#'>Linkki</a>" + tag(live_guide.url), policy=strict_policy(live_guide.url)))
    button = page.locator("elo-button .elo > button")
    expect(button).to_be_visible()
    keyboard, chat = page.keyboard, Chat(page)
    for _ in range(2):
        keyboard.press("Tab")
    expect(button).to_be_focused()
    keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    with page.expect_response(is_sending):
        keyboard.type(question)
        keyboard.press("Enter")
    expect(chat.answers).to_have_count(1)
    expect(chat.box).to_be_focused()

    share = chat.answers.locator('[data-do="share"]')
    keyboard.press("Shift+Tab")
    expect(share).to_be_focused()
    expect(share).to_be_in_viewport()
    for _ in range(2):
        keyboard.press("Shift+Tab")
    last = chat.answers.locator(".feedback button").last
    expect(last).to_be_focused()
    with page.expect_response(is_sending):
        keyboard.press("Enter")
    expect(last).to_be_focused()

    chat.frame.locator("#languages summary").focus()
    keyboard.press("Enter")
    expect(chat.frame.locator("#languages")).to_have_attribute("open", "")
    keyboard.press("Escape")
    expect(chat.frame.locator("#languages")).not_to_have_attribute("open", "")
    expect(chat.frame.locator("#languages summary")).to_be_focused()
    keyboard.press("Tab")
    expect(chat.frame.locator("#menu summary")).to_be_focused()
    for key in ("Enter", "Tab", "Enter"):
        keyboard.press(key)
    expect(chat.dialog).to_be_visible()
    keyboard.press("Escape")
    expect(chat.dialog).to_have_count(0)
    expect(chat.frame.locator("#menu summary")).to_be_focused()
    keyboard.press("Escape")
    expect(chat.box).to_be_hidden()
    expect(button).to_be_focused()


def test_everything_to_press_is_large_enough(chat: Chat, question: str) -> None:
    chat.ask(question)
    chat.frame.locator("#menu summary").click()
    small = chat.frame.evaluate(
        """frame => [...frame.querySelectorAll("button, summary, textarea, input")]
          .filter(each => each.checkVisibility()).map(each => [each.textContent.trim(), each.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 44 || height < 44).map(([text]) => text)"""
    )
    assert small == []


def test_high_contrast_keeps_shapes_that_colour_alone_would_carry(
    chromium: Browser, live_guide: LiveGuide, question: str
) -> None:
    context = chromium.new_context(locale="fi-FI", forced_colors="active", viewport={"width": 360, "height": 740})
    chat = open_chat(context.new_page(), f"{live_guide.url}/chat")
    chat.ask(question)
    width = "element => getComputedStyle(element).borderTopWidth"
    assert chat.mine.locator(".said").evaluate(width) == "1px"
    assert chat.frame.locator(".send").evaluate(width) == "1px"
    context.close()


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked_for_stillness(
    chromium: Browser, live_guide: LiveGuide, question: str, motion: Any, moves: bool
) -> None:
    context = chromium.new_context(locale="fi-FI", reduced_motion=motion)
    chat = open_chat(context.new_page(), f"{live_guide.url}/chat")
    chat.ask(question)
    assert (chat.answers.evaluate("element => getComputedStyle(element).animationName") != "none") is moves
    context.close()
