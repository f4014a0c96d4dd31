"""Newcomers get everything that is stored about their conversation, and nothing of anybody else's."""

import datetime as dt
import json

import pytest
from fastapi.encoders import jsonable_encoder
from fastapi.testclient import TestClient

from bot.conversations.database import Database
from bot.conversations.store import UnknownConversation
from bot.export import export
from tests.unit.desk_rows import DESK_MAIL, NEWCOMER_MAIL, add_account, add_case, add_conversation

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


async def test_everything_about_a_conversation(database: Database) -> None:
    token = await add_conversation(database, "mine", NOON)
    await add_conversation(database, "other", NOON)
    account = await add_account(database, NOON)
    await add_case(database, "mine", NOON, account, state="claimed", phone="+358401234567")
    await add_case(database, "other", NOON + dt.timedelta(hours=1), matter="Somebody else's")
    told = await export(database, "mine")
    assert set(told) == {"conversation", "private_links_made_at", "telegram_numbers", "messages", "feedback", "cases"}
    assert (told["conversation"]["id"], told["private_links_made_at"]) == ("mine", [NOON])
    assert told["telegram_numbers"] == [5_000_000_001]
    assert [each["body"]["text"] for each in told["messages"]] == ["Where is my permit?"]
    assert [(each["helped"], each["words"]) for each in told["feedback"]] == [(False, "still late")]
    (case,) = told["cases"]
    assert (case["matter"], case["phone"], case["email"]) == ("My permit is late", "+358401234567", NEWCOMER_MAIL)
    assert case["claimed_by"] == "Residence permit expert"
    assert [(event["text"], event["by"]) for event in case["events"]] == [("Ask for the receipt", "Residence permit expert")]
    assert [each["starts_at"] for each in case["appointments"]] == [NOON]
    assert [(each["to"], each["body"], each["calendar"]) for each in case["mails"]] == [(NEWCOMER_MAIL, "See you", "ÄÄ")]
    as_json = json.dumps(jsonable_encoder(told))
    for never in (token, "hash", "expert@example.fi", DESK_MAIL, "Somebody else"):
        assert never not in as_json


async def test_a_case_without_mail_address_has_no_mails(database: Database) -> None:
    await add_conversation(database, "mine", NOON)
    await add_case(database, "mine", NOON, email=None)
    (case,) = (await export(database, "mine"))["cases"]
    assert case["mails"] == []


async def test_an_erased_conversation_is_unknown(database: Database) -> None:
    with pytest.raises(UnknownConversation):
        await export(database, "gone")


def test_the_call_needs_the_token_and_gives_a_file(served: TestClient) -> None:
    begun = served.post("/api/v1/conversations", json={"language": "en"}).json()
    address = f"/api/v1/conversations/{begun['id']}/export"
    assert served.get(address).status_code == 401
    assert served.get(address, headers={"Authorization": "Bearer wrong"}).status_code == 403
    headers = {"Authorization": f"Bearer {begun['token']}"}
    response = served.get(address, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == f'attachment; filename="elo-guide-{begun["id"]}.json"'
    assert response.headers["cache-control"] == "no-store"
    assert [each["body"]["text"] for each in response.json()["messages"]] == [begun["messages"][0]["text"]]
    assert served.get(address.replace(begun["id"], "unknown"), headers=headers).status_code == 404
