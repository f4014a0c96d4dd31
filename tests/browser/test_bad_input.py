"""What comes in bad: a clear word, nothing lost, nothing run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.chat import Chat, is_sending
from tests.browser.test_never_lost import said
from tests.live_guide import LiveGuide

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(1)</script>"
RUNS = f"{IMAGE}{SCRIPT}\"'><svg onload=alert(1)>"


@pytest.fixture(autouse=True)
def nothing_runs(page: Page) -> Any:
    """No script of a message may run: it would open a dialog."""
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield
    assert opened == []


@pytest.mark.parametrize("text", [IMAGE, SCRIPT, "<b>lihava</b> &amp; **tähti**", "javascript:alert(1)", "{{7*7}} ${7*7}"])
def test_html_and_script_are_shown_as_they_were_typed(chat: Chat, text: str) -> None:
    chat.ask(text)
    for _ in ("as sent", "as read back"):
        expect(chat.mine.locator(".said")).to_have_text(text)
        expect(chat.log.locator("img, script, b, svg")).to_have_count(0)
        chat.page.reload()


def test_a_pasted_novel_stays_in_the_box_with_a_clear_word(chat: Chat) -> None:
    novel = "Muutimme Kiteelle, ja sitten… " * 1000
    chat.box.fill(novel)
    expect(chat.frame.locator(".length")).to_contain_text("merkkiä liikaa")
    chat.box.press("Enter")
    chat.frame.locator(".send").click()
    expect(chat.box).to_have_value(novel)
    expect(chat.box).to_have_attribute("aria-invalid", "true")
    expect(chat.mine).to_have_count(0)
    chat.box.fill("a" * 1999)
    expect(chat.frame.locator(".length")).to_have_text("1 merkki jäljellä")
    chat.box.press("Enter")
    expect(chat.mine).to_have_count(1)


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_sent_of_an_empty_message_and_a_word_says_so(chat: Chat, text: str) -> None:
    chat.box.fill(text)
    chat.frame.locator(".send").click()
    expect(chat.notice).to_have_text("Kirjoita ensin kysymys.")
    expect(chat.mine).to_have_count(0)
    expect(chat.box).to_be_focused()


def test_what_the_service_cannot_read_comes_back_into_the_box(chat: Chat, question: str) -> None:
    unseen = "\u200b\u200c\u200d"
    chat.write(unseen)
    expect(chat.notice).to_contain_text("Viestiä ei voi lukea")
    expect(chat.mine).to_have_count(0)
    expect(chat.box).to_have_value(unseen)
    chat.ask(question)


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_files_are_refused_with_a_word_and_the_page_stays(chat: Chat, how: str) -> None:
    address = chat.page.url
    prevented = chat.box.evaluate(
        """(box, how) => {
          const files = new DataTransfer();
          files.items.add(new File(["x"], "passi.pdf", { type: "application/pdf" }));
          const travels = { bubbles: true, cancelable: true, composed: true };
          const event = how === "drop" ? new DragEvent("drop", { dataTransfer: files, ...travels })
            : new ClipboardEvent("paste", { clipboardData: files, ...travels });
          return !box.dispatchEvent(event);
        }""",
        how,
    )
    assert prevented
    expect(chat.notice).to_contain_text("Tiedostoja ei voi lähettää")
    assert chat.page.url == address


def test_a_double_click_on_send_sends_once(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    chat.box.fill(question)
    with chat.page.expect_response(is_sending):
        chat.frame.locator(".send").dblclick()
    expect(chat.answers).to_have_count(1)
    expect(chat.mine).to_have_count(1)
    assert said(live_guide, chat) == [question]


def test_a_hundred_quick_messages_all_arrive_once_and_in_order(chat: Chat, live_guide: LiveGuide) -> None:
    texts = [f"kiitos {number}" for number in range(100)]
    chat.box.evaluate(
        """(box, texts) => { for (const text of texts) {
          box.value = text;
          box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        } }""",
        texts,
    )
    expect(chat.mine).to_have_count(100)
    while left := chat.waiting.count():  # A busy machine takes its time: what counts is that they go on.
        expect(chat.waiting).not_to_have_count(left, timeout=30_000)
    assert said(live_guide, chat) == texts
    assert chat.ids() == sorted(chat.ids())


KEPT_AS_IT_IS = {"id", "client_id", "sender", "kind", "status", "checked_on", "opens", "closes"}
HTML = (
    f'{IMAGE}{SCRIPT}<p onclick="alert(1)" style="position:fixed">a</p><a href="javascript:alert(1)">b</a>'
    '<a href=\'https://x" onmouseover="alert(1)\'>c</a><iframe src="javascript:alert(1)"></iframe>'
    "<p>&lt;img src=x onerror=alert(1)&gt; &constructor; &toString;"
)


def hostile(value: Any, name: str = "") -> Any:
    """The same shape with something hostile in every field of text."""
    if isinstance(value, dict):
        return {key: hostile(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [hostile(each, name) for each in value]
    if name in KEPT_AS_IT_IS or isinstance(value, bool | int | float):
        return value
    if name == "html":
        return HTML
    if name in ("url", "href", "website"):
        return "javascript:alert(1)//" + RUNS
    return RUNS


def test_hostile_content_in_every_field_is_only_text(chat: Chat, question: str) -> None:
    def poison(route: Route) -> None:
        reply = json.loads(route.fetch().text())
        for message in reply["messages"]:
            contacts = message["answer"]["contacts"] if message.get("answer") else []
            message["expert"] = {"recommended": True, "reason": "own_case", "contacts": contacts}
            message["alternatives"] = [{"id": "a", "topic": "b", "title": "c"}]
            for contact in contacts:
                contact["phones"] = [{"number": "1", "href": "tel:1", "label": "x"}]
                contact["email"] = contact["address"] = contact["note"] = "x"
        route.fulfill(json={"received": hostile(reply["received"]), "messages": hostile(reply["messages"])})

    chat.page.route("**/events", lambda route: route.abort())
    chat.page.route("**/messages", poison)
    chat.write(question)
    shown = chat.frame.locator("article[data-sender=bot][data-kind=answer]")
    expect(shown).to_be_visible()
    expect(shown.locator("img, script, iframe, svg, [onclick], [onmouseover], [style]")).to_have_count(0)
    addresses = shown.locator("a").evaluate_all("all => all.map(each => each.protocol)")
    assert "javascript:" not in addresses
    expect(shown).to_contain_text(f"{IMAGE} &constructor; &toString;")
    for each in shown.locator("button").all():
        expect(each).to_be_enabled()
