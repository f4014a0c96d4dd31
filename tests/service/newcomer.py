"""A newcomer with a conversation, over the HTTP API; and what is stored of it."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import sqlalchemy as sa

CALLS = "/api/v1/conversations"

TAX_CARD = ("How do I get a tax card for my first job?", "tax_card_first_time")
LIBRARY = ("miten saan kirjastokortin", "library_card")
STUDENT_HOURS = ("Montako tuntia viikossa opiskelija saa tehdä töitä?", "student_work_hours_30")
BANK_ACCOUNT = ("Как открыть счёт в банке?", "bank_account_open")
"""Questions that have one answer, as its own examples phrase them."""


class Newcomer:
    """One conversation from its beginning."""

    def __init__(self, client: httpx.Client, **about: Any) -> None:
        self.client = client
        self._numbers = itertools.count(1)
        response = client.post(CALLS, json=about)
        assert response.status_code == 201, response.text
        begun = response.json()
        self.id, self.token, self.greeting = begun["id"], begun["token"], begun["messages"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.messages_url = f"{CALLS}/{self.id}/messages"
        self.events_url = f"{CALLS}/{self.id}/events"

    def post(self, text: str | None = None, *, client_id: str | None = None, **more: Any) -> httpx.Response:
        """Send words or a button, and see whatever comes back."""
        sent = {"client_id": client_id or f"message-{next(self._numbers)}", **more}
        return self.client.post(self.messages_url, headers=self.headers, json=sent if text is None else {**sent, "text": text})

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Send words and read the one reply."""
        return self._reply(self.post(text, **more))

    def press(self, payload: str, title: str = "") -> dict[str, Any]:
        """Press a button and read the one reply."""
        return self._reply(self.post(payload=payload, title=title))

    def history(self, after: int = 0) -> list[dict[str, Any]]:
        response = self.client.get(self.messages_url, headers=self.headers, params={"after": after})
        assert response.status_code == 200, response.text
        return list(response.json()["messages"])

    def erase(self) -> httpx.Response:
        return self.client.delete(f"{CALLS}/{self.id}", headers=self.headers)

    @staticmethod
    def _reply(response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        (reply,) = response.json()["messages"]
        return dict(reply)


def stored(database_url: str, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a database holds, read past the service."""
    url = sa.make_url(database_url)
    engine = sa.create_engine(url if url.drivername == "sqlite" else url.set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), values)]
    finally:
        engine.dispose()


def rows_of(newcomer: Newcomer, database_url: str, rasa_database_url: str) -> dict[str, int]:
    """How many rows every table holds of a conversation."""
    kept = {"conversations": "id", "messages": "conversation_id", "feedback": "conversation_id"}
    counts = {
        table: int(stored(database_url, f"SELECT count(*) FROM {table} WHERE {column} = :id", id=newcomer.id)[0][0])  # noqa: S608
        for table, column in kept.items()
    }
    counts["events"] = int(stored(rasa_database_url, "SELECT count(*) FROM events WHERE sender_id = :id", id=newcomer.id)[0][0])
    return counts


def is_problem(response: httpx.Response, status: int) -> str:
    """The sentence of a problem document (RFC 9457), after checking that the response is one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    detail = str(body["detail"])
    assert detail[0].isupper(), detail
    assert detail.endswith("."), detail
    assert len(detail.split()) >= 3, detail
    return detail
