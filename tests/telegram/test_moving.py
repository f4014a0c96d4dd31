"""One conversation on both: from the web into Telegram, and back."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from sqlalchemy import select, update

from bot.channels.telegram.tables import ChannelLinkRow, TelegramChatRow
from bot.conversations.tables import ConversationRow
from tests.telegram.bot_api import USER_NAME, BotApi
from tests.telegram.conftest import Running, run_service
from tests.telegram.person import Person


class Browser:
    """A conversation on the web."""

    def __init__(self, client: httpx.AsyncClient, begun: dict[str, Any]) -> None:
        self._client = client
        self.id = begun["id"]
        self._headers = {"Authorization": f"Bearer {begun['token']}"}
        self._path = f"/api/v1/conversations/{self.id}"

    async def say(self, text: str, client_id: str) -> list[dict[str, Any]]:
        sent = await self._client.post(
            f"{self._path}/messages", headers=self._headers, json={"text": text, "client_id": client_id}
        )
        assert sent.status_code == HTTPStatus.OK, sent.text
        replies: list[dict[str, Any]] = sent.json()["messages"]
        return replies

    async def link(self) -> httpx.Response:
        return await self._client.post(f"{self._path}/telegram", headers=self._headers)

    async def start_parameter(self) -> str:
        made = await self.link()
        assert made.status_code == HTTPStatus.CREATED, made.text
        return parse_qs(urlsplit(made.json()["url"]).query)["start"][0]

    async def erase(self) -> int:
        return (await self._client.delete(self._path, headers=self._headers)).status_code


async def begin(running: Running, client: httpx.AsyncClient, **about: str) -> Browser:
    begun = await client.post(f"{running.url}/api/v1/conversations", json={"language": "en", **about})
    client.base_url = httpx.URL(running.url)
    return Browser(client, begun.json())


async def test_a_conversation_of_the_web_goes_on_in_telegram(running: Running) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client, municipality="kitee")
        await browser.say("How long does my permit take?", "w1")
        made = (await browser.link()).json()
        assert made["url"].startswith(f"https://t.me/{USER_NAME}?start=")
        ends = dt.datetime.fromisoformat(made["expires_at"]) - dt.datetime.now(dt.UTC)
        assert dt.timedelta(minutes=9) < ends <= dt.timedelta(minutes=10)
        person = running.person("fi")
        await person.write(f"/start {parse_qs(urlsplit(made['url']).query)['start'][0]}")
        assert "only your Telegram number" in (await person.hears("Your conversation goes on here")).text
        await person.hears("I cannot answer right now")  # the reply to the last words, so that its buttons can be pressed
        await person.write("And for my wife?")
        await person.hears_messages(3)
        conversation = await running.conversation(person)
        assert (conversation.id, conversation.channel, conversation.municipality) == (browser.id, "telegram", "kitee")
        assert await running.wrote(browser.id) == ["How long does my permit take?", "And for my wife?"]


async def test_a_link_works_once_and_only_for_ten_minutes(running: Running) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client)
        first, second = running.person(), running.person()
        replaced, parameter = await browser.start_parameter(), await browser.start_parameter()
        await second.write(f"/start {replaced}")
        await second.hears("The link does not work any more")
        await first.write(f"/start {parameter}")
        await first.hears("goes on here")
        await second.write(f"/start {parameter}")
        await second.hears("The link does not work any more")
        assert await running.chat(second) is None
        late = await browser.start_parameter()
        async with running.service.database.write() as session:
            before = running.service.parts.now() - dt.timedelta(minutes=10, seconds=1)
            await session.execute(
                update(ChannelLinkRow).where(ChannelLinkRow.conversation_id == browser.id).values(made_at=before)
            )
        await second.write(f"/start {late}")
        await second.hears("The link does not work any more")


async def test_a_link_that_was_made_up_leads_nowhere(running: Running) -> None:
    person = running.person()
    await person.write("/start made_up-link")
    await person.hears("The link does not work any more")


async def test_the_token_of_a_link_is_not_stored(running: Running) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client)
        parameter = await browser.start_parameter()
        async with running.service.database.session() as session:
            hashes = list(await session.scalars(select(ChannelLinkRow.token_hash)))
        assert hashes
        assert all(parameter not in each for each in hashes)


async def test_messages_reach_the_place_that_was_used_last(running: Running) -> None:
    expert = await running.expert()
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client)
        person = running.person()
        await person.write(f"/start {await browser.start_parameter()}")
        await person.hears("goes on here")
        case = await running.case_of(person, expert)
        await running.service.parts.cases.write(case.id, expert, "First, in Telegram", "en")
        await person.hears("First, in Telegram")
        await browser.say("I am on the web now", "w1")
        await running.service.parts.cases.write(case.id, expert, "Second, on the web", "en")
        await browser.say("Read", "w2")
        await running.service.parts.cases.write(case.id, expert, "Third, perhaps missed", "en")
        assert (await running.conversation(person)).channel == "web"
        assert not any("Second" in each.text or "Third" in each.text for each in person.told)
        await person.write("I am back")
        await person.hears("Third, perhaps missed")
        await running.service.parts.cases.write(case.id, expert, "Fourth, in Telegram", "en")
        await person.hears("Fourth, in Telegram")
        assert not any("Second" in each.text for each in person.told)


async def test_the_chat_of_an_open_case_is_not_given_away(running: Running) -> None:
    expert = await running.expert()
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client)
        person = running.person()
        await person.write("/start")
        await person.hears("I am ELO Guide")
        case = await running.case_of(person, expert)
        await person.hears("has joined")
        parameter = await browser.start_parameter()
        await person.write(f"/start {parameter}")
        await person.hears("You have an open case in this chat")
        assert (await running.conversation(person)).id == case.conversation_id
        await running.service.parts.cases.withdraw(case.conversation_id)
        await person.hears("Your case is withdrawn")
        await person.write(f"/start {parameter}")
        await person.hears("goes on here")
        assert (await running.conversation(person)).id == browser.id


async def test_back_to_the_web_by_a_private_link(api: BotApi, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("web")
    async with run_service(folder, api, public_url="https://guide.example.fi") as running:
        assert '"web"' in api.called("setMyCommands")[0].fields["commands"]
        person = running.person()
        await person.write("my house is on fire")
        await person.hears("112")
        await person.write("/web")
        (button,) = (await person.hears("opens this conversation on the web")).buttons
        page, _, back = button["url"].partition("#back=")
        conversation_id, _, token = back.partition(".")
        assert (page, conversation_id) == ("https://guide.example.fi/chat", (await running.conversation(person)).id)
        async with httpx.AsyncClient(base_url=running.url) as client:
            path = f"/api/v1/conversations/{conversation_id}/messages"
            history = await client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert "my house is on fire" in [each["text"] for each in history.json()["messages"]]
        await person.write("/privacy")
        await person.hears("https://guide.example.fi/privacy")


async def test_without_a_public_address_there_is_no_way_to_the_web(running: Running) -> None:
    person = running.person()
    await person.write("/web")
    await person.hears("cannot be reached on the web")


async def test_without_a_bot_there_is_no_link(tmp_path_factory: Any, api: BotApi) -> None:
    async with run_service(tmp_path_factory.mktemp("off"), api, telegram_token="") as running:
        async with httpx.AsyncClient(timeout=30) as client:
            assert (await (await begin(running, client)).link()).status_code == HTTPStatus.NOT_FOUND
            webhook = await client.post(f"{running.url}/telegram/webhook", json={"update_id": 1})
            assert webhook.status_code == HTTPStatus.NOT_FOUND
        assert api.calls == []


async def test_a_link_needs_the_token_of_the_conversation(running: Running) -> None:
    async with httpx.AsyncClient(base_url=running.url) as client:
        begun = (await client.post("/api/v1/conversations", json={})).json()
        path = f"/api/v1/conversations/{begun['id']}/telegram"
        assert (await client.post(path)).status_code == HTTPStatus.UNAUTHORIZED
        wrong = await client.post(path, headers={"Authorization": "Bearer wrong"})
        assert wrong.status_code == HTTPStatus.FORBIDDEN


async def test_erased_on_the_web_is_erased_in_telegram(live_running: Running) -> None:
    running = live_running
    async with httpx.AsyncClient(timeout=30) as client:
        browser = await begin(running, client)
        person = running.person()
        await running.is_handled(await person.write(f"/start {await browser.start_parameter()}"))
        assert await browser.erase() == HTTPStatus.NO_CONTENT
        assert await running.chat(person) is None
        await running.is_handled(await person.write("/start"))
        assert (await running.conversation(person)).id != browser.id


async def test_erasing_in_telegram_erases_the_conversations_that_were_held_there_before(live_running: Running) -> None:
    running = live_running
    async with httpx.AsyncClient(timeout=30) as client:
        person = running.person()
        await person.write("/start")
        await person.hears("I am ELO Guide")
        earlier = (await running.conversation(person)).id
        browser = await begin(running, client)
        await person.write(f"/start {await browser.start_parameter()}")
        await person.hears("goes on here")
        await _erase(person)
        async with running.service.database.session() as session:
            left = await session.scalars(select(ConversationRow.id).where(ConversationRow.id.in_([earlier, browser.id])))
            assert list(left) == []
            assert await session.scalar(select(TelegramChatRow).where(TelegramChatRow.chat_id == person.id)) is None
        await running.is_handled(await person.write("/help"))
        assert str(person.id) not in await running.stored_text()


async def _erase(person: Person) -> None:
    await person.write("/erase")
    await person.hears("Erase the conversation?")
    await person.press("No")
    await person.hears("Nothing was erased")
    await person.press("Yes, erase")
    assert "delete this chat in Telegram too" in (await person.hears("have been deleted")).text
