"""What a newcomer can do in the chat. Tests stand on statuses, elements and the API, not on the words of answers."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.chat import Chat, open_chat
from tests.live_guide import LiveGuide


def test_the_first_view_says_what_it_is_what_becomes_of_the_words_and_begins_nothing(chat: Chat, live_guide: LiveGuide) -> None:
    expect(chat.welcome.locator(".can li")).to_have_count(3)
    expect(chat.welcome.locator(".cannot li")).to_have_count(2)
    privacy = chat.welcome.get_by_role("link")
    expect(privacy).to_be_in_viewport()
    assert (privacy.get_attribute("href") or "").startswith(f"{live_guide.url}/privacy")
    expect(chat.welcome.get_by_role("checkbox")).not_to_be_checked()
    assert chat.remembered() == {}
    assert chat.remembered("localStorage") == {}


def test_a_question_to_start_with_leads_to_an_answer(chat: Chat) -> None:
    reply = chat.press(chat.welcome.locator(".starters button").first)
    assert reply["messages"][0]["status"] in ("answered", "clarify")
    expect(chat.welcome).to_be_hidden()
    expect(chat.box).to_be_focused()


def test_an_answer_shows_its_steps_its_source_its_date_and_whether_it_was_reviewed(chat: Chat, question: str) -> None:
    answer = chat.ask(question)["messages"][0]["answer"]
    shown = chat.answers
    expect(shown.get_by_role("heading", level=3)).to_have_text(answer["title"])
    expect(shown.locator(".body")).to_have_attribute("lang", "fi")
    expect(shown.locator(".body ol > li")).to_have_count(len(answer["steps"]))
    sources = shown.locator(".sources li")
    expect(sources).to_have_count(len(answer["sources"]))
    for shown_source, source in zip(sources.all(), answer["sources"], strict=True):
        expect(shown_source.locator("time")).to_have_attribute("datetime", source["checked_on"])
        expect(shown_source.locator("time")).to_contain_text(source["checked_on"][:4])
        if source["url"]:
            expect(shown_source.locator("a")).to_have_attribute("href", source["url"])
    expect(shown.locator(".draft")).to_have_count(0 if answer["reviewed"] else 1)
    expect(chat.box).to_be_focused()
    expect(chat.box).to_have_value("")


def test_that_the_answer_is_coming_is_told_while_it_takes_time(page: Page, chat: Chat, question: str) -> None:
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route))
    chat.write(question)
    writing = chat.frame.locator(".writing")
    expect(writing).to_have_text("Vastaus on tulossa")
    expect(writing).to_have_attribute("role", "status")
    held[0].continue_()
    expect(chat.answers).to_have_count(1)
    expect(writing).to_be_empty()


def test_a_contact_stands_once_in_a_message_and_its_phone_can_be_dialled(chat: Chat) -> None:
    message = chat.ask("Haluan puhua ihmiselle")["messages"][0]
    contacts = message["expert"]["contacts"]
    shown = chat.article(message)
    expect(shown.locator(".card")).to_have_count(len({contact["id"] for contact in contacts}))
    for contact in contacts:
        card = shown.locator(f'[data-contact="{contact["id"]}"]')
        expect(card.locator("strong")).to_have_text(contact["name"])
        for phone in contact["phones"]:
            expect(card.locator(f'a[href="{phone["href"]}"]')).to_contain_text(phone["number"])


def test_a_choice_leads_to_its_answer_and_a_double_press_sends_once(chat: Chat, vague: str) -> None:
    message = chat.ask(vague)["messages"][0]
    buttons = chat.article(message).locator(".buttons button")
    expect(buttons).to_have_count(len(message["buttons"]))
    for alternative in message["alternatives"]:
        expect(buttons.filter(has_text=alternative["title"])).not_to_have_count(0)
    with chat.page.expect_response(lambda response: response.request.method == "POST") as sent:
        buttons.first.dblclick()
    replies = sent.value.json()
    assert replies["received"]["text"] == message["buttons"][0]["title"]
    assert replies["messages"][0]["answer"]["id"] == message["alternatives"][0]["id"]
    expect(chat.article(replies["messages"][0])).to_be_visible()
    expect(chat.waiting).to_have_count(0)
    expect(chat.mine).to_have_count(2)


def test_a_follow_up_is_understood_with_the_question_before(chat: Chat, question: str) -> None:
    first = chat.ask(question)["messages"][0]
    second = chat.ask("entä kauanko siinä kestää?")["messages"][0]
    assert second["status"] in ("answered", "clarify")
    assert chat.ids() == sorted(chat.ids())
    assert second["id"] > first["id"]


def test_feedback_can_be_given_on_an_answer(chat: Chat, question: str) -> None:
    chat.ask(question)
    group = chat.answers.get_by_role("group", name="Oliko vastauksesta apua?")
    assert chat.press(group.get_by_role("button").first)["messages"][0]["status"] == "control"


def test_an_answer_can_be_copied_with_its_source(context: BrowserContext, chat: Chat, question: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = chat.ask(question)["messages"][0]["answer"]
    chat.answers.locator('[data-do="copy"]').click()
    expect(chat.notice).to_have_text("Vastaus on kopioitu.")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(answer["title"])
    assert answer["sources"][0]["title"] in copied
    assert ("Ei vielä tarkistettu" in copied) is not answer["reviewed"]


def test_without_a_clipboard_an_answer_is_copied_in_the_old_way_and_the_focus_stays(
    context: BrowserContext, page: Page, live_guide: LiveGuide, question: str
) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    chat = open_chat(page, f"{live_guide.url}/chat")
    chat.ask(question)
    copy = chat.answers.locator('[data-do="copy"]')
    copy.click()
    expect(chat.notice).to_have_text("Vastaus on kopioitu.")
    expect(copy).to_be_focused()


def test_an_answer_is_shared_by_the_device(page: Page, live_guide: LiveGuide, question: str) -> None:
    page.add_init_script("window.shared = []; navigator.share = async (what) => { shared.push(what); }")
    chat = open_chat(page, f"{live_guide.url}/chat")
    answer = chat.ask(question)["messages"][0]["answer"]
    chat.answers.locator('[data-do="share"]').click()
    assert page.evaluate("shared[0].title") == answer["title"]
    assert answer["sources"][0]["title"] in page.evaluate("shared[0].text")


REFUSED = "navigator.share = async () => {{ throw new DOMException('no', '{name}'); }};"


@pytest.mark.parametrize(
    ("device", "mailed"),
    [
        ("Object.defineProperty(navigator, 'share', { value: undefined });", True),
        (REFUSED.format(name="NotAllowedError"), True),
        (REFUSED.format(name="AbortError"), False),
    ],
    ids=["cannot", "may not", "person changed their mind"],
)
def test_where_the_device_does_not_share_an_answer_goes_by_email(
    page: Page, live_guide: LiveGuide, question: str, device: str, mailed: bool
) -> None:
    page.add_init_script(
        device + "window.opened = []; HTMLAnchorElement.prototype.click = function () { opened.push(this.href); };"
    )
    chat = open_chat(page, f"{live_guide.url}/chat")
    answer = chat.ask(question)["messages"][0]["answer"]
    chat.answers.locator('[data-do="share"]').click()
    opened = page.evaluate("opened")
    assert len(opened) == mailed
    for address in opened:
        mail = {name: values[0] for name, values in parse_qs(address.removeprefix("mailto:?")).items()}
        assert mail["subject"] == answer["title"]
        assert answer["sources"][0]["title"] in mail["body"]
        assert "\n" not in mail["body"].replace("\r\n", "")


def test_a_press_beside_a_window_closes_it_and_changes_nothing(chat: Chat, question: str) -> None:
    chat.ask(question)
    chat.from_menu("erase")
    chat.dialog.locator("p").click()
    expect(chat.dialog).to_be_visible()
    chat.page.mouse.click(5, 5)
    expect(chat.dialog).to_have_count(0)
    expect(chat.answers).to_have_count(1)


def test_the_conversation_can_be_downloaded(chat: Chat, question: str, tmp_path: Path) -> None:
    answer = chat.ask(question)["messages"][0]["answer"]
    with chat.page.expect_download() as loading:
        chat.from_menu("download")
    loading.value.save_as(tmp_path / "conversation.txt")
    text = (tmp_path / "conversation.txt").read_text(encoding="utf-8")
    assert loading.value.suggested_filename == "elo-opas-keskustelu.txt"
    assert text.index(question) < text.rindex(answer["title"])
    assert answer["text"] in text


def test_the_language_switches_in_the_middle_and_everything_around_the_answer_follows(
    chat: Chat, question: str, live_guide: LiveGuide
) -> None:
    shown = chat.ask(question)["messages"][0]
    with chat.page.expect_response(lambda response: response.request.method == "POST") as sent:
        chat.speak("ar")
    reply = sent.value.json()["messages"][0]
    assert reply["language"] == "ar"
    expect(chat.frame).to_have_attribute("dir", "rtl")
    expect(chat.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(chat.page.locator("html")).to_have_attribute("lang", "ar")
    expect(chat.article(reply).locator(".body")).to_have_attribute("dir", "rtl")
    expect(chat.article(shown).locator(".body")).to_have_attribute("dir", "ltr")
    expect(chat.article(shown).locator("time").first).to_contain_text("تم التحقق في")
    expect(chat.box).to_have_attribute("placeholder", "اكتب سؤالك")
    chat.page.reload()
    expect(chat.frame).to_have_attribute("dir", "rtl")
    expect(chat.article(shown)).to_be_visible()


@pytest.mark.parametrize("language", ["fi", "en", "sv", "ru", "uk", "ar"])
def test_every_language_can_be_chosen_before_the_first_message(chat: Chat, language: str) -> None:
    if language != "fi":
        chat.speak(language)
    expect(chat.welcome.get_by_role("heading", level=3)).not_to_be_empty()
    expect(chat.frame.locator(f"#languages button[value={language}]")).to_have_attribute("aria-current", "true")
    assert "key" not in chat.remembered()


def test_starting_over_begins_another_conversation_and_the_way_back_is_there(chat: Chat, question: str) -> None:
    shown = chat.ask(question)["messages"][0]
    first = chat.key()["id"]
    chat.from_menu("start_over")
    expect(chat.frame.locator("article")).to_have_count(0)
    expect(chat.welcome).to_be_visible()
    expect(chat.box).to_be_focused()
    chat.notice.get_by_role("button").click()
    expect(chat.article(shown)).to_be_visible()
    assert chat.key()["id"] == first
    chat.from_menu("start_over")
    chat.ask(question)
    assert chat.key()["id"] != first


def test_erasing_is_confirmed_and_leaves_nothing_also_of_conversations_before(
    chat: Chat, live_guide: LiveGuide, question: str
) -> None:
    chat.ask(question)
    keys = [chat.key()]
    chat.from_menu("start_over")
    chat.ask(question)
    keys.append(chat.key())

    chat.from_menu("erase")
    chat.dialog.get_by_role("button", name="Peruuta").click()
    expect(chat.dialog).to_have_count(0)
    assert [_status(chat, live_guide, key) for key in keys] == [200, 200]

    chat.from_menu("erase")
    chat.dialog.get_by_role("button", name="Poista keskustelu").click()
    expect(chat.notice).to_have_text("Keskustelu on poistettu.")
    expect(chat.frame.locator("article")).to_have_count(0)
    assert [_status(chat, live_guide, key) for key in keys] == [404, 404]
    assert "key" not in chat.remembered()
    assert "earlier" not in chat.remembered()
    chat.page.reload()
    expect(chat.welcome).to_be_visible()


def test_erasing_in_words_leaves_nothing_either(chat: Chat, live_guide: LiveGuide) -> None:
    chat.ask("Poista tietoni")
    key = chat.key()
    chat.frame.locator('[data-payload="/affirm"]').click()
    expect(chat.notice).to_contain_text("päättynyt tai poistettu")
    assert _status(chat, live_guide, key) == 404


def _status(chat: Chat, guide: LiveGuide, key: dict[str, str]) -> int:
    headers = {"Authorization": f"Bearer {key['token']}"}
    return chat.page.request.get(f"{guide.url}/api/v1/conversations/{key['id']}/messages", headers=headers).status


def test_an_emergency_is_seen_at_once(chat: Chat) -> None:
    message = chat.ask("mun mies hakkaa mua")["messages"][0]
    shown = chat.article(message)
    expect(shown).to_be_in_viewport()
    expect(shown).to_contain_text("112")


def test_about_says_what_the_guide_can_and_gives_the_focus_back(chat: Chat) -> None:
    chat.from_menu("about")
    expect(chat.dialog.locator(".can li")).to_have_count(3)
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_have_count(0)
    expect(chat.frame.locator("#menu summary")).to_be_focused()


def test_the_box_grows_and_shift_with_enter_begins_a_line(chat: Chat) -> None:
    before = chat.box.evaluate("element => element.offsetHeight")
    chat.box.press_sequentially("hei")
    chat.box.press("Shift+Enter")
    chat.box.press("Shift+Enter")
    expect(chat.box).to_have_value("hei\n\n")
    assert chat.box.evaluate("element => element.offsetHeight") > before
    expect(chat.mine).to_have_count(0)


def test_a_link_may_name_language_and_municipality(page: Page, live_guide: LiveGuide) -> None:
    chat = open_chat(page, f"{live_guide.url}/chat?lang=ru&municipality=lieksa")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    contacts = chat.ask("Я хочу поговорить с человеком")["messages"][0]["expert"]["contacts"]
    assert "mun_lieksa" in [contact["id"] for contact in contacts]
