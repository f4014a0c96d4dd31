"""Every call of the desk as the application itself knows it, so that a new one is tried without anybody thinking of it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from fastapi.routing import APIRoute, iter_route_contexts

from bot.app import public_app
from bot.desk.csrf import SAFE
from bot.service import Service

OPEN = {"/desk/static/{fingerprint}/{name}", "/desk/login", "/desk/login/code"}
"""Calls that are for everybody. A new one stands here, or is behind the login."""

ANSWER = "bus_ticket"
"""An answer of the small content folder."""

VALID = {
    "urgent": "true",
    "present": "true",
    "language": "en",
    "to": "desk:expert",
    "question": "How?",
    "reply": "So.",
    "note": "A note",
    "outcome": "answered",
    "topic": "",
    "detail": "Told how",
    "words": "Hello",
    "once": "f00",
    "day": "2026-11-30",
    "time": "10:00",
    "medium": "teams",
    "link": "https://meet.example.fi/a",
    "next": "/desk",
    "began": "f00",
    "read": "https://example.fi/",
    "more": "",
    "place": "kitee",
    "known": "",
    "id": "bus_ticket",
    "confirm": "",
    "login": "expert",
    "password": "wrong",
    "code": "123456",
    "member": "0" * 64,
    "group": "0" * 64,
    "answer": "bus_buy_ticket",
    "other": "",
    "reason": "out_of_scope",
    "text": "where do I buy a bus ticket",
    "in_language": "en",
    "write": "0",
    "shown": "",
}
"""What somebody types who means it well, in every field of every form."""


@dataclass(frozen=True)
class DeskCall:
    """One call: how, where, and what it takes."""

    method: str
    path: str
    fields: tuple[str, ...]
    queries: tuple[str, ...]

    @property
    def is_unsafe(self) -> bool:
        return self.method not in SAFE

    @property
    def is_open(self) -> bool:
        return self.path in OPEN

    @property
    def is_of_case(self) -> bool:
        return "{case_id}" in self.path

    @property
    def is_of_answers(self) -> bool:
        """Nothing that newcomers write is on these pages."""
        return self.path.startswith("/desk/answers")

    def at(self, case: int, message: int = 0) -> str:
        """The address, for a case and a message. Raises ``KeyError`` for a part of an address that is not known here."""
        query = f"?after=0&case={case}" if "after" in self.queries else ""
        parts = {"case_id": case, "message_id": message, "fingerprint": "now", "name": "desk.css", "key": "0" * 64}
        return self.path.format(**parts, answer_id=ANSWER) + query

    def filled(self) -> dict[str, str]:
        """The form as it should be. Raises ``KeyError`` for a field that is not known here."""
        return {field: VALID[field] for field in self.fields}

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def desk_calls(service: Service) -> list[DeskCall]:
    """All of them; the one that ends the login comes last."""
    found = []
    for route in iter_route_contexts(public_app(service).routes):
        if isinstance(route.original_route, APIRoute) and (route.path or "").startswith("/desk"):
            fields = tuple(field.alias for field in route.dependant.body_params)
            queries = tuple(query.alias for query in route.dependant.query_params)
            found += [DeskCall(method, str(route.path), fields, queries) for method in sorted(route.methods or ())]
    return sorted(found, key=lambda call: call.path == "/desk/logout")


def answered(
    client: httpx.Client, call: DeskCall, address: str, fields: dict[str, str] | None = None, **headers: str
) -> httpx.Response:
    """Make the call. Of a stream of events only the beginning is waited for."""
    data = (fields or {}) if call.is_unsafe else None
    with client.stream(call.method, address, data=data, headers=headers) as response:
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            response.read()
        else:
            response._content = b""
    return response
