"""Easy Finnish in the widget and in Telegram."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat, open_chat, open_panel
from tests.browser.foreign_site import ForeignSite, tag
from tests.browser.telegram_side import TelegramSide
from tests.easy_answer import QUESTION, TEXT, TITLE, WITHOUT
from tests.live_guide import LiveGuide

INTRO = "Autan sinua, kun muutat Pohjois-Karjalaan."
LANGUAGES_OF_ALL = "element => [...element.querySelectorAll('[lang]'), element].map((each) => each.lang)"


@pytest.fixture
def chat(page: Page, connected_guide: LiveGuide) -> Chat:
    return open_chat(page, f"{connected_guide.url}/chat")


def in_easy_finnish(chat: Chat) -> None:
    """The widget's own words are."""
    expect(chat.frame.locator(".language-now")).to_have_text("Selkosuomi")
    expect(chat.frame).to_have_attribute("lang", "fi")
    expect(chat.frame).to_have_attribute("dir", "ltr")
    assert chat.page.evaluate("document.documentElement.lang") == "fi"
    assert "fi-easy" not in chat.frame.evaluate(LANGUAGES_OF_ALL)


def choose(chat: Chat) -> None:
    chat.frame.locator("#languages summary").click()
    chat.frame.get_by_role("button", name="Selkosuomi").click()


def test_it_is_chosen_in_the_menu_and_stays(chat: Chat) -> None:
    choose(chat)
    expect(chat.welcome).to_contain_text(INTRO)
    in_easy_finnish(chat)
    chat.ask(QUESTION)
    answer = chat.answers.last
    expect(answer.get_by_role("heading").first).to_have_text(TITLE)
    expect(answer.locator(".body")).to_have_text(TEXT)
    expect(answer.locator(".lead")).to_have_count(0)
    chat.ask(WITHOUT)
    expect(chat.answers.last.locator(".lead")).to_contain_text("ei ole vielä selkosuomeksi")
    expect(chat.answers.last.locator(".lead")).to_have_attribute("lang", "fi")
    chat.page.reload()
    expect(chat.answers).to_have_count(2)
    in_easy_finnish(chat)
    current = chat.frame.locator("#languages [aria-current=true]")
    expect(current).to_have_count(1)
    expect(current).to_have_attribute("value", "fi-easy")


def test_it_is_chosen_in_the_middle_of_a_conversation(chat: Chat) -> None:
    chat.ask(QUESTION)
    expect(chat.answers.last.locator(".body")).not_to_have_text(TEXT)
    choose(chat)
    expect(chat.replies.last).to_contain_text("Vastaan nyt selkosuomeksi")
    chat.ask(QUESTION)
    expect(chat.answers.last.locator(".body")).to_have_text(TEXT)
    chat.speak("en")
    expect(chat.replies.last).to_contain_text("English")


def test_the_language_of_the_widget_can_be_chosen_for_the_conversation_too(chat: Chat) -> None:
    """Somebody wrote English in a Finnish widget, and wants Finnish after all."""
    expect(chat.frame).to_have_attribute("lang", "fi")
    chat.ask("How do I get a library card?")
    expect(chat.answers.last.locator(".body")).to_have_attribute("lang", "en")
    chat.frame.locator("#languages summary").click()
    chat.press(chat.frame.locator("#languages button[value=fi]"))
    expect(chat.replies.last).to_contain_text("jatketaan suomeksi")


def test_a_page_may_wish_for_it(page: Page, connected_guide: LiveGuide) -> None:
    chat = open_chat(page, f"{connected_guide.url}/chat?lang=fi-easy")
    expect(chat.welcome).to_contain_text(INTRO)
    in_easy_finnish(chat)
    assert chat.ask(QUESTION)["messages"][0]["text"] == TEXT


def test_the_button_on_a_page_passes_the_wish_on(page: Page, site: ForeignSite, connected_guide: LiveGuide) -> None:
    chat = open_panel(page, site.show("/easy", tag(connected_guide.url, lang="fi-easy")))
    expect(chat.welcome).to_contain_text(INTRO)
    in_easy_finnish(chat)
    expect(page.locator("elo-button > .elo, elo-button .elo").first).to_have_attribute("lang", "fi")
    chat.speak("sv")
    expect(chat.welcome).not_to_contain_text(INTRO)


def test_in_telegram(connected_guide: LiveGuide, telegram: TelegramSide) -> None:
    person = telegram.person()
    person.write("/start")
    person.hears("Olen ELO-opas")
    person.write("/language")
    titles = [each["text"] for each in person.hears("Millä kielellä").buttons]
    assert titles[:3] == ["Suomi", "Selkosuomi", "English"]
    person.press("Selkosuomi")
    person.hears("Vastaan nyt selkosuomeksi")
    person.write(QUESTION)
    assert TEXT in person.hears(TITLE).text
    person.write(WITHOUT)
    person.hears("ei ole vielä selkosuomeksi")
    person.write("suomeksi kiitos")
    person.hears("jatketaan suomeksi")
