"""Where a conversation test is held. Another channel, such as Telegram, is another class with these three methods."""

from __future__ import annotations

import itertools
from http import HTTPStatus
from typing import Protocol

import httpx

from bot.messages import Message


class Channel(Protocol):
    """One conversation of one newcomer."""

    def say(self, text: str) -> list[Message]: ...

    def press(self, payload: str, title: str) -> list[Message]: ...

    def is_erased(self) -> bool: ...


class WebChannel:
    """The HTTP API."""

    def __init__(self, client: httpx.Client, about: dict[str, str]) -> None:
        self._client = client
        self._numbers = itertools.count(1)
        begun = client.post("/api/v1/conversations", json=about)
        assert begun.status_code == HTTPStatus.CREATED, begun.text
        self._messages = f"/api/v1/conversations/{begun.json()['id']}/messages"
        self._headers = {"Authorization": f"Bearer {begun.json()['token']}"}

    def say(self, text: str) -> list[Message]:
        return self._send(text=text)

    def press(self, payload: str, title: str) -> list[Message]:
        return self._send(payload=payload, title=title)

    def is_erased(self) -> bool:
        return self._client.get(self._messages, headers=self._headers).status_code == HTTPStatus.NOT_FOUND

    def _send(self, **sent: str) -> list[Message]:
        response = self._client.post(
            self._messages, headers=self._headers, json={**sent, "client_id": f"turn-{next(self._numbers)}"}
        )
        assert response.status_code == HTTPStatus.OK, response.text
        return [Message.model_validate(reply) for reply in response.json()["messages"]]
