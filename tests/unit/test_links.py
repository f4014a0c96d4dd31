"""Sources and links are looked at over a real network: the loopback one, with a server that has every fault."""

import asyncio
import datetime as dt
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.settings import ROOT
from knowledge.links import CheckedLink, NoNetwork, State, check_links, links_of
from knowledge.load import load_content
from tests.unit.content_fixtures import BUS, DAY, HOME, Change, put, write_content


class Site(ThreadingHTTPServer):
    """A website with faults. It notes what it is asked, and how many requests are with it at a time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.asked: list[tuple[str, str]] = []
        self.most_at_once = 0
        self.inside = 0
        self.lock = threading.Lock()
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that give up, or speak TLS to it, are what the tests are about."""


REPLIES = {"/ok": 200, "/gone": 404, "/removed": 410, "/forbidden": 403, "/often": 429, "/broken": 500}
REDIRECTS = {"/moved": (301, "/ok"), "/away": (302, "/gone"), "/round": (302, "/round")}


class Page(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self.reply({"/no-head": 405, "/odd-head": 404})

    def do_GET(self) -> None:
        self.reply({"/no-head": 200, "/odd-head": 200})

    def reply(self, own: dict[str, int]) -> None:
        with self.server.lock:
            self.server.asked.append((self.command, self.path))
            self.server.inside += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.inside)
        if self.path == "/slow":
            self.server.released.wait(timeout=30)
        status, target = REDIRECTS.get(self.path, (0, ""))
        self.send_response(status or (own | REPLIES).get(self.path, 200))
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        with self.server.lock:
            self.server.inside -= 1
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def look(*urls: str, patience: float = 5.0) -> dict[str, CheckedLink]:
    told: list[CheckedLink] = []
    links = {url: ["an_answer"] for url in urls}
    checked = asyncio.run(check_links(links, told.append, pause=0, patience=patience))
    assert sorted(told, key=str) == sorted(checked, key=str)
    return {each.url: each for each in checked}


@pytest.mark.parametrize(
    ("path", "state", "status", "leads_to"),
    [
        ("/ok", State.ok, 200, None),
        ("/no-head", State.ok, 200, None),
        ("/odd-head", State.ok, 200, None),
        ("/gone", State.gone, 404, None),
        ("/removed", State.gone, 410, None),
        ("/broken", State.failed, 500, None),
        ("/forbidden", State.refused, 403, None),
        ("/often", State.refused, 429, None),
        ("/moved", State.moved, 200, "/ok"),
        ("/away", State.gone, 404, "/gone"),
        ("/round", State.failed, None, None),
    ],
)
def test_how_a_page_is_found(site: Site, path: str, state: State, status: int | None, leads_to: str | None) -> None:
    found = look(site.address + path)[site.address + path]
    assert (found.state, found.status) == (state, status)
    assert found.leads_to == (site.address + leads_to if leads_to else None)
    assert found.used_in == ("an_answer",)


def test_the_body_is_asked_for_only_when_the_head_fails(site: Site) -> None:
    look(f"{site.address}/ok", f"{site.address}/gone")
    assert site.asked == [("HEAD", "/ok"), ("HEAD", "/gone"), ("GET", "/gone")]


def test_a_server_that_does_not_reply_in_time_is_slow(site: Site) -> None:
    assert look(f"{site.address}/slow", patience=0.2)[f"{site.address}/slow"].state is State.slow


def test_a_refused_secure_connection_is_told(site: Site) -> None:
    address = f"https://127.0.0.1:{site.server_port}/ok"
    assert look(address)[address].state is State.insecure


def test_a_closed_port_is_unreachable_but_no_missing_network() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        assert look(address)[address].state is State.unreachable


def test_an_address_that_is_none_is_told() -> None:
    assert look("http://127.0.0.1:port/")["http://127.0.0.1:port/"].state is State.failed


def test_one_host_is_asked_one_thing_at_a_time(site: Site) -> None:
    found = look(*(f"{site.address}/page{number}" for number in range(12)))
    assert len(found) == 12
    assert site.most_at_once == 1


def test_the_worst_come_first(site: Site) -> None:
    paths = ("/ok", "/moved", "/gone", "/broken", "/forbidden")
    assert [url.removeprefix(site.address) for url in look(*(site.address + path for path in paths))] == [
        "/gone", "/broken", "/forbidden", "/moved", "/ok",
    ]  # fmt: skip


def test_names_that_nobody_knows_mean_no_network() -> None:
    """Names in ``.invalid`` are known nowhere (RFC 2606)."""
    with pytest.raises(NoNetwork):
        look(*(f"https://host{number}.invalid/" for number in range(5)))


def test_one_unknown_name_among_others_is_unreachable(site: Site) -> None:
    found = look(f"{site.address}/ok", "https://host.invalid/")
    assert [each.state for each in found.values()] == [State.unreachable, State.ok]


def test_every_address_is_found_with_what_names_it(tmp_path: Path) -> None:
    changes: tuple[Change, ...] = (
        put(BUS, "fi", "answer", "Katso [sivu](https://text.fi/a) ja [toinen](https://text.fi/b)."),
        put(BUS, "fi", "links", [{"url": "https://link.fi/", "title": "L"}]),
        put(BUS, "fi-easy", {"title": "Lippu", "answer": "[Osta](https://easy.fi/)"}),
        put(HOME, "municipalities", "joensuu", "en", "See [it](https://local.fi/)."),
        put("contacts.yml", "town_desk", "website", "https://town.fi/"),
        put("contacts.yml", "town_desk", "source", "url", "https://town.fi/source"),
        put("figures.yml", "bus-fare", "rows", 1, "url", "https://fare.fi/"),
    )
    found = links_of(load_content(write_content(tmp_path, *changes)), DAY)
    assert found == {
        "https://example.fi/": ["hire_worker", "bus_ticket", "first_permit", "home_municipality"],
        "https://text.fi/a": ["bus_ticket"],
        "https://text.fi/b": ["bus_ticket"],
        "https://link.fi/": ["bus_ticket"],
        "https://easy.fi/": ["bus_ticket"],
        "https://local.fi/": ["home_municipality"],
        "https://town.fi/": ["town_desk"],
        "https://town.fi/source": ["town_desk"],
        "https://fare.fi/": ["bus-fare"],
    }
    assert "https://example.fi/fees" in links_of(load_content(tmp_path / "knowledge"), dt.date(2024, 6, 1))


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "knowledge", "links", "--content", str(root), "--pause", "0", *words]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def site_content(folder: Path, site: Site, *paths: str) -> Path:
    sources = [{"url": site.address + path, "title": "Sivu", "checked_on": "2026-11-01"} for path in paths]
    every = [put(f"answers/{name}.yml", "sources", sources) for name in
             ("employers/hire_worker", "permits/first_permit", "registration/home_municipality")]  # fmt: skip
    return write_content(
        folder, *every, put(BUS, "sources", sources[:1]), put("figures.yml", "bus-fare", "rows", 1, "url", site.address)
    )


def test_the_command_tells_what_is_not_there_and_fails(tmp_path: Path, site: Site) -> None:
    result = run(site_content(tmp_path, site, "/ok", "/gone", "/moved"), "--lang", "en")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines()[:4] == ["Pages: 4", "  2 still there", "  1 moved", "  1 gone"]
    others = ["hire_worker,", "first_permit,", "home_municipality"]
    assert [line.split() for line in result.stdout.splitlines()[5:]] == [
        ["gone", f"{site.address}/gone", "404", *others],
        ["moved", f"{site.address}/moved", "200", "→", f"{site.address}/ok", *others],
    ]


def test_the_command_looks_at_the_links_of_one_answer_and_speaks_finnish(tmp_path: Path, site: Site) -> None:
    root = site_content(tmp_path, site, "/ok", "/gone")
    result = run(root, str(root / BUS), "--lang", "fi")
    assert (result.returncode, result.stdout) == (0, "Sivuja: 1\n  1 kunnossa\n")


def test_programs_read_json(tmp_path: Path, site: Site) -> None:
    result = run(site_content(tmp_path, site, "/ok", "/broken"), "first_permit", "--json")
    assert result.returncode == 1
    assert [(each["url"], each["state"], each["status"]) for each in json.loads(result.stdout)] == [
        (f"{site.address}/broken", "failed", 500), (f"{site.address}/ok", "ok", 200),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "There is no network, so no page could be looked at. Try again when there is one.\n"),
        ("fi", "Verkkoyhteyttä ei ole, joten yhtään sivua ei voitu katsoa. Yritä uudelleen, kun yhteys toimii.\n"),
    ],
)
def test_the_command_says_so_when_there_is_no_network(tmp_path: Path, language: str, told: str) -> None:
    source = [{"url": "https://host.invalid/", "title": "Sivu", "checked_on": "2026-11-01"}]
    result = run(write_content(tmp_path, put(BUS, "sources", source)), "bus_ticket", "--lang", language)
    assert (result.returncode, result.stdout, result.stderr) == (3, "", told)
