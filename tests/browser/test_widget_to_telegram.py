"""One conversation in the widget and in Telegram: from a question on the web to the end of the case on the phone, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.chat import Chat, open_chat
from tests.browser.desk_side import EXPERT, DeskSide
from tests.browser.telegram_side import TelegramSide
from tests.browser.test_accessibility import violations
from tests.browser.test_handoff import SOON, tells
from tests.browser.test_two_browsers import answer_the_form
from tests.live_guide import LiveGuide
from tests.telegram.bot_api import USER_NAME

TELEGRAM = "https://t.me/**"
QUESTION = "Mitä teen, kun oleskelulupani loppuu?"


@pytest.fixture
def desk(connected_guide: LiveGuide) -> Iterator[DeskSide]:
    """The expert, at work."""
    desk = DeskSide(connected_guide.settings)
    desk.present(True)
    yield desk
    desk.close()


@pytest.fixture
def chat(page: Page, connected_guide: LiveGuide) -> Chat:
    """The full page of a guide that is in Telegram, which itself is a page of nothing here."""
    page.context.route(TELEGRAM, lambda route: route.fulfill(body="Telegram"))
    return open_chat(page, f"{connected_guide.url}/chat?municipality=kitee&audience=person")


def link_in(chat: Chat) -> Locator:
    return chat.notice.get_by_role("link")


def continue_in_telegram(chat: Chat) -> str:
    """Press it in the menu; the page that opens by itself is that of the link. Gives what Telegram passes to the guide."""
    with chat.page.expect_popup() as opened:
        chat.from_menu("telegram")
    expect(link_in(chat)).to_have_attribute("href", opened.value.url)
    address = urlsplit(opened.value.url)
    assert (address.netloc, address.path) == ("t.me", f"/{USER_NAME}")
    opened.value.close()
    return f"/start {parse_qs(address.query)['start'][0]}"


def written(chat: Chat, text: str) -> Locator:
    """The newcomer's own words, wherever they wrote them."""
    return chat.mine.filter(has_text=text)


def test_a_handoff_begun_in_the_widget_is_finished_in_telegram(
    chat: Chat, desk: DeskSide, telegram: TelegramSide, chromium: Browser
) -> None:
    chat.ask("haluan puhua ihmiselle")
    answer_the_form(chat, "Kirjoitan ihmiselle nyt", "Kyllä, välitä")
    expect(chat.replies.last).to_contain_text("omin sanoin")

    person = telegram.person()
    person.write(continue_in_telegram(chat))
    person.hears("Keskustelusi jatkuu täällä")
    person.hears("Kerro omin sanoin")  # where the form stands
    person.write(QUESTION)
    person.hears("Millä kielellä")
    expect(written(chat, QUESTION)).to_be_visible()
    expect(chat.replies.last).to_contain_text("Millä kielellä")
    person.press("Suomeksi")
    person.hears("Välitin asiasi")
    person.hears("Paikkasi jonossa: 1")
    tells(chat, "Olet jonossa seuraavana.")

    case = desk.case_of(chat.key()["id"])
    desk.claim(case)
    person.hears(f"{EXPERT} on tullut keskusteluun")
    words = desk.write(case, "Hae jatkolupaa ennen kuin lupa loppuu.")
    assert person.hears("Hae jatkolupaa").text.startswith(EXPERT)
    expect(chat.article(words)).to_be_visible(timeout=SOON)
    person.write("Kiitos! Voimmeko puhua siitä?")
    expect(written(chat, "Voimmeko puhua siitä?")).to_be_visible(timeout=SOON)
    tells(chat, "Kirjoitat nyt ihmisen kanssa")
    desk.book(case, dt.datetime.now(dt.UTC) + dt.timedelta(days=3), "phone", None)
    person.hears("Puhelimitse")
    tells(chat, "Puhelimitse: sinulle soitetaan.")
    desk.resolve(case)
    person.hears("Asiasi on käsitelty")
    person.press("Asia hoitui")
    person.hears("Kiitos")
    tells(chat, "Asiasi on käsitelty.")

    person.write("/web")
    (button,) = person.hears("avaa tämän keskustelun verkossa").buttons
    with chromium.new_context(locale="fi-FI").new_page() as elsewhere:
        back = open_chat(elsewhere, button["url"])
        expect(written(back, QUESTION)).to_be_visible()
        heard = len(person.told)
        back.ask("Miten saan Kela-kortin?")
        expect(back.replies.last).to_be_visible()
        expect(written(chat, "Miten saan Kela-kortin?")).to_be_visible()
        person.write("/status")
        person.hears("Asiasi on käsitelty")
        assert not any("Kela" in each.text for each in person.told[heard:]), "what is asked on the web is answered there"


def test_the_link_says_how_long_it_holds_and_is_there_to_be_pressed(chat: Chat, telegram: TelegramSide) -> None:
    chat.ask("kiitos")
    first = continue_in_telegram(chat)
    expect(chat.notice).to_contain_text("kerran, 10 minuutin ajan")
    assert violations(chat.page) == []
    with chat.page.expect_popup() as opened:
        link_in(chat).click()
    assert parse_qs(urlsplit(opened.value.url).query)["start"][0] == first.removeprefix("/start ")
    chat.page.bring_to_front()
    second = continue_in_telegram(chat)
    late, person = telegram.person(), telegram.person()
    late.write(first)
    late.hears("Linkki ei enää toimi")
    person.write(second)
    person.hears("Keskustelusi jatkuu täällä")
    chat.ask("kiitos")
    expect(link_in(chat)).to_have_count(0)


def test_before_the_first_message_there_is_nothing_to_continue(chat: Chat) -> None:
    chat.frame.locator("#menu summary").click()
    expect(chat.frame.locator("[data-do=telegram]")).to_be_disabled()


def test_while_telegram_is_away_the_person_may_try_again(chat: Chat) -> None:
    chat.ask("kiitos")
    away = {"status": 503, "json": {"detail": "Telegram cannot be reached right now. Try again in a moment."}}

    def fail(route: Route) -> None:
        route.fulfill(**away)

    chat.page.route("**/telegram", fail)
    chat.from_menu("telegram")
    expect(chat.notice).to_contain_text("Jokin meni vikaan")
    chat.page.unroute("**/telegram", fail)
    with chat.page.expect_popup():
        chat.notice.get_by_role("button", name="Yritä uudelleen").click()
    expect(link_in(chat)).to_be_visible()


def test_a_guide_that_is_not_in_telegram_does_not_offer_it(page: Page, live_guide: LiveGuide) -> None:
    chat = open_chat(page, f"{live_guide.url}/chat")
    chat.ask("kiitos")
    chat.frame.locator("#menu summary").click()
    expect(chat.frame.locator("[data-do=download]")).to_be_visible()
    expect(chat.frame.locator("[data-do=telegram]")).to_be_hidden()
