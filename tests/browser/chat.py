"""What people see and do in the chat, wherever it stands. Playwright looks through shadow roots by itself."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

LANGUAGES = ("fi", "en", "sv", "ru", "uk", "ar")


def is_sending(response: Response) -> bool:
    """Whether this is the reply to a message."""
    return response.request.method == "POST" and response.url.endswith("/messages")


class Chat:
    """The chat on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame = page.locator("elo-chat .elo")
        self.box = self.frame.locator("textarea")
        self.log = self.frame.get_by_role("log")
        self.mine = self.frame.locator("article[data-sender=newcomer]")
        self.replies = self.frame.locator("article[data-sender=bot][data-status]")
        self.answers = self.frame.locator("article[data-status=answered]")
        self.waiting = self.frame.locator("article[data-waiting]")
        self.welcome = self.frame.locator(".welcome")
        self.notice = self.frame.locator(".notice")
        self.dialog = self.frame.locator("dialog")

    def article(self, message: dict[str, Any]) -> Locator:
        """The element of one message."""
        return self.frame.locator(f'article[data-id="{message["id"]}"]')

    def write(self, text: str) -> None:
        """Type and send, without waiting for anything."""
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> dict[str, Any]:
        """Type and send; the replies once they are shown."""
        with self.page.expect_response(is_sending) as sent:
            self.write(text)
        return self._shown(sent.value)

    def press(self, button: Locator) -> dict[str, Any]:
        """Press a button that sends something; the replies once they are shown."""
        with self.page.expect_response(is_sending) as sent:
            button.click()
        return self._shown(sent.value)

    def _shown(self, response: Response) -> dict[str, Any]:
        replies: dict[str, Any] = response.json()
        for message in [replies["received"], *replies["messages"]]:
            expect(self.article(message)).to_be_attached()
        return replies

    def from_menu(self, deed: str) -> None:
        """Choose something from the menu."""
        self.frame.locator("#menu summary").click()
        self.frame.locator(f'[data-do="{deed}"]').first.click()

    def speak(self, language: str) -> None:
        """Switch the language, and wait until the words are there."""
        self.frame.locator("#languages summary").click()
        self.frame.locator(f"#languages button[value={language}]").click()
        expect(self.frame).to_have_attribute("lang", language)

    def remembered(self, store: str = "sessionStorage") -> dict[str, Any]:
        """What the browser keeps for the widget."""
        kept = self.page.evaluate(f"Object.entries({store}).filter(([name]) => name.startsWith('elo-guide:'))")
        return {name.removeprefix("elo-guide:"): json.loads(value) for name, value in kept}

    def key(self, store: str = "sessionStorage") -> dict[str, str]:
        """Id and token of the conversation."""
        key: dict[str, str] = self.remembered(store)["key"]
        return key

    def ids(self) -> list[int]:
        """The ids of the messages as they stand from top to bottom."""
        found: list[int] = self.frame.locator("article[data-id]").evaluate_all("all => all.map(each => Number(each.dataset.id))")
        return found


def open_chat(page: Page, address: str) -> Chat:
    """Go to a page that holds the chat, and wait until it can be used."""
    page.goto(address)
    chat = Chat(page)
    expect(chat.box).to_be_visible()
    return chat


def open_panel(page: Page, address: str) -> Chat:
    """Go to a page that carries the button, and press it."""
    page.goto(address)
    page.locator("elo-button .elo > button").click()
    chat = Chat(page)
    expect(chat.box).to_be_visible()
    return chat
