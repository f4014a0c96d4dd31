"""The grown-up stores, PostgreSQL for both databases and Redis for the locks, as real servers; and the migrations."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import httpx
import pytest
import redis
import sqlalchemy as sa
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.conversations.database import OUTAGE, Database
from bot.conversations.tables import Base
from tests.live_guide import LiveGuide, free_ports, settings_for_tests, wait_until
from tests.postgresql import PostgreSQL, running_postgresql
from tests.service.conversation_contract import ConversationContract
from tests.service.newcomer import TAX_CARD, Newcomer, is_problem, stored


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    """A server that these tests stop and start again."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port, folder = free_ports(1)[0], tmp_path_factory.mktemp("redis")
    options = {"--port": str(port), "--bind": "127.0.0.1", "--save": "", "--appendonly": "no", "--dir": str(folder)}
    process = subprocess.Popen(["redis-server", *chain.from_iterable(options.items())], stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:

            def answers() -> bool:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

            wait_until(answers, "Redis to be ready", 30)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def grown_up(postgresql: PostgreSQL, redis_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveGuide]:
    """A guide on PostgreSQL and Redis."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("grown-up"),
        database_url=postgresql.create("elo"),
        rasa_database_url=postgresql.create("rasa"),
        redis_url=f"redis://127.0.0.1:{redis_port}/0",
    )
    guide = LiveGuide(settings)
    try:
        guide.start()
        yield guide
    finally:
        guide.stop()


@pytest.fixture(scope="module")
def grown_up_api(grown_up: LiveGuide) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=grown_up.url, timeout=30) as client:
        yield client


class TestOnPostgreSQLAndRedis(ConversationContract):
    """The contract on the grown-up stores."""

    @pytest.fixture
    def guide(self, grown_up: LiveGuide) -> LiveGuide:
        return grown_up

    @pytest.fixture
    def client(self, grown_up_api: httpx.Client) -> httpx.Client:
        return grown_up_api

    def test_rasa_locks_in_redis(self, client: httpx.Client, guide: LiveGuide, redis_port: int) -> None:
        written = yaml.safe_load((guide.settings.run_dir / "rasa" / "endpoints.yml").read_text(encoding="utf-8"))
        assert (written["lock_store"]["type"], written["lock_store"]["port"]) == ("redis", redis_port)
        with redis.Redis(port=redis_port) as watching:
            before = watching.info("commandstats").get("cmdstat_set", {"calls": 0})["calls"]
            Newcomer(client).say(TAX_CARD[0])
            assert watching.info("commandstats")["cmdstat_set"]["calls"] > before

    def test_nothing_is_kept_of_a_question(self, client: httpx.Client, guide: LiveGuide) -> None:
        def kept() -> list[object]:
            service, rasa = guide.settings.database_url, guide.settings.rasa_database_url
            tables = {"messages": service, "turns": service, "events": rasa}
            return [stored(url, f"SELECT count(*) FROM {table}") for table, url in tables.items()]  # noqa: S608

        Newcomer(client).say(TAX_CARD[0])
        before = kept()
        assert client.post("/api/v1/ask", json={"question": TAX_CARD[0]}).status_code == 200
        assert kept() == before

    @pytest.mark.parametrize("words", ["😀 как получить вид на жительство? مرحبا", "\x01\x02 odd", "a" * 2000])
    def test_every_sign_is_kept(self, client: httpx.Client, words: str) -> None:
        newcomer = Newcomer(client)
        assert newcomer.say(words)["text"]
        assert newcomer.history()[1]["text"] == words

    def test_postgresql_that_goes_away_and_comes_back(
        self, client: httpx.Client, guide: LiveGuide, postgresql: PostgreSQL
    ) -> None:
        newcomer = Newcomer(client)
        postgresql.stop()
        try:
            is_problem(newcomer.post(TAX_CARD[0], client_id="lost"), 503)
            assert client.get("/health").status_code == 503
            assert guide.health()["database"] == "unavailable"
        finally:
            postgresql.start()
        assert newcomer.say(TAX_CARD[0], client_id="lost")["answer"]["id"] == TAX_CARD[1]
        assert len(newcomer.history()) == 3


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create(f"empty_{tmp_path.name}".lower().replace("[", "_").replace("]", "_"))


async def test_migrations_bring_an_empty_database_to_the_tables(empty_database: str) -> None:
    database = Database(empty_database)
    assert not await database.is_reachable()
    for _ in range(2):
        await database.migrate()
    assert await database.is_reachable()
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata))
    await database.close()
    assert differences == []


async def test_an_error_of_the_database_does_not_tell_what_was_to_be_stored(empty_database: str) -> None:
    database = Database(empty_database)
    async with database.session() as session:
        with pytest.raises(OUTAGE) as caught:
            await session.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": "131052-308T"})
    await database.close()
    assert "131052" not in str(caught.value)
