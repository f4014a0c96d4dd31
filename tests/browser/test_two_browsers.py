"""Newcomer and permit expert in two browsers at once: from the first question to a closed case and a mailed appointment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat, open_chat
from tests.desk_people import PASSWORD
from tests.live_guide import LiveGuide, add_expert, settings_for_tests, wait_until
from tests.service.mail_server import Mailbox, MailServer

QUESTION = "Miten saan Kela-kortin?"
DAY = dt.date.today() + dt.timedelta(days=30)


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[LiveGuide]:
    """A guide as it stands: whether somebody is at the desk is what the expert says there."""
    with guide_with_mail(tmp_path_factory.mktemp("staffed"), mailbox) as guide:
        yield guide


@pytest.fixture(scope="module")
def with_hours(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[LiveGuide]:
    """A guide whose expert has hours, so that there are free times. Those of the real one are not known yet."""
    with guide_with_mail(tmp_path_factory.mktemp("hours"), mailbox, serve=["tests.dialogue.staffed"]) as guide:
        yield guide


@contextmanager
def guide_with_mail(folder: Path, mailbox: Mailbox, **how: Any) -> Iterator[LiveGuide]:
    """A guide with an expert's account, made as an administrator makes it, and a mail server."""
    server = MailServer(mailbox)
    server.start()
    settings = settings_for_tests(
        folder,
        smtp_url=server.url,
        mail_from="guide@example.fi",
        desk_email="desk@example.fi",
        public_url="https://guide.example.fi",
    )
    guide = LiveGuide(settings, **how)
    try:
        guide.start()
        add_expert(settings)
        yield guide
    finally:
        guide.stop()
        server.stop()


@pytest.fixture
def newcomer(chromium: Browser, staffed: LiveGuide) -> Iterator[Chat]:
    with newcomer_at(chromium, staffed) as chat:
        yield chat


@pytest.fixture
def expert(chromium: Browser, staffed: LiveGuide) -> Iterator[Page]:
    with expert_at(chromium, staffed) as page:
        yield page


@contextmanager
def newcomer_at(chromium: Browser, guide: LiveGuide) -> Iterator[Chat]:
    """Somebody in Kitee with a phone."""
    with new_page(chromium, locale="fi-FI", viewport={"width": 360, "height": 740}) as page:
        yield open_chat(page, f"{guide.url}/chat?municipality=kitee&audience=person")


@contextmanager
def expert_at(chromium: Browser, guide: LiveGuide) -> Iterator[Page]:
    """Logged in and present."""
    with new_page(chromium, locale="en-GB", viewport={"width": 1200, "height": 900}) as page:
        page.goto(f"{guide.url}/desk/login")
        page.locator("#login").fill("expert")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk")
        if page.locator("#presence").get_attribute("data-present") == "no":
            page.locator("#presence-button").click()
        expect(page.locator("#presence")).to_have_attribute("data-present", "yes")
        yield page


@contextmanager
def new_page(chromium: Browser, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(**options)
    try:
        yield context.new_page()
    finally:
        context.close()


def answer_the_form(chat: Chat, *answers: str) -> None:
    """Press the button, or else write the words, one after another."""
    for answer in answers:
        button = chat.replies.last.get_by_role("button", name=answer, exact=True)
        if button.count():
            chat.press(button)
        else:
            chat.ask(answer)


def open_case(expert: Page, matter: str) -> None:
    """From the queue, which shows the new case by itself."""
    link = expert.locator("a[id^=case-link]", has_text=matter).or_(expert.locator("li", has_text=matter).locator("a")).first
    expect(link).to_be_visible(timeout=20_000)
    link.click()
    expert.locator("#claim").click()
    expect(expert.locator("#words")).to_be_visible()


def write(expert: Page, words: str) -> None:
    expert.locator("#words").fill(words)
    expert.locator("#send").click()
    expect(expert.locator("#transcript > li", has_text=words)).to_be_visible()


def book(expert: Page, form: str, time: str, link: str) -> None:
    """Fill in the form under this heading: by Teams, on ``DAY``."""
    expert.locator("summary", has_text=form).click()
    expert.locator("#day").fill(DAY.isoformat())
    expert.locator("#time").fill(time)
    expert.locator("[name=medium][value=teams]").check()
    expert.locator("#link").fill(link)
    expert.locator("#appoint").click()


def close_case(expert: Page) -> None:
    expert.locator("summary", has_text="Close the case").click()
    expert.locator("[name=outcome][value=answered]").check()
    expert.locator("#resolve").click()
    expect(expert.locator(".notice[role=status]")).to_have_text("The case is closed.")


def test_a_chat_from_the_first_question_to_the_closed_case(newcomer: Chat, expert: Page) -> None:
    newcomer.ask(QUESTION)
    newcomer.ask("haluan puhua ihmiselle")
    answer_the_form(newcomer, "Kirjoitan ihmiselle nyt", "Kyllä, välitä", "Siinä kaikki", "Suomeksi")
    open_case(expert, QUESTION)
    joined = newcomer.frame.locator("article[data-sender=system]", has_text="Residence permit expert")
    expect(joined.first).to_be_visible()
    write(expert, "Hei! Luen viestiäsi.")
    expect(newcomer.frame.locator("article[data-sender=expert]", has_text="Luen viestiäsi")).to_be_visible()
    before = newcomer.replies.count()
    newcomer.write("Kiitos, odotan.")
    expect(expert.locator("#transcript > li", has_text="Kiitos, odotan.")).to_be_visible()
    assert newcomer.replies.count() == before, "the guide must be silent while a human speaks"
    close_case(expert)
    expect(newcomer.frame.locator("article[data-sender=system]", has_text="Opas vastaa taas")).to_be_visible()
    newcomer.ask(QUESTION)
    expect(newcomer.answers.last).to_be_visible()


def test_a_question_that_is_left_becomes_an_appointment_by_mail(newcomer: Chat, expert: Page, mailbox: Mailbox) -> None:
    newcomer.ask("haluan puhua ihmiselle")
    matter = "Lupani loppuu keväällä, mitä teen?"
    answer_the_form(newcomer, "Jätän kysymyksen", "Kyllä, välitä", matter, "Suomeksi", "uusi.asukas@example.fi")
    open_case(expert, matter)
    book(expert, "Book an appointment", "10:00", "https://teams.example.fi/l/meetup-join/1")
    expect(expert.locator(".notice[role=status]")).to_have_text("The appointment is booked.")
    booked = newcomer.frame.locator("article[data-sender=system]", has_text="Aikasi")
    expect(booked).to_contain_text(f"{DAY.day}.{DAY.month}.")
    wait_until(lambda: len(calendars(mailbox)) == 2, "the mails about the appointment", 60)
    mails = calendars(mailbox)
    assert sorted(str(mail["To"]) for mail in mails) == ["desk@example.fi", "uusi.asukas@example.fi"]
    for mail in mails:
        entry = entry_of(mail)
        assert "METHOD:REQUEST" in entry
        assert re.search(rf"DTSTART[^\r\n]*{DAY:%Y%m%d}T100000", entry)
    close_case(expert)


def test_a_callback_is_withdrawn_while_the_expert_has_it_open(newcomer: Chat, expert: Page) -> None:
    newcomer.ask("haluan puhua ihmiselle")
    matter = "Miksi vaimoni lupa viipyy?"
    answer_the_form(newcomer, "Soittakaa minulle", "Kyllä, välitä", matter, "Suomeksi", "040 123 4567", "arkisin iltapäivällä")
    expect(newcomer.replies.last).to_contain_text("Sinulle soitetaan")
    open_case(expert, matter)
    expect(expert.locator("main")).to_contain_text("040 123 4567")
    expect(expert.locator("main")).to_contain_text("arkisin iltapäivällä")
    newcomer.ask(QUESTION)  # nobody writes here, so the guide goes on answering
    expect(newcomer.answers.last).to_be_visible()
    newcomer.ask("perun asiani")
    newcomer.ask("kyllä")
    expect(newcomer.frame.locator("article[data-sender=system]").last).to_contain_text("peruttu")
    expect(expert.locator("#state")).to_contain_text("has changed")
    expert.locator("#load-again").click()
    expect(expert.locator("#state")).to_contain_text("Withdrawn")
    expect(expert.locator("#resolve")).to_have_count(0)


def test_a_time_that_the_newcomer_chose_is_changed_and_cancelled(
    chromium: Browser, with_hours: LiveGuide, mailbox: Mailbox
) -> None:
    mailbox.mails.clear()
    with newcomer_at(chromium, with_hours) as newcomer, expert_at(chromium, with_hours) as expert:
        newcomer.ask("haluan puhua ihmiselle")
        matter = "Tarvitsen apua hakemukseen"
        answer_the_form(newcomer, "Varaan ajan", "Kyllä, välitä", matter, "Suomeksi", "uusi.asukas@example.fi")
        newcomer.press(newcomer.replies.last.get_by_role("button").first)
        told = newcomer.frame.locator("article[data-sender=system]")
        expect(told.last).to_contain_text("7.1. klo 9.00. Teamsissa.")
        open_case(expert, matter)
        book(expert, "Change or cancel the appointment", "14:00", "https://teams.example.fi/l/meetup-join/2")
        expect(told.last).to_contain_text("14.00")
        expert.locator("summary", has_text="Change or cancel the appointment").click()
        expert.locator("#cancel-appointment").click()
        expect(told.last).to_contain_text("peruttu")
        wait_until(lambda: methods(mailbox) == ["CANCEL"] * 2 + ["REQUEST"] * 4, "a mail to both sides each time", 60)
        close_case(expert)


def methods(mailbox: Mailbox) -> list[str]:
    """What each calendar entry that was mailed asks for."""
    return sorted(found[1] for mail in calendars(mailbox) if (found := re.search(r"METHOD:(\w+)", entry_of(mail))))


def entry_of(mail: Any) -> str:
    """The calendar entry of a mail."""
    return str(next(part for part in mail.walk() if part.get_content_type() == "text/calendar").get_content())


def calendars(mailbox: Mailbox) -> list[Any]:
    """The mails that carry a calendar entry."""
    return [mail for mail in mailbox.mails if any(part.get_content_type() == "text/calendar" for part in mail.walk())]
