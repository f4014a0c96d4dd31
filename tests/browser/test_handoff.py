"""A hand-off as the newcomer sees it: how the case stands, a human's words, withdrawing, and the private link."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from bot.messages import Message
from tests.browser.chat import Chat, is_sending, open_chat, open_panel
from tests.browser.desk_side import EXPERT, DeskSide
from tests.browser.foreign_site import ForeignSite, strict_policy, tag
from tests.browser.test_accessibility import SCHEMES, violations
from tests.live_guide import LiveGuide

SOON = 20_000
"""Milliseconds. What the desk's own process writes is found by the guide within five seconds, on a machine that may be busy."""

POLL = 21_000
"""Milliseconds after which a case that waits has been asked for again."""


@pytest.fixture
def desk(live_guide: LiveGuide) -> Iterator[DeskSide]:
    """The expert, away at first."""
    desk = DeskSide(live_guide.settings)
    yield desk
    desk.close()


@pytest.fixture
def chat(page: Page, live_guide: LiveGuide) -> Chat:
    """The full page with a conversation that has begun, and a clock that a test may put forward."""
    page.clock.install()
    chat = open_chat(page, f"{live_guide.url}/chat")
    chat.ask("kiitos")
    return chat


def bar(chat: Chat) -> Locator:
    return chat.frame.locator(".case")


def told(chat: Chat) -> Locator:
    return bar(chat).get_by_role("status")


def tells(chat: Chat, *parts: str) -> None:
    """The bar says all of these."""
    for part in parts:
        expect(told(chat)).to_contain_text(part, timeout=SOON)


NO_COPYING = "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false"
FROM_THE_RIGHT = """frame => {
  const { right } = frame.querySelector(".case").getBoundingClientRect();
  return right - frame.querySelector(".case [data-do=link]").getBoundingClientRect().right < 24;
}"""


def somebody_else(api: httpx.Client) -> str:
    """Another newcomer's conversation: its id."""
    begun: dict[str, str] = api.post("/api/v1/conversations", json={"language": "fi"}).json()
    return begun["id"]


def link_to(guide: LiveGuide, chat: Chat) -> str:
    """A private link as the service gives it."""
    key = chat.key()
    headers = {"Authorization": f"Bearer {key['token']}"}
    made = chat.page.request.post(f"{guide.url}/api/v1/conversations/{key['id']}/link", headers=headers).json()
    return guide.url + str(made["path"])


def elsewhere(chromium: Browser) -> BrowserContext:
    """Another browser, which knows nothing of the first."""
    return chromium.new_context(locale="fi-FI", viewport={"width": 360, "height": 740})


def test_from_the_queue_to_the_end(chat: Chat, desk: DeskSide, api: httpx.Client) -> None:
    earlier = somebody_else(api)
    desk.begin(earlier)
    case = desk.begin(chat.key()["id"])
    tells(chat, "Oleskelulupa-asiantuntija", "Ennen sinua jonossa on 1 ihminen.", "ei ole juuri nyt ketään")

    desk.withdraw(earlier)
    desk.present(True)
    chat.page.clock.fast_forward(POLL)
    tells(chat, "Olet jonossa seuraavana.", "on nyt joku paikalla")

    desk.claim(case)
    tells(chat, f"Kirjoitat nyt ihmisen kanssa: \u2068{EXPERT}\u2069.")
    words = desk.write(case, "Hei! Päätös on **postissa**.")
    said = chat.article(words)
    expect(said.get_by_role("heading", name=EXPERT)).to_be_visible(timeout=SOON)
    expect(said.locator(".body")).to_have_text("Hei! Päätös on **postissa**.")
    ground = "element => getComputedStyle(element).backgroundColor"
    assert said.evaluate(ground) != chat.replies.first.evaluate(ground)

    assert chat.ask("Kiitos tiedosta!")["messages"] == []
    desk.resolve(case)
    tells(chat, "Asiasi on käsitelty.")
    expect(bar(chat).get_by_role("button")).to_have_count(0)
    closing = chat.frame.locator("article[data-sender=system]").last
    expect(closing.get_by_role("heading", name="Ilmoitus")).to_be_visible()
    assert chat.press(closing.locator(".buttons button").first)["messages"][0]["status"] == "control"
    expect(told(chat)).to_be_empty()
    chat.page.reload()
    expect(closing).to_be_visible()
    expect(told(chat)).to_be_empty()


def test_who_has_the_case_is_told_while_the_guide_speaks(chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"], way="callback", phone="+358401234567")
    tells(chat, "odottaa")
    desk.claim(case)  # says nothing in the conversation: the call comes later
    chat.page.clock.fast_forward(POLL)
    tells(chat, f"\u2068{EXPERT}\u2069 on ottanut asiasi.")
    desk.write(case, "Soitan kohta.")
    tells(chat, "Kirjoitat nyt ihmisen kanssa")
    desk.release(case)
    tells(chat, "Olet jonossa seuraavana.")
    assert desk.expire(chat.key()["id"])
    tells(chat, "Asiasi on vanhentunut.")


def test_that_an_answer_comes_is_not_promised_while_a_human_owns_the_conversation(page: Page, chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"])
    tells(chat, "odottaa")
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route))
    writing = chat.frame.locator(".writing")
    chat.write("Onko siellä ketään?")
    page.clock.fast_forward(1000)
    expect(writing).to_have_text("Vastaus on tulossa")
    desk.claim(case)
    tells(chat, "Kirjoitat nyt ihmisen kanssa")
    expect(writing).to_be_empty()
    held.pop().continue_()
    expect(chat.waiting).to_have_count(0)
    chat.write("Hei!")
    expect(chat.waiting).to_have_count(1)
    page.clock.fast_forward(1000)
    expect(writing).to_be_empty()
    with page.expect_response(is_sending):
        held.pop().continue_()


def test_without_a_case_nobody_asks_for_one(chat: Chat, question: str) -> None:
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/case") else None)
    chat.ask(question)
    chat.page.clock.fast_forward(POLL)
    with chat.page.expect_response(lambda response: response.url.endswith("/case")) as looked:
        chat.ask("Haluan puhua ihmiselle")
    assert looked.value.json() == {"case": None}
    chat.page.clock.fast_forward(POLL)
    chat.page.clock.fast_forward(POLL)
    chat.ask("kiitos")
    assert len(asked) == 1
    expect(told(chat)).to_be_empty()


def test_a_reload_shows_the_bar_again_and_a_lost_connection_is_borne(context: BrowserContext, chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"])
    tells(chat, "ei ole juuri nyt ketään")
    chat.page.reload()
    tells(chat, "ei ole juuri nyt ketään")
    context.set_offline(True)
    chat.page.clock.fast_forward(POLL)
    expect(chat.notice).to_contain_text("Yhteys puuttuu")
    tells(chat, "ei ole juuri nyt ketään")
    desk.present(True)
    context.set_offline(False)
    tells(chat, "on nyt joku paikalla")
    desk.claim(case)
    tells(chat, "Kirjoitat nyt ihmisen kanssa")


def test_withdrawing_is_confirmed_and_the_focus_is_not_lost(chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"])
    withdraw = bar(chat).get_by_role("button", name="Peru asia")
    withdraw.click(timeout=SOON)
    chat.dialog.get_by_role("button", name="Pidä asia").click()
    expect(chat.dialog).to_have_count(0)
    expect(withdraw).to_be_focused()
    assert desk.state(case) == "queued"
    withdraw.click()
    chat.dialog.get_by_role("button", name="Peru asia").click()
    tells(chat, "Olet perunut asiasi.")
    expect(chat.box).to_be_focused()
    assert desk.state(case) == "withdrawn"
    expect(chat.frame.locator("article[data-sender=system]").last).to_contain_text("peruttu")
    chat.ask("kiitos")
    expect(told(chat)).to_be_empty()


def test_whoever_stands_on_a_button_of_the_bar_stays_in_it(chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"])
    withdraw = bar(chat).get_by_role("button", name="Peru asia")
    withdraw.focus(timeout=SOON)
    desk.claim(case)
    tells(chat, "Kirjoitat nyt ihmisen kanssa")
    expect(withdraw).to_be_focused()
    desk.resolve(case)
    tells(chat, "Asiasi on käsitelty.")
    expect(told(chat)).to_be_focused()


def test_withdrawing_that_fails_can_be_tried_again(page: Page, chat: Chat, desk: DeskSide) -> None:
    case = desk.begin(chat.key()["id"])
    page.route("**/withdraw", lambda route: route.abort())
    bar(chat).get_by_role("button", name="Peru asia").click(timeout=SOON)
    chat.dialog.get_by_role("button", name="Peru asia").click()
    expect(chat.notice).to_contain_text("meni vikaan")
    assert desk.state(case) == "queued"
    page.unroute("**/withdraw")
    chat.notice.get_by_role("button", name="Yritä uudelleen").click()  # it was confirmed before
    tells(chat, "Olet perunut asiasi.")
    expect(chat.notice).to_be_empty()


def test_a_private_link_leads_back_from_another_browser(
    chromium: Browser, context: BrowserContext, chat: Chat, desk: DeskSide, live_guide: LiveGuide
) -> None:
    case = desk.begin(chat.key()["id"])
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    bar(chat).get_by_role("button", name="Oma linkki").click(timeout=SOON)
    expect(chat.notice).to_contain_text("Kuka tahansa, jolla linkki on, voi lukea keskustelun")
    link = chat.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{live_guide.url}/chat#back={chat.key()['id']}.")
    assert not link.endswith(chat.key()["token"])

    other_browser = elsewhere(chromium)
    there = open_chat(other_browser.new_page(), link)
    expect(there.mine.locator(".said")).to_have_text(["kiitos"])
    assert there.page.url == f"{live_guide.url}/chat"
    assert there.page.evaluate("history.length") == 2  # the empty page, and this one without its key
    tells(there, "odottaa")
    desk.claim(case)
    words = desk.write(case, "Tervetuloa takaisin.")
    for each in (chat, there):
        expect(each.article(words)).to_be_visible(timeout=SOON)
    back = there.ask("Kiitos!")["received"]
    expect(chat.article(back)).to_be_visible(timeout=SOON)

    assert there.remembered("localStorage") == {}
    there.page.reload()
    expect(there.article(back)).to_be_visible()
    other_browser.close()


def test_a_private_link_asks_before_the_device_remembers(chromium: Browser, chat: Chat, live_guide: LiveGuide) -> None:
    other_browser = elsewhere(chromium)
    there = open_chat(other_browser.new_page(), link_to(live_guide, chat))
    expect(there.notice).to_contain_text("Olet palannut keskusteluusi.")
    assert there.remembered("localStorage") == {}
    there.notice.get_by_role("button", name="Muista keskustelu").click()
    assert there.remembered("localStorage")["key"]["id"] == chat.key()["id"]
    expect(there.box).to_be_focused()
    other_browser.close()


def test_a_private_link_puts_another_conversation_aside(
    chromium: Browser, page: Page, chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    other_browser = elsewhere(chromium)
    there = open_chat(other_browser.new_page(), f"{live_guide.url}/chat")
    own = there.ask(question)["messages"][0]
    there.page.route("**/messages", lambda route: route.abort())
    there.write("Tämä jää kesken")
    expect(there.waiting).to_have_count(1)
    there.page.goto(link_to(live_guide, chat))  # the same page: the browser does not load it again
    there.page.unroute("**/messages")
    expect(there.mine.locator(".said")).to_have_text(["kiitos"], timeout=SOON)
    expect(there.article(own)).to_have_count(0)
    expect(there.box).to_have_value("Tämä jää kesken")
    assert there.page.url == f"{live_guide.url}/chat"
    there.notice.get_by_role("button", name="Palaa edelliseen").click()
    expect(there.article(own)).to_be_visible()
    expect(there.mine.locator(".said")).to_have_text([question])
    other_browser.close()


@pytest.mark.parametrize("fault", ["cut", "wrong", "erased"])
def test_a_link_that_leads_nowhere_says_so_and_a_new_conversation_can_begin(
    chromium: Browser, chat: Chat, live_guide: LiveGuide, fault: str
) -> None:
    link = link_to(live_guide, chat)
    if fault == "cut":
        link = link.rpartition(".")[0]
    elif fault == "wrong":
        link += "x"
    else:
        chat.from_menu("erase")
        chat.dialog.get_by_role("button", name="Poista keskustelu").click()
        expect(chat.notice).to_have_text("Keskustelu on poistettu.")
    other_browser = elsewhere(chromium)
    there = open_chat(other_browser.new_page(), link)
    expect(there.notice).to_contain_text("ei vie mihinkään keskusteluun")
    expect(there.notice.get_by_role("button")).to_have_count(0)
    expect(there.welcome).to_be_visible()
    assert "#" not in there.page.url
    assert "key" not in there.remembered()
    there.ask("kiitos")
    assert there.key()["id"] not in link
    other_browser.close()


def test_a_link_that_leads_nowhere_leaves_a_way_back_to_what_was_there(page: Page, chat: Chat, live_guide: LiveGuide) -> None:
    page.goto(f"{live_guide.url}/chat#back=nothing.here")
    expect(chat.notice).to_contain_text("ei vie mihinkään keskusteluun")
    chat.notice.get_by_role("button", name="Palaa edelliseen").click()
    expect(chat.mine.locator(".said")).to_have_text(["kiitos"])


def test_a_link_is_shown_where_it_cannot_be_copied(page: Page, chat: Chat, desk: DeskSide, live_guide: LiveGuide) -> None:
    page.evaluate(NO_COPYING)
    desk.begin(chat.key()["id"])
    bar(chat).get_by_role("button", name="Oma linkki").click(timeout=SOON)
    expect(chat.dialog).to_contain_text(f"{live_guide.url}/chat#back={chat.key()['id']}.")
    expect(chat.dialog).to_contain_text("Kuka tahansa, jolla linkki on, voi lukea keskustelun")
    assert violations(page) == []


def test_an_appointment_stands_in_finnish_time_with_its_link(chromium: Browser, desk: DeskSide, live_guide: LiveGuide) -> None:
    far_away = chromium.new_context(locale="en-GB", timezone_id="Asia/Tokyo")
    chat = open_chat(far_away.new_page(), f"{live_guide.url}/chat")
    chat.ask("thanks")
    case = desk.begin(chat.key()["id"], way="appointment", language="en")
    day = dt.datetime.now(ZoneInfo("Europe/Helsinki")).date() + dt.timedelta(days=3)
    starts_at = dt.datetime.combine(day, dt.time(10, 30), ZoneInfo("Europe/Helsinki"))
    desk.book(case, starts_at.astimezone(dt.UTC), "teams", "https://teams.example/meet")
    tells(chat, f"{day:%A} {day.day} {day:%B} at 10:30, Finnish time. By Teams.")
    teams = bar(chat).get_by_role("link", name="Open Teams")
    expect(teams).to_have_attribute("href", "https://teams.example/meet")
    expect(teams).to_have_attribute("rel", "noopener noreferrer")
    chat.speak("fi")
    tells(chat, f"{day.day}. ", "klo 10.30 Suomen aikaa.")
    far_away.close()


def test_every_button_of_an_offer_sends_what_it_carries(chat: Chat, desk: DeskSide) -> None:
    payloads = ['/handoff{"way":"chat"}', '/slot{"starts_at":"2026-12-01T08:00:00Z"}', "/skip", "/cancel"]
    offer = Message.model_validate(
        {
            "at": dt.datetime.now(dt.UTC),
            "sender": "bot",
            "kind": "offer",
            "status": "handoff",
            "text": "Miten jatketaan?",
            "html": "<p>Miten jatketaan?</p>",
            "language": "fi",
            "dir": "ltr",
            "buttons": [{"title": f"Tapa {number}", "payload": payload} for number, payload in enumerate(payloads)],
        }
    )
    shown = chat.article(desk.say(chat.key()["id"], offer))
    expect(shown.get_by_role("button")).to_have_text([f"Tapa {number}" for number in range(4)], timeout=SOON)
    for number, payload in enumerate(payloads):
        with chat.page.expect_request(is_post_of_message) as sent:
            shown.get_by_role("button", name=f"Tapa {number}").click()
        assert json.loads(sent.value.post_data or "")["payload"] == payload
        expect(chat.waiting).to_have_count(0, timeout=SOON)


def test_from_the_offer_through_the_form_to_a_human(chat: Chat, desk: DeskSide) -> None:
    desk.present(True)
    offer = chat.ask("Haluan puhua ihmiselle")["messages"][0]
    assert offer["kind"] == "offer"
    buttons = chat.article(offer).locator(".buttons button")
    expect(buttons).to_have_text([button["title"] for button in offer["buttons"]])
    expect(chat.article(offer).locator(".card")).to_have_count(len(offer["expert"]["contacts"]))
    replies = chat.press(buttons.first)["messages"]
    for _ in range(8):
        if not replies[-1]["buttons"] and replies[-1]["sender"] == "system":
            break
        asks = chat.article(replies[-1])
        ways_on = asks.locator('[data-payload="/affirm"], [data-payload="/skip"]')
        fixed = asks.locator(".buttons button:not([data-payload='/cancel'])")
        if ways_on.count():
            replies = chat.press(ways_on.first)["messages"]
        elif fixed.count():
            replies = chat.press(fixed.first)["messages"]
        else:
            replies = chat.ask("Miksi hakemukseni käsittely kestää näin kauan?")["messages"]
    tells(chat, "Olet jonossa seuraavana.", "on nyt joku paikalla")
    case = desk.case_of(chat.key()["id"])
    desk.claim(case)
    expect(chat.article(desk.write(case, "Hei! Katsotaan yhdessä."))).to_be_in_viewport(timeout=SOON)


def test_what_has_not_changed_is_not_read_aloud_again(chat: Chat, desk: DeskSide) -> None:
    desk.begin(chat.key()["id"])
    tells(chat, "Olet jonossa seuraavana.")
    listen = (
        "line => { window.changes = 0; new MutationObserver(() => changes++).observe(line, { childList: true, subtree: true }); }"
    )
    told(chat).evaluate(listen)
    with chat.page.expect_response("**/case"):
        chat.page.clock.fast_forward(POLL)
    with chat.page.expect_response("**/case"):
        chat.page.clock.fast_forward(POLL)
    assert chat.page.evaluate("changes") == 0
    desk.present(True)
    chat.page.clock.fast_forward(POLL)
    tells(chat, "on nyt joku paikalla")
    assert chat.page.evaluate("changes") == 1


def test_on_the_page_of_a_municipality_the_link_leads_to_the_guide_and_the_address_is_left_alone(
    page: Page, site: ForeignSite, desk: DeskSide, live_guide: LiveGuide
) -> None:
    address = site.show("/handoff", tag(live_guide.url), policy=strict_policy(live_guide.url)) + "#back=a.b"
    page.add_init_script(NO_COPYING)
    chat = open_panel(page, address)
    expect(chat.welcome).to_be_visible()
    assert page.url == address
    chat.ask("kiitos")
    case = desk.begin(chat.key()["id"])
    bar(chat).get_by_role("button", name="Oma linkki").click(timeout=SOON)
    expect(chat.dialog).to_contain_text(f"{live_guide.url}/chat#back={chat.key()['id']}.")
    chat.dialog.get_by_role("button", name="Valmis").click()
    bar(chat).get_by_role("button", name="Peru asia").click()
    chat.dialog.get_by_role("button", name="Peru asia").click()
    tells(chat, "Olet perunut asiasi.")
    assert desk.state(case) == "withdrawn"


def is_post_of_message(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/messages")


@pytest.mark.parametrize("state", ["queued", "human", "resolved"])
def test_axe_finds_nothing_in_arabic_on_a_small_screen(
    chromium: Browser, desk: DeskSide, live_guide: LiveGuide, state: str
) -> None:
    small = chromium.new_context(locale="ar", viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    chat = open_chat(small.new_page(), f"{live_guide.url}/chat?lang=ar")
    chat.ask("شكرا")
    case = desk.begin(chat.key()["id"], language="ar")
    tells(chat, "أنت التالي في الانتظار.")
    if state != "queued":
        desk.claim(case)
        words = desk.write(case, "مرحبًا!", "ar")
        tells(chat, f"\u2068{EXPERT}\u2069")
        expect(chat.article(words)).to_be_visible(timeout=SOON)
    if state == "resolved":
        desk.resolve(case)
        tells(chat, "تم إغلاق طلبك.")
    else:
        withdraw = bar(chat).get_by_role("button", name="سحب الطلب")
        link = bar(chat).get_by_role("button", name="رابط خاص")
        expect(withdraw).to_be_in_viewport(ratio=1)
        assert all(box is not None and box["height"] >= 44 for box in (withdraw.bounding_box(), link.bounding_box()))
        assert chat.frame.evaluate(FROM_THE_RIGHT)
    assert chat.frame.evaluate("frame => frame.querySelector('.sheet').scrollWidth <= frame.clientWidth")
    for scheme in SCHEMES:
        chat.page.emulate_media(color_scheme=scheme)
        expect(chat.frame).to_have_attribute("data-scheme", scheme)
        assert violations(chat.page) == [], scheme
    small.close()


def test_the_bar_is_read_between_the_head_and_the_conversation(chat: Chat, desk: DeskSide) -> None:
    desk.begin(chat.key()["id"])
    tells(chat, "odottaa")
    tree = chat.frame.aria_snapshot()
    places = [
        tree.index(part)
        for part in ('heading "ELO-opas', "Valikko", 'status "Asiasi"', 'button "Peru asia"', 'region "Keskustelu"')
    ]
    assert places == sorted(places)
    keyboard = chat.page.keyboard
    chat.frame.locator("#menu summary").focus()
    for name in ("Oma linkki", "Peru asia"):
        keyboard.press("Tab")
        expect(bar(chat).get_by_role("button", name=name)).to_be_focused()


def test_enlarged_four_times_all_of_it_can_be_reached(page: Page, chat: Chat, desk: DeskSide) -> None:
    desk.begin(chat.key()["id"])
    tells(chat, "odottaa")
    page.set_viewport_size({"width": 320, "height": 200})  # 1280 by 800 at 400 %
    withdraw = bar(chat).get_by_role("button", name="Peru asia")
    withdraw.scroll_into_view_if_needed()
    expect(withdraw).to_be_in_viewport(ratio=1)
    chat.mine.first.scroll_into_view_if_needed()
    expect(chat.mine.first).to_be_in_viewport()
    assert chat.frame.evaluate("frame => frame.querySelector('.sheet').scrollWidth <= frame.clientWidth")
