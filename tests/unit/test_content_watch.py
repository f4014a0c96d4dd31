"""The content folder is watched: what passes goes live, what does not is told once."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.content_watch import ContentWatch
from bot.conversations.database import Database
from bot.handoff.tables import OutboxRow
from bot.settings import Settings
from knowledge.history import roll_back
from knowledge.published import current_id, read_manifest, snapshot_ids
from tests.live_guide import wait_until
from tests.unit.content_fixtures import BUS, NOW, Change, FakeEncoder, put, write, write_content

BROKEN = write(BUS, "id: [\n")


class Clock:
    """Each look at it is a minute later."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> dt.datetime:
        self.minutes += 1
        return NOW + dt.timedelta(minutes=self.minutes)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        content_dir=write_content(tmp_path),
        snapshot_dir=tmp_path / "snapshots",
        database_url=f"sqlite:///{tmp_path / 'elo.db'}",
        smtp_url="smtp://127.0.0.1:2525",
        mail_from="guide@example.fi",
        desk_email="desk@example.fi",
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def watch(settings: Settings, database: Database) -> ContentWatch:
    return ContentWatch(settings, FakeEncoder(), database, Clock())


@pytest.fixture
def rewrite(settings: Settings) -> Callable[..., None]:
    def rewrite(*changes: Change) -> None:
        write_content(settings.content_dir.parent, *changes)

    return rewrite


async def mails(database: Database) -> list[OutboxRow]:
    async with database.session() as session:
        return list(await session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


async def test_what_passes_is_published_and_what_is_live_is_left(
    watch: ContentWatch, settings: Settings, rewrite: Callable[..., None]
) -> None:
    await watch.look()
    await watch.look()
    assert len(snapshot_ids(settings.snapshot_dir)) == 1
    rewrite(put(BUS, "fi", "examples", 0, "uusi esimerkki"))
    await watch.look()
    assert len(snapshot_ids(settings.snapshot_dir)) == 2
    assert read_manifest(settings.snapshot_dir, str(current_id(settings.snapshot_dir))).by == "watch"


async def test_a_state_that_does_not_pass_is_told_once_in_log_and_mail(
    watch: ContentWatch, settings: Settings, database: Database, rewrite: Callable[..., None]
) -> None:
    await watch.look()
    live = current_id(settings.snapshot_dir)
    rewrite(BROKEN)
    with capture_logs() as logs:
        await watch.look()
        await watch.look()
    assert [entry["event"] for entry in logs] == ["content.not_published"]
    assert "bus_ticket.yml" in str(logs[0]["problems"])
    assert current_id(settings.snapshot_dir) == live
    (mail,) = await mails(database)
    assert (mail.to, mail.subject) == ("desk@example.fi", "Sisältöä ei julkaistu")
    assert "bus_ticket.yml" in mail.body
    rewrite(BROKEN, put("figures.yml", "bus-fare", "unit", "nothing"))
    await watch.look()
    assert len(await mails(database)) == 2


async def test_after_a_restart_the_same_state_causes_no_second_mail(
    watch: ContentWatch, settings: Settings, database: Database, rewrite: Callable[..., None]
) -> None:
    rewrite(BROKEN)
    await watch.look()
    await ContentWatch(settings, FakeEncoder(), database, Clock()).look()
    assert len(await mails(database)) == 1


@pytest.mark.parametrize("missing", ["smtp_url", "desk_email"])
async def test_without_mail_it_is_in_the_log_alone(
    settings: Settings, database: Database, rewrite: Callable[..., None], missing: str
) -> None:
    rewrite(BROKEN)
    with capture_logs() as logs:
        await ContentWatch(settings.model_copy(update={missing: None}), FakeEncoder(), database, Clock()).look()
    assert [entry["event"] for entry in logs] == ["content.not_published"]
    assert await mails(database) == []


async def test_a_mail_that_could_not_be_written_is_written_at_the_next_look(
    settings: Settings, tmp_path: Path, rewrite: Callable[..., None]
) -> None:
    rewrite(BROKEN)
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    watch = ContentWatch(settings, FakeEncoder(), database, Clock())
    with capture_logs() as logs:
        await watch.look()
    assert [entry["event"] for entry in logs] == ["content.not_published", "content.not_told"]
    await database.migrate()
    await watch.look()
    assert len(await mails(database)) == 1
    await database.close()


async def test_a_rollback_holds(watch: ContentWatch, settings: Settings, rewrite: Callable[..., None]) -> None:
    await watch.look()
    rewrite(put(BUS, "fi", "examples", 0, "uusi esimerkki"))
    await watch.look()
    hold = roll_back(settings.snapshot_dir, None, NOW)
    with capture_logs() as logs:
        await watch.look()
    assert [entry["event"] for entry in logs] == ["content.held"]
    assert current_id(settings.snapshot_dir) == hold.put_back


async def test_a_saved_file_is_noticed_and_the_watch_ends_when_it_is_told_to(
    watch: ContentWatch, settings: Settings, rewrite: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.content_watch.LOOK_ANYWAY_MS", 2_000)  # for a file that is saved before the watch has begun
    stop = asyncio.Event()
    following = asyncio.create_task(watch.follow(stop))

    def published(count: int) -> Callable[[], bool]:
        return lambda: len(snapshot_ids(settings.snapshot_dir)) == count

    await asyncio.to_thread(wait_until, published(1), "the folder to be published")
    rewrite(put(BUS, "fi", "examples", 0, "uusi esimerkki"))
    await asyncio.to_thread(wait_until, published(2), "the change to be published")
    stop.set()
    await following
