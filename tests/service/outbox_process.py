"""A process that sends from the outbox, and books appointments meanwhile when told to; tests kill it.

Arguments: database URL, mail server URL, seconds by which its clock is ahead, how many appointments to book, from which number.
It says ``ready`` before it begins, and ``booked <id>`` after each booking that was committed.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import sys

import structlog

from bot.conversations.database import Database
from bot.handoff import outbox
from bot.handoff.appointment_mails import Parties
from bot.handoff.appointments import book
from bot.handoff.mail import Mailer
from bot.handoff.tables import CaseRow
from bot.settings import Settings
from knowledge.model import Localised

PARTIES = Parties(desk=Localised(fi="asiantuntija", en="expert"), organizer="elo@example.fi", desk_email="desk@example.fi")
FIRST = dt.datetime(2030, 1, 1, 7, 0, tzinfo=dt.UTC)


async def work(database_url: str, smtp_url: str, ahead: float, count: int, first: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    outbox.LOOK_EVERY_SECONDS = 0.005
    database = Database(database_url)
    mailer = Mailer.from_settings(Settings(smtp_url=smtp_url, mail_from="elo@example.fi"))

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)

    print("ready", flush=True)
    sending = asyncio.create_task(outbox.OutboxSender(database, mailer, now).follow(asyncio.Event()))
    for number in range(first, first + count):
        async with database.write() as session:
            case = await session.get_one(CaseRow, 1)
            starts_at = FIRST + dt.timedelta(hours=number)
            appointment = await book(session, case, starts_at, "phone", None, now(), PARTIES)
        print(f"booked {appointment.id}", flush=True)
        await asyncio.sleep(0)
    await sending


if __name__ == "__main__":
    database_url, smtp_url, ahead, count, first = sys.argv[1:]
    asyncio.run(work(database_url, smtp_url, float(ahead), int(count), int(first)))
