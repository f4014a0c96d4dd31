"""Nothing that was said is lost: reload, another tab, no connection, a slow one, a restart, an ended conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Request, Route, expect

from tests.browser.chat import Chat, is_sending, open_chat, open_panel
from tests.browser.foreign_site import ForeignSite, tag
from tests.live_guide import LiveGuide


def conversation(guide: LiveGuide, chat: Chat, store: str = "sessionStorage") -> tuple[str, dict[str, str]]:
    """Address and headers of the conversation in the API."""
    key = chat.key(store)
    return f"{guide.url}/api/v1/conversations/{key['id']}", {"Authorization": f"Bearer {key['token']}"}


def said(guide: LiveGuide, chat: Chat, store: str = "sessionStorage") -> list[str]:
    """What the service has of the newcomer, in its order."""
    url, headers = conversation(guide, chat, store)
    messages = chat.page.request.get(f"{url}/messages", headers=headers).json()["messages"]
    return [message["text"] for message in messages if message["sender"] == "newcomer"]


def is_post(path: str) -> Callable[[str], bool]:
    return lambda url: url.endswith(path)


def test_a_reload_keeps_the_conversation(chat: Chat, question: str) -> None:
    chat.ask(question)
    expect(chat.waiting).to_have_count(0)
    before, key = chat.frame.locator("article").all_inner_texts(), chat.key()
    chat.page.reload()
    expect(chat.frame.locator("article")).to_have_text([text.strip() for text in before], use_inner_text=True)
    expect(chat.welcome).to_be_hidden()
    chat.ask("kiitos")
    assert chat.key() == key


def test_until_the_person_agrees_only_the_tab_remembers(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.ask(question)
    assert chat.remembered("localStorage") == {}
    other = open_chat(context.new_page(), f"{live_guide.url}/chat")
    expect(other.welcome).to_be_visible()
    assert context.cookies() == []


def test_agreeing_takes_the_conversation_along_and_taking_it_back_forgets_it(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    message = chat.ask(question)["messages"][0]
    chat.from_menu("about")
    chat.dialog.get_by_role("checkbox").check()
    chat.page.keyboard.press("Escape")
    assert "key" in chat.remembered("localStorage")
    assert chat.remembered() == {}
    chat.page.close()
    later = open_chat(context.new_page(), f"{live_guide.url}/chat")
    expect(later.article(message)).to_be_visible()
    later.from_menu("about")
    later.dialog.get_by_role("checkbox").uncheck()
    assert later.remembered("localStorage") == {}
    assert "key" in later.remembered()


def test_two_tabs_show_the_same_messages(context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str) -> None:
    chat.welcome.get_by_role("checkbox").check()
    other = open_chat(context.new_page(), f"{live_guide.url}/chat")
    chat.page.bring_to_front()
    first = chat.ask(question)
    second = other.ask("kiitos")
    for message in [first["received"], *first["messages"], second["received"], *second["messages"]]:
        for tab in (chat, other):
            expect(tab.article(message)).to_have_count(1)
    for tab in (chat, other):
        expect(tab.mine).to_have_count(2)
        assert tab.ids() == sorted(tab.ids())
    other.from_menu("start_over")
    expect(chat.welcome).to_be_visible()
    expect(chat.frame.locator("article")).to_have_count(0)


def test_two_tabs_that_begin_at_once_begin_one_conversation(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.welcome.get_by_role("checkbox").check()
    other = open_chat(context.new_page(), f"{live_guide.url}/chat")
    begun: list[Request] = []
    context.on("request", lambda request: begun.append(request) if is_post("/conversations")(request.url) else None)
    chat.write(question)
    other.write("Mikä on kotikunta?")
    for tab in (chat, other):
        expect(tab.mine).to_have_count(2)
        expect(tab.waiting).to_have_count(0)
        expect(tab.replies).not_to_have_count(0)
    assert len(begun) == 1
    assert sorted(said(live_guide, chat, "localStorage")) == sorted([question, "Mikä on kotikunta?"])


def test_agreeing_in_one_tab_takes_along_what_the_other_has_and_its_conversation_can_be_taken_up_again(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    other = open_chat(context.new_page(), f"{live_guide.url}/chat")
    kept, aside = chat.ask(question)["messages"][0], other.ask("Mikä on kotikunta?")["messages"][0]
    key = other.key()
    chat.page.bring_to_front()
    chat.from_menu("about")
    chat.dialog.get_by_role("checkbox").check()
    expect(other.article(kept)).to_have_count(1)
    expect(other.article(aside)).to_have_count(0)
    assert other.remembered() == {}
    assert chat.remembered("localStorage")["earlier"] == [key]
    other.page.bring_to_front()
    other.notice.get_by_role("button", name="Palaa edelliseen").click()
    expect(other.article(aside)).to_be_visible()


def test_taking_it_back_in_one_tab_leaves_the_other_its_conversation(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.welcome.get_by_role("checkbox").check()
    message = chat.ask(question)["messages"][0]
    other = open_chat(context.new_page(), f"{live_guide.url}/chat")
    other.from_menu("about")
    other.dialog.get_by_role("checkbox").uncheck()
    assert other.remembered("localStorage") == {}
    chat.page.bring_to_front()
    chat.page.wait_for_function("sessionStorage['elo-guide:key']")
    chat.page.reload()
    expect(chat.article(message)).to_be_visible()
    assert chat.key() == other.key()


def test_a_device_that_can_keep_nothing_leaves_it_with_the_tab(page: Page, live_guide: LiveGuide, question: str) -> None:
    page.add_init_script(
        "const set = Storage.prototype.setItem; Storage.prototype.setItem = function (name, value) { "
        "if (this === localStorage) throw new DOMException('full', 'QuotaExceededError'); set.call(this, name, value); }"
    )
    chat = open_chat(page, f"{live_guide.url}/chat")
    chat.ask(question)
    key = chat.key()
    chat.from_menu("about")
    tick = chat.dialog.get_by_role("checkbox")
    tick.click()
    expect(tick).not_to_be_checked()
    assert chat.key() == key


def test_what_is_being_written_is_there_after_a_reload(chat: Chat) -> None:
    chat.box.fill("Muutin Kiteelle, ja")
    chat.page.reload()
    expect(chat.box).to_have_value("Muutin Kiteelle, ja")
    chat.box.fill("")
    assert chat.remembered() == {}


def test_starting_over_gives_back_what_was_not_sent(context: BrowserContext, chat: Chat, question: str) -> None:
    chat.ask(question)
    context.set_offline(True)
    chat.write("ensimmäinen")
    chat.write("toinen")
    chat.box.fill("kolmas")
    chat.from_menu("start_over")
    expect(chat.waiting).to_have_count(0)
    expect(chat.box).to_have_value("ensimmäinen\ntoinen\nkolmas")


def test_a_late_word_that_another_conversation_ended_does_not_end_this_one(chat: Chat, question: str) -> None:
    chat.ask(question)
    first = chat.key()["id"]
    held: list[Route] = []
    chat.page.route(f"**/{first}/messages?after=*", lambda route: held.append(route))
    with chat.page.expect_request(lambda request: f"{first}/messages?after=" in request.url):
        chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    chat.from_menu("start_over")
    chat.ask(question)
    with chat.page.expect_response(lambda response: first in response.url):
        held[0].fulfill(status=404, content_type="application/problem+json", body="{}")
    chat.ask("kiitos")
    expect(chat.notice).to_be_empty()
    assert chat.key()["id"] != first


def test_messages_typed_offline_are_sent_once_and_in_order_also_after_a_reload(
    context: BrowserContext, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.ask(question)
    context.set_offline(True)
    typed = ["ensimmäinen", "toinen", "kolmas"]
    for text in typed:
        chat.write(text)
    expect(chat.waiting).to_have_count(3)
    expect(chat.notice).to_contain_text("Viestisi on tallessa")
    expect(chat.waiting.last).to_be_in_viewport(ratio=1)
    context.set_offline(False)
    expect(chat.waiting).to_have_count(0)
    expect(chat.notice).to_be_empty()
    assert said(live_guide, chat) == [question, *typed]
    expect(chat.mine).to_have_count(4)
    assert chat.ids() == sorted(chat.ids())


def test_what_was_on_its_way_when_the_page_was_left_is_sent_later(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    chat.ask(question)
    chat.page.route("**/messages", lambda route: route.abort())
    chat.write("matkalla")
    chat.write("vielä")
    expect(chat.notice).to_contain_text("odottaa")
    chat.page.unroute("**/messages")
    chat.page.reload()
    expect(chat.mine).to_have_count(3)
    expect(chat.waiting).to_have_count(0)
    assert said(live_guide, chat) == [question, "matkalla", "vielä"]


def test_a_lost_reply_is_fetched_again_without_a_second_turn(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    client_ids: list[str] = []

    def lose_the_first_reply(route: Route) -> None:
        client_ids.append(route.request.post_data_json["client_id"])
        if len(client_ids) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    chat.page.route("**/events", lambda route: route.abort())
    chat.page.route(is_post("/messages"), lose_the_first_reply)
    chat.ask(question)
    assert len(client_ids) == 2
    assert len(set(client_ids)) == 1
    expect(chat.mine).to_have_count(1)
    expect(chat.answers).to_have_count(1)
    assert said(live_guide, chat) == [question]


def test_a_slow_network_still_answers_and_shows_that_it_works(
    context: BrowserContext, page: Page, live_guide: LiveGuide, question: str
) -> None:
    line: CDPSession = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 600, "downloadThroughput": 12_000, "uploadThroughput": 6_000},
    )
    page.goto(f"{live_guide.url}/chat", timeout=60_000)
    chat = Chat(page)
    expect(chat.box).to_be_visible(timeout=30_000)
    chat.write(question)
    expect(chat.waiting).to_have_count(1)
    expect(chat.frame.locator(".writing")).not_to_be_empty()
    expect(chat.answers).to_have_count(1, timeout=30_000)
    expect(chat.frame.locator(".writing")).to_be_empty()


def test_a_restart_of_the_service_loses_nothing(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    first = chat.ask(question)["messages"][0]
    live_guide.service_process.kill()
    try:
        chat.write("kiitos")
        expect(chat.notice).to_contain_text("Yritetään uudelleen")
        expect(chat.waiting).to_have_count(1)
    finally:
        live_guide.service_process.restart()
    expect(chat.waiting).to_have_count(0, timeout=40_000)
    expect(chat.article(first)).to_have_count(1)
    expect(chat.notice).to_be_empty()
    assert said(live_guide, chat) == [question, "kiitos"]


def test_messages_of_elsewhere_come_by_stream(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    chat.ask(question)
    _from_elsewhere(chat, live_guide)


@pytest.mark.parametrize("way", ["refused", "held back", "not a stream"])
def test_where_streams_are_blocked_messages_of_elsewhere_come_by_asking(
    chat: Chat, live_guide: LiveGuide, question: str, way: str
) -> None:
    def block(route: Route) -> None:
        if way == "refused":
            route.abort()
        elif way == "not a stream":
            route.fulfill(status=200, content_type="text/html", body="<p>Proxy</p>")

    chat.page.clock.install()
    chat.page.route("**/events", block)
    chat.write(question)
    expect(chat.answers).to_have_count(1)
    with chat.page.expect_response(lambda response: "/messages?after=" in response.url):
        for _ in range(12):
            chat.page.clock.run_for(1000)
    _from_elsewhere(chat, live_guide, tick=True)


def _from_elsewhere(chat: Chat, guide: LiveGuide, *, tick: bool = False) -> None:
    url, headers = conversation(guide, chat)
    body = {"text": "kiitos", "client_id": "elsewhere"}
    replies: dict[str, Any] = chat.page.request.post(f"{url}/messages", headers=headers, data=body).json()
    if tick:
        with chat.page.expect_response(lambda response: "/messages?after=" in response.url):
            for _ in range(12):
                chat.page.clock.run_for(1000)
    for message in [replies["received"], *replies["messages"]]:
        expect(chat.article(message)).to_have_count(1)
    expect(chat.mine).to_have_count(2)
    assert chat.ids() == sorted(chat.ids())


def test_too_many_messages_wait_and_are_sent_by_themselves(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "2"}, content_type="application/problem+json", body="{}")

    chat.page.route(is_post("/messages"), refuse_once)
    chat.write(question)
    chat.write("kiitos")
    expect(chat.notice).to_contain_text("2 viestiä odottaa")
    expect(chat.waiting).to_have_count(0)
    assert said(live_guide, chat) == [question, "kiitos"]


def test_what_the_service_fails_at_can_be_sent_again_or_taken_back(chat: Chat, live_guide: LiveGuide, question: str) -> None:
    chat.page.route(is_post("/messages"), lambda route: route.fulfill(status=500, body="{}"))
    chat.write(question)
    stuck = chat.mine.locator(".stuck")
    expect(stuck).to_be_visible()
    stuck.get_by_role("button", name="Poista viesti").click()
    expect(chat.mine).to_have_count(0)
    expect(chat.box).to_have_value(question)
    chat.box.press("Enter")
    expect(stuck).to_be_visible()
    chat.page.unroute_all()
    with chat.page.expect_response(is_sending):
        stuck.get_by_role("button", name="Yritä uudelleen").click()
    expect(chat.answers).to_have_count(1)
    expect(stuck).to_have_count(0)
    assert said(live_guide, chat) == [question]


@pytest.mark.parametrize("how", ["erased elsewhere", "token expired"])
def test_an_ended_conversation_gives_way_to_a_new_one_and_the_message_goes_there(
    chat: Chat, live_guide: LiveGuide, question: str, how: str
) -> None:
    chat.page.route("**/events", lambda route: route.abort())
    chat.ask(question)
    url, headers = conversation(live_guide, chat)
    if how == "erased elsewhere":
        assert chat.page.request.delete(url, headers=headers).status == 204
    else:
        wrong = chat.page.evaluate("JSON.stringify({ ...JSON.parse(sessionStorage['elo-guide:key']), token: 'old' })")
        chat.page.evaluate("key => { sessionStorage['elo-guide:key'] = key }", wrong)
        chat.page.reload()
        expect(chat.notice).to_contain_text("päättynyt tai poistettu")
        chat.notice.get_by_role("button", name="Aloita uusi keskustelu").click()
        expect(chat.welcome).to_be_visible()
        chat.ask(question)
        assert chat.key()["id"] not in url
        return
    chat.write("kiitos")
    expect(chat.notice).to_contain_text("päättynyt tai poistettu")
    expect(chat.waiting).to_have_count(1)
    chat.notice.get_by_role("button", name="Lähetä uuteen keskusteluun").click()
    expect(chat.waiting).to_have_count(0)
    expect(chat.mine).to_have_count(1)
    assert said(live_guide, chat) == ["kiitos"]
    assert chat.key()["id"] not in url


def test_an_erasing_that_does_not_get_through_forgets_nothing(chat: Chat, question: str) -> None:
    chat.ask(question)
    key = chat.key()
    chat.page.route(f"**/conversations/{key['id']}", lambda route: route.abort())
    chat.from_menu("erase")
    chat.dialog.get_by_role("button", name="Poista keskustelu").click()
    expect(chat.notice).to_contain_text("Jokin meni vikaan")
    expect(chat.answers).to_have_count(1)
    assert chat.key() == key


def test_a_browser_that_keeps_nothing_still_talks(page: Page, live_guide: LiveGuide, question: str) -> None:
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) "
        "Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    chat = open_chat(page, f"{live_guide.url}/chat")
    chat.ask(question)
    chat.ask("kiitos")
    expect(chat.mine).to_have_count(2)


def test_news_while_the_panel_is_closed_are_counted_on_the_button(
    page: Page, live_guide: LiveGuide, question: str, site: ForeignSite
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    chat = open_panel(page, site.show("/news", tag(live_guide.url)))
    chat.ask(question)
    chat.frame.locator("button.close").click()
    url, headers = conversation(live_guide, chat)
    page.request.post(f"{url}/messages", headers=headers, data={"text": "kiitos", "client_id": "elsewhere"})
    expect(page.locator("elo-button .badge")).to_have_text("1 uusi viesti")
    page.locator("elo-button .elo > button").click()
    expect(page.locator("elo-button .badge")).to_be_empty()
