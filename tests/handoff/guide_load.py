"""Newcomers and an expert who work with a guide whose processes are killed, each keeping what was acknowledged to them."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
from collections.abc import Callable

import httpx

from tests.desk_people import PASSWORD

CALLS = "/api/v1/conversations"
PATIENCE = 90.0
"""Seconds for which a message is sent again and again until it is acknowledged."""

ASKED = {
    "Choose how to go on": '/handoff{"way":"chat"}',
    "May I pass": "yes",
    "own words": "my permit is late and I am worried",
    "anything to add": "that is all",
    "Which language": "in English",
    "Which municipality": "skip",
    "employer": "skip",
}
"""What a newcomer says to each question of the form: a payload, or words."""


class Loser(Exception):
    """Something was not acknowledged in all that time."""


class Worker(threading.Thread):
    """Does one step after another until it is told to stop. ``failed`` is what ended it, if anything did."""

    def __init__(self, address: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(seed)
        self.acknowledged: list[str] = []
        self.failed: Exception | None = None
        self.client = httpx.Client(base_url=address, timeout=20)
        self._stopping = threading.Event()

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self.step()
        except Exception as error:  # shown by whoever joins the thread
            self.failed = error

    def step(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """End after the step under way. Raises what made the worker fail."""
        self._stopping.set()
        self.join(PATIENCE)
        self.client.close()
        if self.failed is not None:
            raise self.failed

    def until_acknowledged(self, send: Callable[[], httpx.Response], status: int) -> httpx.Response:
        """Send again and again, as a widget does, while nobody answers or the guide says that it cannot now."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                response = send()
            except httpx.TransportError:
                self._stopping.wait(0.05)
                continue
            if response.status_code == status:
                return response
            if response.status_code < 500:
                raise Loser(f"{response.request.url}: {response.status_code} {response.text[:300]}")
            self._stopping.wait(0.05)
        raise Loser("not acknowledged")


class NewcomerAtWork(Worker):
    """Asks for a human, answers the form, writes to the human, and begins anew when the case is over."""

    def __init__(self, address: str, number: int) -> None:
        super().__init__(address, number)
        self.name_of_message = (f"n{number}m{count}" for count in itertools.count())
        self.id: str | None = None
        self._headers: dict[str, str] = {}
        self._last = ""

    def step(self) -> None:
        if self.id is None:
            about = {"language": "en", "municipality": "kitee", "audience": "person"}
            begun = self.until_acknowledged(lambda: self.client.post(CALLS, json=about), 201).json()
            self.id, self._headers = begun["id"], {"Authorization": f"Bearer {begun['token']}"}
        client_id = next(self.name_of_message)
        said = next((reply for asked, reply in ASKED.items() if asked in self._last), None) or self._in_own_words(client_id)
        sent = {"payload": said} if said.startswith("/") else {"text": said}
        body = {"client_id": client_id, **sent}
        address = f"{CALLS}/{self.id}/messages"
        response = self.until_acknowledged(lambda: self.client.post(address, headers=self._headers, json=body), 200)
        self.acknowledged.append(client_id)
        self._last = " ".join(message["text"] for message in response.json()["messages"])

    def _in_own_words(self, client_id: str) -> str:
        """A case is open, and a human may have it; or nothing is, and one is asked for."""
        state = self.until_acknowledged(lambda: self.client.get(f"{CALLS}/{self.id}/case", headers=self._headers), 200).json()
        case = state.get("case") or {}
        if case.get("state") in ("queued", "claimed"):
            time.sleep(self.chance.uniform(0.0, 0.1))
            return f"more about it {client_id}"
        return "I want to talk to a human"


class ExpertAtWork(Worker):
    """Claims what waits, writes some lines, and releases or closes the case."""

    def __init__(self, address: str, login: str, number: int) -> None:
        super().__init__(address, 1000 + number)
        self.line = (f"e{number}w{count}" for count in itertools.count())
        self._login, self._token = login, ""
        self.thorough = False
        """Whether every case is closed, rather than sometimes put back into the queue."""

    def step(self) -> None:
        if not self._token:
            self._enter()
        waiting = re.findall(r"/desk/cases/(\d+)", self._see("/desk").text)
        if not waiting:
            time.sleep(0.05)
            return
        path = f"/desk/cases/{self.chance.choice(waiting)}"
        self._see(path)
        self._do(f"{path}/claim")
        for _ in range(self.chance.randrange(1, 5)):
            words = next(self.line)
            if self._do(f"{path}/write", words=words, once=f"a{words}"):
                self.acknowledged.append(words)
        if self.thorough or self.chance.random() < 0.6:
            self._do(f"{path}/resolve", outcome="answered")
        else:
            self._do(f"{path}/release")

    def _enter(self) -> None:
        self._see("/desk/login")
        self.until_acknowledged(
            lambda: self.client.post("/desk/login", data={"csrf": self._token, "login": self._login, "password": PASSWORD}),
            303,
        )

    def _see(self, path: str) -> httpx.Response:
        page = self.until_acknowledged(lambda: self.client.get(path), 200)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        self._token = found[1] if found else self._token
        return page

    def _do(self, path: str, **fields: str) -> bool:
        """Send a form until something comes back. Whether it was done: another one may have been quicker, or the case over."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                response = self.client.post(path, data={"csrf": self._token, **fields})
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if response.status_code < 500:
                return response.status_code == 303
            time.sleep(0.05)
        raise Loser(f"{path}: not acknowledged")
