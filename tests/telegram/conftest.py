"""Services inside the test's own process, with a Bot API server of their own; without Rasa unless a test asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from sqlalchemy import func, select

from bot.app import public_app
from bot.channels.telegram.tables import TelegramChatRow, TelegramUpdateRow
from bot.conversations.tables import ConversationRow, MessageRow
from bot.desk.accounts import Account, account_of
from bot.desk.tables import AccountRow
from bot.handoff.beginning import begin, new_case
from bot.handoff.draft import Draft
from bot.handoff.possible import Offers
from bot.handoff.tables import CaseRow
from bot.messages import Message
from bot.service import Service
from tests.dialogue.staffed import StaffedDesk
from tests.live_guide import LiveGuide, free_ports, settings_for_tests
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.person import Person


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all, so that the service is started once."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass
class Running:
    """A service that runs, and the Telegram that it is connected with."""

    service: Service
    api: BotApi
    url: str

    def person(self, language: str | None = "en") -> Person:
        return Person(self.api, language)

    async def conversation(self, person: Person) -> ConversationRow:
        """The conversation that is held in the person's chat."""
        async with self.service.database.session() as session:
            query = (
                select(ConversationRow)
                .join(TelegramChatRow, TelegramChatRow.conversation_id == ConversationRow.id)
                .where(TelegramChatRow.chat_id == person.id, TelegramChatRow.current)
            )
            return (await session.scalars(query)).one()

    async def chat(self, person: Person) -> TelegramChatRow | None:
        async with self.service.database.session() as session:
            query = select(TelegramChatRow).where(TelegramChatRow.chat_id == person.id, TelegramChatRow.current)
            return await session.scalar(query)

    async def messages(self, conversation_id: str) -> list[Message]:
        return await self.service.parts.store.messages(conversation_id)

    async def wrote(self, conversation_id: str) -> list[str]:
        """The newcomer's words as they are stored."""
        return [each.text for each in await self.messages(conversation_id) if each.sender == "newcomer"]

    async def case_of(self, person: Person, account: Account, way: str = "chat") -> CaseRow:
        """A case of the person's conversation, which the account has claimed."""
        conversation = await self.conversation(person)
        draft = Draft.model_validate({"consent": True, "way": way, "matter": "Why is it late?", "language": "en"})
        async with self.service.database.write() as session:
            row = await session.get_one(ConversationRow, conversation.id)
            case = new_case(draft, row, "expert", {"topic": None}, self.service.parts.now())
            begin(session, case)
            await session.flush()
        await self.service.parts.cases.claim(case.id, account)
        return case

    async def expert(self) -> Account:
        async with self.service.database.write() as session:
            count = await session.scalar(select(func.count()).select_from(AccountRow))
            row = AccountRow(
                login=f"expert{count}", title="Permit expert", role="expert", language="en", created_at=self.service.parts.now()
            )
            session.add(row)
            await session.flush()
            return account_of(row)

    async def is_handled(self, *update_ids: int) -> None:
        """Wait until these updates have come and have been handled."""

        async def handled() -> bool:
            of_these = TelegramUpdateRow.update_id.in_(update_ids), TelegramUpdateRow.chat_id.is_(None)
            async with self.service.database.session() as session:
                return await session.scalar(select(func.count()).where(*of_these)) == len(update_ids)

        await eventually(handled, f"the updates {update_ids} to be handled")

    async def count(self, table: type[Any]) -> int:
        async with self.service.database.session() as session:
            return await session.scalar(select(func.count()).select_from(table)) or 0

    async def stored_text(self) -> str:
        """Everything that stands in the tables, as one text."""
        async with self.service.database.session() as session:
            rows: list[object] = []
            for table in (ConversationRow, MessageRow, TelegramChatRow, TelegramUpdateRow):
                rows += (await session.execute(select(*table.__table__.columns))).all()
        return repr(rows)


async def eventually(holds: Callable[[], Awaitable[object]], what: str, within: float = 30.0) -> None:
    """Return as soon as ``holds()``."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - the database tells nobody when it changes
            await asyncio.sleep(0.02)


@asynccontextmanager
async def run_service(
    folder: Path, api: BotApi, *, pushed: bool = False, offers: Offers | None = None, **changed: Any
) -> AsyncIterator[Running]:
    """The service with its public port, ready when it is connected. ``pushed``: updates come by webhook."""
    (port,) = free_ports(1)
    if pushed:
        changed["telegram_webhook_url"] = f"http://127.0.0.1:{port}/telegram/webhook"
    settings = settings_for_tests(
        folder,
        **{"telegram_token": TOKEN, "telegram_api_url": api.url, "rasa_url": "http://127.0.0.1:9", "port": port, **changed},
    )
    service = Service(settings, offers=offers)
    server = uvicorn.Server(uvicorn.Config(public_app(service), host="127.0.0.1", port=port, log_config=None, access_log=False))
    task = asyncio.create_task(server._serve())

    async def ready() -> bool:
        assert not task.done(), "the service has ended"
        connected = service.telegram is None or service.telegram.user_name is not None
        return server.started and connected and (api.webhook is not None or not pushed)

    try:
        await eventually(ready, "the service to be ready")
        yield Running(service, api, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        await task


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A service that fetches its updates. There is no Rasa: what the guide cannot answer it says so."""
    async with AsyncExitStack() as stack:
        api = BotApi()
        await api.start()
        stack.push_async_callback(api.stop)
        yield await stack.enter_async_context(run_service(tmp_path_factory.mktemp("telegram"), api))


@pytest_asyncio.fixture(loop_scope="session")
async def api() -> AsyncIterator[BotApi]:
    """A Bot API server for a test alone."""
    api = BotApi()
    await api.start()
    yield api
    await api.stop()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def live_running(live_guide: LiveGuide, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The same with the Rasa of the live guide, and a desk at which somebody always is."""
    async with AsyncExitStack() as stack:
        api = BotApi()
        await api.start()
        stack.push_async_callback(api.stop)
        folder, rasa = tmp_path_factory.mktemp("telegram-live"), live_guide.settings.rasa_address
        yield await stack.enter_async_context(run_service(folder, api, rasa_url=rasa, offers=StaffedDesk()))
