"""What a newcomer can do on the chat page. Tests stand on statuses, elements and the API, not on the words of answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, Response, Route, expect

from tests.live_guide import LiveGuide

PLAIN = ("Miten saan Kela-kortin?", "Mistä saan verokortin?", "Miten haen lapselle päivähoitopaikkaa?", "Mikä on kotikunta?")
VAGUE = ("Milloin minun pitää hakea jatkolupaa?", "lupa", "suomen kurssi", "Kela", "perhe", "verokortti")
HOSTILE = "<img src=x onerror=alert(1)>"

ANSWER = "article[data-status=answered]"
MINE = "article[data-sender=newcomer]"
BOT = "article[data-sender=bot]"


def _first_that_is(status: str, questions: tuple[str, ...], api: httpx.Client) -> str:
    """The first of ``questions`` that comes to ``status`` with the content of today."""
    for question in questions:
        if api.post("/api/v1/ask", json={"question": question, "language": "fi"}).json()["status"] == status:
            return question
    pytest.fail(f"None of the questions comes to {status!r}: {questions}")


@pytest.fixture(scope="module")
def question(api: httpx.Client) -> str:
    """A question in Finnish that has an answer."""
    return _first_that_is("answered", PLAIN, api)


@pytest.fixture(scope="module")
def vague(api: httpx.Client) -> str:
    """A question in Finnish that several answers fit."""
    return _first_that_is("clarify", VAGUE, api)


@pytest.fixture
def chat(page: Page, live_guide: LiveGuide) -> Page:
    """The chat page, opened for the first time."""
    page.goto(live_guide.url)
    expect(page.locator("#welcome h2")).not_to_be_empty()
    return page


def _is_sending(response: Response) -> bool:
    return response.request.method == "POST" and response.url.endswith("/messages")


def ask(page: Page, text: str) -> dict[str, Any]:
    """Types and sends ``text``; the replies once they are shown."""
    with page.expect_response(_is_sending) as sent:
        page.get_by_role("textbox").fill(text)
        page.get_by_role("textbox").press("Enter")
    return _shown(page, sent.value)


def press(page: Page, selector: str) -> dict[str, Any]:
    """Presses a button that sends something; the replies once they are shown."""
    with page.expect_response(_is_sending) as sent:
        page.locator(selector).click()
    return _shown(page, sent.value)


def _shown(page: Page, response: Response) -> dict[str, Any]:
    replies: dict[str, Any] = response.json()
    for message in [replies["received"], *replies["messages"]]:
        expect(page.locator(f'article[data-id="{message["id"]}"]')).to_be_visible()
    return replies


def kept(page: Page) -> dict[str, Any]:
    """What the page keeps for a reload."""
    stored: dict[str, Any] = json.loads(page.evaluate("sessionStorage.getItem('elo-guide')"))
    return stored


def authorization(page: Page) -> dict[str, str]:
    return {"Authorization": f"Bearer {kept(page)['key']['token']}"}


def conversation_url(guide: LiveGuide, page: Page) -> str:
    return f"{guide.url.rstrip('/')}/api/v1/conversations/{kept(page)['key']['id']}"


def test_the_first_view_says_what_it_is_and_begins_nothing(chat: Page) -> None:
    expect(chat.locator("#welcome .note")).to_be_visible()
    expect(chat.get_by_role("textbox")).to_be_focused()
    expect(chat.locator("html")).to_have_attribute("lang", "fi")
    assert kept(chat)["key"] is None


def test_an_answer_shows_its_source_its_date_and_whether_it_was_reviewed(chat: Page, question: str) -> None:
    answer = ask(chat, question)["messages"][0]["answer"]
    shown = chat.locator(ANSWER)
    expect(shown.get_by_role("heading", level=2)).to_have_text(answer["title"])
    expect(shown.locator(".body")).to_have_attribute("lang", "fi")
    sources = shown.locator(".sources li")
    expect(sources).to_have_count(len(answer["sources"]))
    for shown_source, source in zip(sources.all(), answer["sources"], strict=True):
        expect(shown_source.locator("time")).to_have_attribute("datetime", source["checked_on"])
        expect(shown_source.locator("time")).to_contain_text(source["checked_on"][:4])
        if source["url"]:
            expect(shown_source.locator("a")).to_have_attribute("href", source["url"])
    expect(shown.locator(".draft")).to_have_count(0 if answer["reviewed"] else 1)
    expect(chat.get_by_role("textbox")).to_be_focused()
    expect(chat.get_by_role("textbox")).to_have_value("")


def test_a_contact_stands_once_in_a_message_and_its_phone_can_be_dialled(chat: Page) -> None:
    message = ask(chat, "Haluan puhua ihmiselle")["messages"][0]
    contacts = message["expert"]["contacts"]
    shown = chat.locator(f'article[data-id="{message["id"]}"]')
    expect(shown.locator(".card")).to_have_count(len({contact["id"] for contact in contacts}))
    for contact in contacts:
        card = shown.locator(f'[data-contact="{contact["id"]}"]')
        expect(card.locator("strong")).to_have_text(contact["name"])
        for phone in contact["phones"]:
            expect(card.locator(f'a[href="{phone["href"]}"]')).to_contain_text(phone["number"])


def test_a_choice_leads_to_its_answer(chat: Page, vague: str) -> None:
    message = ask(chat, vague)["messages"][0]
    buttons = chat.locator(f'article[data-id="{message["id"]}"] .buttons button')
    expect(buttons).to_have_count(len(message["buttons"]))
    for title in message["alternatives"]:
        expect(buttons.filter(has_text=title["title"])).not_to_have_count(0)
    replies = press(chat, f'article[data-id="{message["id"]}"] .buttons button >> nth=0')
    assert replies["received"]["text"] == message["buttons"][0]["title"]
    assert replies["messages"][0]["answer"]["id"] == message["alternatives"][0]["id"]


def test_a_reload_keeps_the_conversation(chat: Page, question: str) -> None:
    ask(chat, question)
    before, key = chat.locator("article").all_inner_texts(), kept(chat)["key"]
    chat.reload()
    expect(chat.locator("article")).to_have_text([chat_text.strip() for chat_text in before], use_inner_text=True)
    expect(chat.locator("#welcome")).to_be_hidden()
    ask(chat, "kiitos")
    assert kept(chat)["key"] == key


def test_arabic_turns_the_page_right_to_left(chat: Page, question: str) -> None:
    ask(chat, question)
    chat.locator("#languages summary").click()
    reply = press(chat, "#languages button[lang=ar]")["messages"][0]
    expect(chat.locator("html")).to_have_attribute("dir", "rtl")
    expect(chat.locator("html")).to_have_attribute("lang", "ar")
    expect(chat.locator(f'article[data-id="{reply["id"]}"] .body')).to_have_attribute("dir", "rtl")
    box, button = chat.get_by_role("textbox").bounding_box(), chat.locator("#send").bounding_box()
    assert box is not None
    assert button is not None
    assert button["x"] < box["x"]
    assert chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(chat.locator(f"{ANSWER} .body")).to_have_attribute("dir", "ltr")
    chat.reload()
    expect(chat.locator("html")).to_have_attribute("dir", "rtl")


def test_hostile_text_is_shown_as_text(chat: Page) -> None:
    dialogs: list[str] = []

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    chat.on("dialog", note)
    ask(chat, HOSTILE)
    for _ in ("as sent", "as read back"):
        expect(chat.locator(f"{MINE} .said")).to_have_text(HOSTILE)
        expect(chat.locator("main img")).to_have_count(0)
        chat.reload()
    assert dialogs == []


def test_the_keyboard_is_enough(chat: Page, question: str) -> None:
    keyboard = chat.keyboard
    with chat.expect_response(_is_sending) as asked:
        keyboard.type(question)
        keyboard.press("Enter")
    _shown(chat, asked.value)

    last = chat.locator(f"{ANSWER} .buttons button").last
    keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    with chat.expect_response(_is_sending) as pressed:
        keyboard.press("Enter")
    _shown(chat, pressed.value)
    expect(last).to_be_focused()

    chat.locator("#languages summary").focus()
    keyboard.press("Enter")
    expect(chat.locator("#languages")).to_have_attribute("open", "")
    keyboard.press("Escape")
    expect(chat.locator("#languages")).not_to_have_attribute("open", "")
    expect(chat.locator("#languages summary")).to_be_focused()
    keyboard.press("Tab")
    expect(chat.locator("#menu summary")).to_be_focused()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        keyboard.press(key)
    expect(chat.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.get_by_role("dialog")).to_be_hidden()
    expect(chat.get_by_role("textbox")).to_be_focused()
    expect(chat.locator(ANSWER)).to_be_visible()


def test_shift_and_enter_begins_a_line(chat: Page) -> None:
    box = chat.get_by_role("textbox")
    box.press_sequentially("hei")
    box.press("Shift+Enter")
    expect(box).to_have_value("hei\n")
    expect(chat.locator(MINE)).to_have_count(0)


def test_erasing_is_confirmed_and_leaves_nothing(chat: Page, live_guide: LiveGuide, question: str) -> None:
    ask(chat, question)
    url, headers = conversation_url(live_guide, chat), authorization(chat)
    chat.locator("#menu summary").click()
    chat.locator("#erase").click()
    chat.locator("#erase-dialog [value=cancel]").click()
    assert chat.request.get(f"{url}/messages", headers=headers).ok

    chat.locator("#menu summary").click()
    chat.locator("#erase").click()
    with chat.expect_response(lambda response: response.request.method == "DELETE") as erased:
        chat.locator("#erase-dialog [value=erase]").click()
    assert erased.value.status == 204
    expect(chat.locator("article")).to_have_count(0)
    expect(chat.locator(".notice")).to_be_visible()
    assert kept(chat)["key"] is None
    assert chat.request.get(f"{url}/messages", headers=headers).status in (403, 404)
    chat.reload()
    expect(chat.locator("#welcome")).to_be_visible()
    expect(chat.locator("article")).to_have_count(0)


def test_starting_over_begins_another_conversation(chat: Page, question: str) -> None:
    ask(chat, question)
    first = kept(chat)["key"]["id"]
    chat.locator("#menu summary").click()
    chat.locator("#start-over").click()
    expect(chat.locator("article")).to_have_count(0)
    expect(chat.get_by_role("textbox")).to_be_focused()
    ask(chat, question)
    assert kept(chat)["key"]["id"] != first


def test_a_lost_reply_is_fetched_again_without_a_second_turn(chat: Page, live_guide: LiveGuide, question: str) -> None:
    client_ids: list[str] = []

    def lose_the_first_reply(route: Route) -> None:
        client_ids.append(route.request.post_data_json["client_id"])
        if len(client_ids) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    chat.route("**/events", lambda route: route.abort())
    chat.route(lambda url: url.endswith("/messages"), lose_the_first_reply)
    ask(chat, question)
    assert len(client_ids) == 2
    assert len(set(client_ids)) == 1
    expect(chat.locator(MINE)).to_have_count(1)
    expect(chat.locator(ANSWER)).to_have_count(1)
    history = chat.request.get(f"{conversation_url(live_guide, chat)}/messages", headers=authorization(chat)).json()
    assert [message["sender"] for message in history["messages"]].count("newcomer") == 1


@pytest.mark.parametrize("status", [429, 500])
def test_a_refused_message_can_be_sent_again(chat: Page, status: int, question: str) -> None:
    refused: list[Request] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request)
        route.fulfill(status=status, headers={"Retry-After": "7"}, content_type="application/problem+json", body="{}")

    chat.route(lambda url: url.endswith("/messages"), refuse_once)
    chat.get_by_role("textbox").fill(question)
    chat.locator("#send").click()
    expect(chat.locator(f"{MINE} .failed")).to_be_visible()
    if status == 429:
        expect(chat.locator(f"{MINE} .failed")).to_contain_text("7")
    press(chat, f"{MINE} .failed button")
    expect(chat.locator(f"{MINE} .failed")).to_have_count(0)
    expect(chat.locator(MINE)).to_have_count(1)
    expect(chat.locator(ANSWER)).to_have_count(1)


def test_a_message_that_is_too_long_is_not_lost(chat: Page) -> None:
    chat.get_by_role("textbox").fill("a" * 2001)
    chat.locator("#send").click()
    expect(chat.locator(".notice")).to_be_visible()
    expect(chat.get_by_role("textbox")).to_have_value("a" * 2001)


def test_a_conversation_that_was_erased_elsewhere_gives_way_to_a_new_one(
    chat: Page, live_guide: LiveGuide, question: str
) -> None:
    chat.route("**/events", lambda route: route.abort())
    ask(chat, question)
    assert chat.request.delete(conversation_url(live_guide, chat), headers=authorization(chat)).status == 204
    chat.get_by_role("textbox").fill(question)
    chat.get_by_role("textbox").press("Enter")
    expect(chat.locator(f"{MINE} .failed")).to_be_visible()
    press(chat, f"{MINE} .failed button")
    expect(chat.locator(MINE)).to_have_count(1)
    expect(chat.locator(ANSWER)).to_have_count(1)


def test_messages_of_another_window_come_by_themselves(chat: Page, live_guide: LiveGuide, question: str) -> None:
    ask(chat, question)
    body = {"text": "kiitos", "client_id": "another-window"}
    replies = chat.request.post(f"{conversation_url(live_guide, chat)}/messages", headers=authorization(chat), data=body).json()
    for message in [replies["received"], *replies["messages"]]:
        expect(chat.locator(f'article[data-id="{message["id"]}"]')).to_have_count(1)
    expect(chat.locator(MINE)).to_have_count(2)
    ids = [int(article.get_attribute("data-id") or 0) for article in chat.locator("article").all()]
    assert ids == sorted(ids)
