"""A conversation test held in the widget: words are typed, buttons are pressed, and the chat must show what was replied."""

from __future__ import annotations

import html
import json
import re
import secrets
from http import HTTPStatus
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from bot.messages import Button, Message
from tests.browser.chat import Chat

READ = """article => {
  const at = (part) => {
    const copy = article.querySelector(part)?.cloneNode(true);
    for (const each of copy?.querySelectorAll(".unseen, .contacts") ?? []) each.remove();
    return copy?.textContent ?? "";
  };
  const body = article.querySelector(".body");
  return {
    sender: article.dataset.sender, kind: article.dataset.kind, status: article.dataset.status ?? null,
    title: article.querySelector("h3:not(.unseen, .sender)")?.textContent ?? null, words: at(".lead") + at(".body"),
    language: body.lang, dir: body.dir,
    buttons: [...article.querySelectorAll("[data-payload]")].map((each) => [each.textContent, each.dataset.payload]),
    contacts: [...new Set([...article.querySelectorAll("[data-contact]")].map((each) => each.dataset.contact))].sort(),
    draft: article.querySelector(".draft") !== null,
  };
}"""
"""What stands in the element of a message."""


class WidgetTalk:
    """One conversation, begun with what is known of the newcomer, and taken up in the widget by its private link."""

    def __init__(self, chat: Chat, client: httpx.Client, about: dict[str, str]) -> None:
        self._chat = chat
        self._client = client
        begun = client.post("/api/v1/conversations", json=about).json()
        self._path = f"/api/v1/conversations/{begun['id']}"
        self._headers = {"Authorization": f"Bearer {begun['token']}"}
        chat.page.evaluate("sessionStorage.clear()")
        chat.page.evaluate("link => { location.hash = link; }", f"back={begun['id']}.{begun['token']}")
        expect(chat.article(begun["messages"][0])).to_be_attached()

    def say(self, text: str) -> list[Message]:
        return self._shown(self._chat.ask(text))

    def press(self, payload: str, title: str) -> list[Message]:
        button = self._chat.frame.locator(f"[data-payload={json.dumps(payload)}]").last
        if button.count():
            return self._shown(self._chat.press(button))
        if payload.startswith("/change_language"):
            self._chat.frame.locator("#languages summary").click()
            return self._shown(self._chat.press(self._chat.frame.locator(f"#languages button[value={_carried(payload)}]")))
        # No button of the widget carries it: it comes from another place, and is shown here all the same.
        sent = {"payload": payload, "title": title, "client_id": secrets.token_hex(8)}
        response = self._client.post(f"{self._path}/messages", headers=self._headers, json=sent)
        assert response.status_code == HTTPStatus.OK, response.text
        return self._shown(response.json())

    def is_erased(self) -> bool:
        gone = self._client.get(f"{self._path}/messages", headers=self._headers).status_code == HTTPStatus.NOT_FOUND
        if gone:
            expect(self._chat.notice.get_by_role("button")).to_be_visible()
            assert "key" not in self._chat.remembered()
        return gone

    def _shown(self, replies: dict[str, Any]) -> list[Message]:
        messages = [Message.model_validate(each) for each in replies["messages"]]
        for said, message in zip(replies["messages"], messages, strict=True):
            element = self._chat.article(said)
            expect(element).to_be_attached()
            assert element.evaluate(READ) == _wanted(message)
        return messages


def open_widget(page: Page, url: str) -> Chat:
    """The full page, for one conversation after another."""
    page.goto(f"{url}/chat")
    chat = Chat(page)
    expect(chat.box).to_be_visible()
    return chat


def _wanted(message: Message) -> dict[str, Any]:
    """What must stand in the element of a message."""
    answer, offer = message.answer, message.expert
    cards = [*(offer.contacts if offer and offer.recommended else []), *(answer.contacts if answer else [])]
    words = message.html
    if message.kind == "offer" and cards:  # the cards take the place of the list that names them
        words = re.sub(r"<ul>.*?</ul>", "", words, count=1, flags=re.DOTALL)
    feedback = [each for each in message.buttons if answer and each.payload.startswith("/feedback_")]
    return {
        "sender": message.sender,
        "kind": message.kind,
        "status": message.status,
        "title": answer.title if answer else None,
        "words": html.unescape(re.sub(r"<[^>]*>", "", words)),
        "language": message.language,
        "dir": message.dir,
        "buttons": [[each.title, each.payload] for each in [*_choices(message, feedback), *feedback]],
        "contacts": sorted({each.id for each in cards}),
        "draft": answer is not None and not answer.reviewed,
    }


def _choices(message: Message, feedback: list[Button]) -> list[Button]:
    return [each for each in message.buttons if each not in feedback]


def _carried(payload: str) -> str:
    (value,) = json.loads(payload[payload.index("{") :]).values()
    return str(value)
