"""The outbox with a real mail server, on both databases, with several senders, and with senders that are killed."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.conversations.database import Database
from bot.handoff.appointments import SlotTaken, book
from bot.handoff.mail import Mail, Mailer, NotSent, Refused, message_id
from bot.handoff.outbox import DELAYS, LEASE, MAIL_IS_OFF, TOO_OLD, OutboxSender, SentReport, queue
from bot.handoff.smtp_address import SmtpServer, read_mailbox
from bot.handoff.tables import AppointmentRow, OutboxRow
from bot.settings import ROOT, Settings
from tests.live_guide import wait_until
from tests.service.mail_server import Mailbox, MailServer, certificate_for_loopback, only_with_password
from tests.service.outbox_process import FIRST, PARTIES
from tests.unit.handoff_fixtures import NOW, store_case

SENDER = read_mailbox("ELO-opas <elo@example.fi>")
DAY = dt.timedelta(days=1)


class Clock:
    """The time that a sender is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer(Mailbox())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def mailer(server: MailServer) -> Mailer:
    return Mailer.from_settings(Settings(smtp_url=server.url, mail_from="ELO-opas <elo@example.fi>"))


async def write(database: Database, *keys: str, to: str = "asker@example.com") -> None:
    async with database.write() as session:
        for key in keys:
            assert await queue(session, key, to, f"About {key}", "Words\n", NOW)


async def rows(database: Database) -> Sequence[OutboxRow]:
    async with database.session() as session:
        return (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()


async def row(database: Database) -> OutboxRow:
    (only,) = await rows(database)
    return only


async def test_what_is_written_is_sent_once_and_no_key_is_written_twice(
    database: Database, server: MailServer, clock: Clock
) -> None:
    await write(database, "a", "b")
    async with database.write() as session:
        assert not await queue(session, "a", "other@example.com", "Other", "Other", NOW)
        assert await queue(session, "c", "asker@example.com", "Third", "Words\n", NOW, None, b"BEGIN:VCALENDAR", "REQUEST")
    sender = OutboxSender(database, mailer(server), clock)
    assert await sender.run_once() == SentReport(sent=3)
    assert await sender.run_once() == SentReport()
    assert [mail["Subject"] for mail in server.mailbox.mails] == ["About a", "About b", "Third"]
    assert [mail["Message-ID"] for mail in server.mailbox.mails] == [message_id(key, NOW, "example.fi") for key in "abc"]
    assert server.mailbox.recipients == [["asker@example.com"]] * 3
    assert [(each.sent_at, each.attempts, each.problem) for each in await rows(database)] == [(NOW, 1, None)] * 3


async def test_a_transaction_that_fails_sends_nothing(database: Database, server: MailServer, clock: Clock) -> None:
    async def fails() -> None:
        async with database.write() as session:
            await queue(session, "a", "asker@example.com", "Never", "Never", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
async def test_not_now_is_tried_again_ever_more_slowly_and_given_up_after_three_days(
    database: Database, server: MailServer, clock: Clock, step: str
) -> None:
    await write(database, "a")
    server.mailbox.answers[step] = "451 4.3.0 come back later"
    sender = OutboxSender(database, mailer(server), clock)
    waited = []
    while (await row(database)).given_up_at is None:
        before = clock.now
        clock.now = (await row(database)).next_at - dt.timedelta(seconds=1)
        if clock.now > before:
            assert await sender.run_once() == SentReport()
        clock.now += dt.timedelta(seconds=1)
        report = await sender.run_once()
        assert report in (SentReport(to_retry=1), SentReport(given_up=1))
        if report.to_retry:
            waited.append((await row(database)).next_at - clock.now)
    kept = await row(database)
    assert waited[:7] == [*DELAYS, DELAYS[-1]]
    assert set(waited[6:]) == {DELAYS[-1]}
    assert 3 * DAY - DELAYS[-1] < clock.now - NOW <= 3 * DAY
    assert kept.attempts == len(waited) + 1
    assert kept.problem == "451 4.3.0 come back later"
    clock.now += DAY
    server.mailbox.answers.clear()
    assert await sender.run_once() == SentReport()
    assert server.mailbox.mails == []


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_no_for_good_is_given_up_at_once_and_others_are_sent(
    database: Database, server: MailServer, clock: Clock, step: str
) -> None:
    await write(database, "a")
    server.mailbox.answers[step] = "550 5.1.1 no such user"
    sender = OutboxSender(database, mailer(server), clock)
    assert await sender.run_once() == SentReport(given_up=1)
    kept = await row(database)
    assert (kept.given_up_at, kept.problem, kept.attempts) == (NOW, "550 5.1.1 no such user", 1)
    server.mailbox.answers.clear()
    await write(database, "b")
    assert await sender.run_once() == SentReport(sent=1)


async def test_a_sender_that_is_refused_can_be_mended(database: Database, server: MailServer, clock: Clock) -> None:
    await write(database, "a")
    server.mailbox.answers["MAIL"] = "550 5.7.1 not from you"
    sender = OutboxSender(database, mailer(server), clock)
    assert await sender.run_once() == SentReport(to_retry=1)
    server.mailbox.answers.clear()
    clock.now += DELAYS[0]
    assert await sender.run_once() == SentReport(sent=1)


async def test_what_is_no_mail_is_given_up_and_the_next_one_is_sent(database: Database, server: MailServer, clock: Clock) -> None:
    await write(database, "a", to="a@example.com, b@example.com")
    await write(database, "b")
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport(sent=1, given_up=1)


async def test_without_a_server_mail_waits_is_marked_and_goes_once_there_is_one(
    database: Database, server: MailServer, clock: Clock
) -> None:
    await write(database, "a")
    off = OutboxSender(database, Mailer.from_settings(Settings()), clock)
    for _ in range(2):
        assert await off.run_once() == SentReport(waiting=1)
    kept = await row(database)
    assert (kept.problem, kept.attempts, kept.next_at) == (MAIL_IS_OFF, 0, NOW)
    clock.now += 3 * DAY
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport(sent=1)
    assert (await row(database)).problem is None


async def test_after_three_days_waiting_mail_is_given_up(database: Database, server: MailServer, clock: Clock) -> None:
    await write(database, "a")
    await OutboxSender(database, Mailer.from_settings(Settings()), clock).run_once()
    await write(database, "b")
    clock.now += 3 * DAY + dt.timedelta(seconds=1)
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport(given_up=2)
    assert [each.problem for each in await rows(database)] == [MAIL_IS_OFF, TOO_OLD]
    assert server.mailbox.mails == []


async def test_stopping_finishes_the_mail_in_hand_and_no_other(database: Database, server: MailServer, clock: Clock) -> None:
    await write(database, "a", "b")
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    server.mailbox.at_step = lambda step: loop.call_soon_threadsafe(stop.set) if step == "RCPT" else None
    await asyncio.wait_for(OutboxSender(database, mailer(server), clock).follow(stop), 20)
    assert [each.sent_at for each in await rows(database)] == [NOW, None]
    assert len(server.mailbox.mails) == 1


async def test_many_senders_of_one_outbox_send_each_mail_once(database: Database, server: MailServer, clock: Clock) -> None:
    await write(database, *(f"mail/{number}" for number in range(40)))
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(4)]
    reports = await asyncio.gather(*(OutboxSender(each, mailer(server), clock).run_once() for each in others))
    for each in others:
        await each.close()
    assert sum(report.sent for report in reports) == 40
    assert set(server.mailbox.by_id().values()) == {1}
    assert len(server.mailbox.mails) == 40


async def until_quiet(database: Database) -> None:
    """Wait until PostgreSQL has noticed that a process is gone, and has ended what that one began last."""
    busy = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
    )
    while database.url.drivername != "sqlite":
        async with database.session() as session:
            if not await session.scalar(busy):
                return


class Sending:
    """A process of outbox_process.py."""

    def __init__(self, database: Database, server: MailServer, ahead: dt.timedelta, count: int = 0, first: int = 0) -> None:
        url = database.url.render_as_string(hide_password=False)
        arguments = [url, server.url, str(ahead.total_seconds()), str(count), str(first)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ELO_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.outbox_process", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._next_line() == "ready\n"

    def wait_for(self, count: int) -> list[int]:
        """The next appointments that it says are booked."""
        return [int(self._next_line().removeprefix("booked ")) for _ in range(count)]

    def kill(self) -> list[int]:
        """End it at once; returns the further appointments that it said were booked."""
        self.process.send_signal(signal.SIGKILL)
        said, _ = self.process.communicate()
        return [int(line.removeprefix("booked ")) for line in said.splitlines(keepends=True) if line.endswith("\n")]

    def _next_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


Start = Callable[..., Awaitable[Sending]]


@pytest.fixture
async def start(database: Database, server: MailServer) -> AsyncIterator[Start]:
    """Starts processes on this database and mail server. Those that are left are killed at the end."""
    started: list[Sending] = []

    async def start(*arguments: Any) -> Sending:
        process = await asyncio.to_thread(Sending, database, server, *arguments)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.process.returncode is None:
            process.kill()


async def test_processes_that_send_side_by_side_send_each_mail_once(database: Database, server: MailServer, start: Start) -> None:
    now = dt.datetime.now(dt.UTC)
    for _ in range(3):
        await start(dt.timedelta())
    async with database.write() as session:
        for number in range(60):
            await queue(session, f"mail/{number}", "asker@example.com", "Many", "Words\n", now)
    await asyncio.to_thread(wait_until, lambda: len(server.mailbox.mails) >= 60, "all mail to arrive", 60)
    await asyncio.to_thread(server.wait_until_quiet)
    assert sorted(server.mailbox.by_id().values()) == [1] * 60


@pytest.mark.parametrize(("step", "twice"), [("EHLO", 0), ("MAIL", 0), ("RCPT", 0), ("DATA", 0), ("taken", 1)])
async def test_a_sender_killed_at_each_step_doubles_a_mail_only_when_the_server_had_taken_it(
    database: Database, server: MailServer, start: Start, step: str, twice: int
) -> None:
    """At ``DATA`` the server has read the mail, sees the line break, and does not take it."""
    await write(database, "a")
    async with database.write() as session:
        await session.execute(OutboxRow.__table__.update().values(created_at=dt.datetime.now(dt.UTC)))  # type: ignore[attr-defined]
    killed: list[Sending] = []
    starting = asyncio.Event()

    def kill_at(reached: str) -> None:
        if reached == step and not killed:
            wait_until(starting.is_set, "the process to be known")
            killed.append(process)
            process.kill()
            if step == "DATA":
                server.mailbox.answers["DATA"] = "451 the line is gone"

    server.mailbox.at_step = kill_at
    process = await start(dt.timedelta())
    starting.set()
    await asyncio.to_thread(wait_until, lambda: process.process.returncode is not None, "the kill", 30)
    await asyncio.to_thread(server.wait_until_quiet)
    server.mailbox.answers.clear()
    kept = await row(database)
    assert (kept.sent_at, kept.attempts) == (None, 1)
    clock = Clock()
    clock.now = kept.next_at - dt.timedelta(seconds=1)
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport()
    clock.now = kept.next_at
    assert await OutboxSender(database, mailer(server), clock).run_once() == SentReport(sent=1)
    assert server.mailbox.by_id() == {message_id("a", kept.created_at, "example.fi"): 1 + twice}


async def test_a_crash_between_booking_and_sending_loses_nothing_and_doubles_only_what_was_in_doubt(
    database: Database, server: MailServer, start: Start
) -> None:
    """Processes that book and send are killed at random points.

    Every booking that was said to be committed is there, each booking has exactly its two mails, and each mail arrives. A mail
    is in doubt after a kill when the server has taken it and that is not written down; a kill leaves one in doubt at the most.
    A mail arrives as many times more than once as it was in doubt: kills at any other point double nothing.
    """
    rng = random.Random(4)
    async with database.write() as session:
        await store_case(session)
    said: set[int] = set()
    doubts: Counter[str] = Counter()
    per_round, rounds = 12, 12
    for number in range(rounds):
        process = await start(number * 2 * LEASE, per_round, number * per_round)
        said.update(await asyncio.to_thread(process.wait_for, rng.randrange(per_round)))
        await asyncio.to_thread(time.sleep, rng.uniform(0, 0.1))
        said.update(process.kill())
        await asyncio.to_thread(server.wait_until_quiet)
        await until_quiet(database)
        in_doubt = [
            each
            for each in await rows(database)
            if each.sent_at is None
            and server.mailbox.by_id()[message_id(each.key, each.created_at, "example.fi")] > doubts[each.key]
        ]
        assert len(in_doubt) <= 1
        doubts.update(each.key for each in in_doubt)

    clock = Clock()
    clock.now = dt.datetime.now(dt.UTC) + 2 * rounds * LEASE
    await OutboxSender(database, mailer(server), clock).run_once()

    async with database.session() as session:
        booked = {each.id for each in await session.scalars(select(AppointmentRow))}
    written = await rows(database)
    assert said
    assert said <= booked
    assert {each.key for each in written} == {f"appointment/{each}/0/{whom}" for each in booked for whom in ("newcomer", "desk")}
    assert all(each.sent_at is not None for each in written)
    arrived = {each.key: server.mailbox.by_id()[message_id(each.key, each.created_at, "example.fi")] for each in written}
    assert arrived == {each.key: 1 + doubts[each.key] for each in written}
    assert len(server.mailbox.mails) == sum(arrived.values())


async def test_of_times_that_overlap_and_are_booked_at_once_one_is_taken(database: Database) -> None:
    """The unique index sees equal beginnings only."""
    async with database.write() as session:
        cases = [await store_case(session, f"c{number}") for number in range(6)]

    async def try_to_book(number: int) -> bool:
        try:
            async with database.write() as session:
                starts_at = FIRST + dt.timedelta(minutes=5 * (number % 3))
                await book(session, cases[number], starts_at, "phone", None, NOW, PARTIES)
                await asyncio.sleep(0.05)
        except SlotTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(try_to_book(number) for number in range(6)))) == 1
    assert len(await rows(database)) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server does not see that its socket is encrypted from the beginning
@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted_and_with_an_account(tmp_path: Path, security: str) -> None:
    at_server, at_client = certificate_for_loopback(tmp_path)
    account = {"authenticator": only_with_password(b"office", b"s:e/c%t"), "auth_required": True}
    encryption = (
        {"tls_context": at_server, "require_starttls": True}
        if security == "starttls"
        else {"ssl_context": at_server, "auth_require_tls": False}
    )
    server = MailServer(Mailbox(), **account, **encryption)
    server.start()
    mail = Mail("a", "asker@example.com", "Secret", "Words", NOW)

    async def send(password: str, tls: object = at_client) -> None:
        address = SmtpServer("127.0.0.1", server.port, security, "office", password)  # type: ignore[arg-type]
        await Mailer(address, SENDER, tls=tls).send(mail, NOW)  # type: ignore[arg-type]

    try:
        await send("s:e/c%t")
        with pytest.raises(NotSent, match="535") as told:
            await send("wrong")
        assert not isinstance(told.value, Refused)
        with pytest.raises(NotSent, match="certificate"):
            await send("s:e/c%t", None)
    finally:
        server.stop()
    assert [each["Subject"] for each in server.mailbox.mails] == ["Secret"]


async def test_encryption_that_is_asked_for_is_insisted_on(server: MailServer) -> None:
    address = SmtpServer("127.0.0.1", server.port, "starttls")
    with pytest.raises(NotSent, match="STARTTLS"):
        await Mailer(address, SENDER).send(Mail("a", "asker@example.com", "Open", "Words", NOW), NOW)
    assert server.mailbox.mails == []
