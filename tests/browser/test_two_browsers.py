"""Newcomer and permit expert in two browsers at once: from the first question to a closed case and a mailed appointment."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat, open_chat
from tests.desk_people import PASSWORD
from tests.live_guide import LiveGuide, environment, settings_for_tests, wait_until
from tests.service.mail_server import Mailbox, MailServer

QUESTION = "Miten saan Kela-kortin?"
DAY = dt.date.today() + dt.timedelta(days=30)


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[LiveGuide]:
    """A guide with an expert's account, made as an administrator makes it, and a mail server."""
    server = MailServer(mailbox)
    server.start()
    settings = settings_for_tests(
        tmp_path_factory.mktemp("staffed"),
        smtp_url=server.url,
        mail_from="guide@example.fi",
        desk_email="desk@example.fi",
        public_url="https://guide.example.fi",
    )
    guide = LiveGuide(settings)
    try:
        guide.start()
        add = ["accounts", "add", "expert", "--role", "expert", "--title", "Residence permit expert", "--language", "en"]
        subprocess.run(
            [sys.executable, "-m", "bot", *add, "--password-stdin"],
            input=PASSWORD, text=True, check=True, capture_output=True, env=environment(settings),
        )  # fmt: skip
        yield guide
    finally:
        guide.stop()
        server.stop()


@pytest.fixture
def newcomer(chromium: Browser, staffed: LiveGuide) -> Iterator[Chat]:
    with new_page(chromium, locale="fi-FI", viewport={"width": 360, "height": 740}) as page:
        yield open_chat(page, f"{staffed.url}/chat?municipality=kitee&audience=person")


@pytest.fixture
def expert(chromium: Browser, staffed: LiveGuide) -> Iterator[Page]:
    """Logged in and present."""
    with new_page(chromium, locale="en-GB", viewport={"width": 1200, "height": 900}) as page:
        page.goto(f"{staffed.url}/desk/login")
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
    expert.locator("summary", has_text="Book an appointment").click()
    expert.locator("#day").fill(DAY.isoformat())
    expert.locator("#time").fill("10:00")
    expert.locator("[name=medium][value=teams]").check()
    expert.locator("#link").fill("https://teams.example.fi/l/meetup-join/1")
    expert.locator("#appoint").click()
    expect(expert.locator(".notice[role=status]")).to_have_text("The appointment is booked.")
    booked = newcomer.frame.locator("article[data-sender=system]", has_text="Aikasi")
    expect(booked).to_contain_text(f"{DAY.day}.{DAY.month}.")
    wait_until(lambda: len(calendars(mailbox)) == 2, "the mails about the appointment", 60)
    mails = calendars(mailbox)
    assert sorted(str(mail["To"]) for mail in mails) == ["desk@example.fi", "uusi.asukas@example.fi"]
    for mail in mails:
        entry = next(part for part in mail.walk() if part.get_content_type() == "text/calendar").get_content()
        assert "METHOD:REQUEST" in entry
        assert re.search(rf"DTSTART[^\r\n]*{DAY:%Y%m%d}T100000", entry)
    close_case(expert)


def calendars(mailbox: Mailbox) -> list[Any]:
    """The mails that carry a calendar entry."""
    return [mail for mail in mailbox.mails if any(part.get_content_type() == "text/calendar" for part in mail.walk())]
