"""What happens when parts of the guide fail: newcomers are told, nothing is lost, and the guide comes back by itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient

from bot.settings import ROOT, Settings
from bot.texts import say
from knowledge.figures import show_figure
from knowledge.load import load_content
from knowledge.published import current_id
from tests.live_guide import LiveGuide, environment, free_ports, settings_for_tests, wait_until
from tests.service.newcomer import BANK_ACCOUNT, CALLS, LIBRARY, STUDENT_HOURS, TAX_CARD, Newcomer, is_problem

EMERGENCY = "My husband is beating me, help"
TOLD_WITHIN = 3.0
MARGIN = 1.0
"""Seconds. The newcomer is told within three; the rest is for sending and storing on a busy machine."""


class Supervised:
    """``python -m bot run`` as its own process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self._output = (settings.run_dir / "run.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment(settings),
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def health(self) -> tuple[int, str]:
        """The status, and what is said of Rasa; 0 when nobody answers."""
        try:
            response = httpx.get(f"{self.url}/health", timeout=5)
        except httpx.HTTPError:
            return 0, ""
        return response.status_code, response.json()["rasa"]

    def wait_until_ready(self) -> None:
        wait_until(lambda: self.process.poll() is not None or self.health()[0] == 200, "the supervised guide to be ready")
        assert self.process.poll() is None, self.output

    def child(self, part: str) -> int:
        """The process id of the service or of Rasa."""
        word = {"service": "serve", "rasa": "rasa"}[part]
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid and word in (folder / "cmdline").read_text().split("\0"):
                    return int(folder.name)
            except OSError:
                continue
        raise LookupError(f"{part} does not run")

    @property
    def output(self) -> str:
        return (self.settings.run_dir / "run.log").read_text(encoding="utf-8")

    def end(self) -> int:
        """Ask it to end; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self._output.close()
        return code


@pytest.fixture(scope="module", autouse=True)
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """A guide that looks after itself. It starts while the first tests run, and the last test ends it."""
    guide = Supervised(settings_for_tests(tmp_path_factory.mktemp("supervised")))
    try:
        yield guide
    finally:
        if guide.process.poll() is None:
            guide.end()


def test_rasa_that_hangs(api: httpx.Client, live_guide: LiveGuide) -> None:
    newcomer = Newcomer(api, language="fi")
    live_guide.rasa_process.pause()
    try:
        began = time.monotonic()
        reply = newcomer.say(LIBRARY[0], client_id="hung")
        assert time.monotonic() - began < TOLD_WITHIN + MARGIN
        assert reply["status"] == "failed"
        assert reply["text"].endswith(say("unavailable", "fi"))
        assert reply["expert"]["contacts"][0]["id"] == "permit_expert"
        assert newcomer.say(EMERGENCY)["status"] == "emergency"
        assert live_guide.health()["rasa"] == "unavailable"
    finally:
        live_guide.rasa_process.go_on()
        live_guide.rasa_process.wait_until_ready()
    assert newcomer.say(LIBRARY[0], client_id="hung") == reply
    assert newcomer.say(LIBRARY[0])["answer"]["id"] == LIBRARY[1]


def test_everybody_in_line_is_told_when_rasa_hangs(api: httpx.Client, live_guide: LiveGuide) -> None:
    newcomers = [Newcomer(api) for _ in range(40)]
    live_guide.rasa_process.pause()
    try:
        with ThreadPoolExecutor(40) as pool:
            began = time.monotonic()
            replies = list(pool.map(lambda newcomer: newcomer.say(TAX_CARD[0]), newcomers))
            took = time.monotonic() - began
    finally:
        live_guide.rasa_process.go_on()
        live_guide.rasa_process.wait_until_ready()
    assert {reply["status"] for reply in replies} == {"failed"}
    assert took < TOLD_WITHIN + 2 * MARGIN


@pytest.fixture
def hold_database(live_guide: LiveGuide) -> Iterator[Callable[[], sqlite3.Connection]]:
    """Locks the database of conversations from another connection."""
    connection = sqlite3.connect(live_guide.settings.database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)

    def hold() -> sqlite3.Connection:
        connection.execute("BEGIN EXCLUSIVE")
        return connection

    yield hold
    connection.close()


def test_a_locked_database(
    api: httpx.Client, newcomer: Newcomer, hold_database: Callable[[], sqlite3.Connection], live_guide: LiveGuide
) -> None:
    locked = hold_database()
    began = time.monotonic()
    refused = newcomer.post(TAX_CARD[0] + " 131052-308T", client_id="locked")
    assert time.monotonic() - began < 5
    is_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    is_problem(api.post(CALLS, json={}), 503)
    assert newcomer.history() == newcomer.greeting
    locked.execute("ROLLBACK")
    assert newcomer.say(TAX_CARD[0], client_id="locked")["answer"]["id"] == TAX_CARD[1]
    assert len(newcomer.history()) == 3
    assert "131052" not in live_guide.service_process.log


def test_a_database_locked_in_mid_turn(
    newcomer: Newcomer, live_guide: LiveGuide, hold_database: Callable[[], sqlite3.Connection]
) -> None:
    live_guide.rasa_process.pause()
    try:
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(newcomer.post, TAX_CARD[0], client_id="half")
            wait_until(lambda: len(newcomer.history()) == 2, "the message to be stored")
            locked = hold_database()
            live_guide.rasa_process.go_on()
            is_problem(sending.result(), 503)
    finally:
        live_guide.rasa_process.go_on()
    locked.execute("ROLLBACK")
    assert newcomer.say(TAX_CARD[0], client_id="half")["answer"]["id"] == TAX_CARD[1]
    assert [message["sender"] for message in newcomer.history()] == ["bot", "newcomer", "bot"]


def _publish(content: Path, settings: Settings) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "knowledge", "publish", "--content", str(content)]
    return subprocess.run(command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False)


def test_a_broken_file_is_named_and_what_is_live_stays_live(api: httpx.Client, live_guide: LiveGuide, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "knowledge", content, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schema"))
    broken = next(content.rglob("library_card.yml"))
    lines = broken.read_text(encoding="utf-8").splitlines()
    broken.write_text("\n".join([*lines[:4], "importance: [useful", *lines[5:]]), encoding="utf-8")
    (content / "figures.yml").write_text("not: a: figure\n", encoding="utf-8")
    before = api.get("/health").json()["knowledge"]
    published = _publish(content, live_guide.settings)
    assert published.returncode == 1
    problems = published.stderr.splitlines()
    assert any("library_card.yml:" in line and line.split("library_card.yml:")[1].split(":")[0].isdecimal() for line in problems)
    assert any("figures.yml:1:" in line for line in problems)
    assert "still live" in problems[-1]
    assert "Traceback" not in published.stderr
    assert current_id(live_guide.settings.snapshot_dir) == before["snapshot"]
    assert api.post("/api/v1/ask", json={"question": LIBRARY[0]}).json()["answer"]["id"] == LIBRARY[1]


FOUND = {
    "library_card": "mistä kaupungilta saan kirjaston kortin",
    "sick_at_night_116117": "olen yöllä kipeä, mihin numeroon soitan",
    "bank_account_open": "mites avaan tilin täällä pankissa",
}
"""A question for the twin of each answer: the real ones are made for all the content."""


def test_a_new_snapshot_goes_live_and_an_old_one_back_without_a_restart(
    api: httpx.Client, live_guide: LiveGuide, newcomer: Newcomer, tmp_path: Path
) -> None:
    for name in ("everyday/library_card", "everyday/sick_at_night_116117", "registration/bank_account_open"):
        target = tmp_path / "answers" / f"{name}.yml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "knowledge" / "answers" / f"{name}.yml", target)
        twin = {
            "id": target.stem,
            "finds": {"fi": [FOUND[target.stem]]},
            "near_misses": {"fi": ["paljonko kello on nyt tokiossa"]},
        }
        test = tmp_path / "twins" / f"{name}.yml"
        test.parent.mkdir(parents=True, exist_ok=True)
        test.write_text(yaml.safe_dump(twin, allow_unicode=True), encoding="utf-8")
    for path in (ROOT / "knowledge").glob("*.yml"):
        shutil.copy(path, tmp_path)
    shutil.copytree(ROOT / "knowledge" / "boundaries", tmp_path / "boundaries")
    edited = tmp_path / "answers/everyday/library_card.yml"
    head, en, tail = edited.read_text(encoding="utf-8").partition("\nen:\n")
    edited.write_text(head + en + tail.replace("answer: |\n", "answer: |\n    Bring a blue umbrella.\n\n", 1), encoding="utf-8")

    def live() -> str:
        return str(api.get("/health").json()["knowledge"]["snapshot"])

    current, before = live_guide.settings.snapshot_dir / "current", live()
    service = live_guide.service_process.pid
    try:
        published = _publish(tmp_path, live_guide.settings)
        assert published.returncode == 0, published.stderr
        wait_until(lambda: live() != before, "the new snapshot to go live", 15)
        assert api.get("/health").json()["knowledge"]["answers"] == 3
        newcomer.say("Can we speak English?")
        assert "Bring a blue umbrella." in newcomer.press('/choose{"answer":"library_card"}')["text"]
        broken = live_guide.settings.snapshot_dir / "broken"
        broken.mkdir()
        current.write_text("broken\n", encoding="utf-8")
        wait_until(lambda: "snapshot.refused" in live_guide.service_process.log, "the broken snapshot to be refused", 15)
        assert "Bring a blue umbrella." in newcomer.press('/choose{"answer":"library_card"}')["text"]
    finally:
        current.write_text(before + "\n", encoding="utf-8")
        wait_until(lambda: live() == before, "the old snapshot to be live again", 30)
    assert "Bring a blue umbrella." not in newcomer.press('/choose{"answer":"library_card"}')["text"]
    assert live_guide.service_process.pid == service


def test_a_figure_that_has_run_out_is_not_shown_as_if_it_were_current(serve_inside: Callable[..., TestClient]) -> None:
    moment = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    client = serve_inside(now=lambda: moment)
    figure = load_content().figures["fee-first-permit-online"]
    current = show_figure(figure, moment.date(), "en")

    def shown() -> str:
        newcomer = Newcomer(client, language="en")
        return str(newcomer.press('/choose{"answer":"permit_fee_amount"}')["text"])

    assert current in shown()
    last = max(row.valid_until or dt.date.max for row in figure.rows)
    moment = dt.datetime.combine(last, dt.time(22, 30), dt.UTC)
    assert current not in shown(), "in Finland the next day has begun"
    assert "check the current figure" in shown()
    moment = dt.datetime.combine(last, dt.time(21, 30), dt.UTC)
    assert "check the current figure" not in shown().split(show_figure(figure, last, "en"))[0]


async def test_two_hundred_conversations_at_once(live_guide: LiveGuide) -> None:
    questions = (TAX_CARD, LIBRARY, STUDENT_HOURS, BANK_ACCOUNT)
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=live_guide.url, timeout=90, limits=limits) as client:

        async def converse(number: int) -> None:
            question, answer = questions[number % len(questions)]
            begun = (await client.post(CALLS, json={})).json()
            url, headers = f"{CALLS}/{begun['id']}/messages", {"Authorization": f"Bearer {begun['token']}"}
            response = await client.post(url, headers=headers, json={"text": question, "client_id": str(number)})
            assert response.status_code == 200, response.text
            (reply,) = response.json()["messages"]
            assert (reply["status"], reply["answer"] and reply["answer"]["id"]) == ("answered", answer)
            history = (await client.get(url, headers=headers)).json()["messages"]
            assert [(message["sender"], message["text"]) for message in history] == [
                ("bot", begun["messages"][0]["text"]),
                ("newcomer", question),
                ("bot", reply["text"]),
            ]

        await asyncio.gather(*(converse(number) for number in range(200)))


def _sentence(process: subprocess.CompletedProcess[str]) -> str:
    """The one line that a command that cannot go on says."""
    assert process.returncode != 0
    assert "Traceback" not in process.stderr
    said = [line for line in process.stderr.splitlines() if line.strip()]
    assert len(said) == 1, process.stderr
    assert said[0].rstrip().endswith((".", "one."))
    return said[0]


def _bot(command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    port, internal, rasa = map(str, free_ports(3))
    ports = {"ELO_PORT": port, "ELO_INTERNAL_PORT": internal, "ELO_RASA_PORT": rasa}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ELO_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", command],
        cwd=ROOT,
        env={**kept, **ports, **changed},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("name", ["ELO_PORT", "ELO_INTERNAL_PORT", "ELO_RASA_PORT"])
def test_a_port_in_use(name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = _sentence(_bot("run", **{name: port}))
    assert port in told
    assert name in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ELO_PORT", "abc"),
        ("ELO_PORT", "70000"),
        ("ELO_DATABASE_URL", "mysql://somewhere/elo"),
        ("ELO_ENCODER", "magic"),
        ("ELO_RASA_TIMEOUT", "-1"),
        ("ELO_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting(name: str, value: str) -> None:
    told = _sentence(_bot("check", **{name: value}))
    assert name in told
    assert "docs/settings.md" in told


def test_two_ports_that_are_the_same() -> None:
    (port,) = map(str, free_ports(1))
    assert "different" in _sentence(_bot("run", ELO_PORT=port, ELO_RASA_PORT=port))


def test_no_model(tmp_path: Path) -> None:
    told = _sentence(_bot("run", ELO_MODELS_DIR=str(tmp_path)))
    assert str(tmp_path) in told
    assert "script/train" in told


def test_nothing_published(tmp_path: Path) -> None:
    told = _sentence(_bot("serve", ELO_SNAPSHOT_DIR=str(tmp_path), ELO_DATABASE_URL=f"sqlite:///{tmp_path}/elo.db"))
    assert "knowledge publish" in told


def test_the_wrong_python(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\ncase "$1" in -V) echo "Python 3.12.1" ;; -c) exit 1 ;; esac\n')
    newer.chmod(0o755)
    for python, named in ((str(newer), "3.12.1"), (str(tmp_path / "missing"), "missing")):
        kept = {**os.environ, "ELO_PYTHON": python}
        told = _sentence(subprocess.run(["script/setup"], cwd=ROOT, env=kept, capture_output=True, text=True, check=False))
        assert "Python 3.11" in told
        assert named in told


def test_both_killed_in_mid_turn(supervised: Supervised) -> None:
    supervised.wait_until_ready()
    with httpx.Client(base_url=supervised.url, timeout=30) as api:
        newcomer = Newcomer(api)
        rasa, service = supervised.child("rasa"), supervised.child("service")
        os.kill(rasa, signal.SIGSTOP)
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(newcomer.say, TAX_CARD[0], client_id="cut-off")
            began = time.monotonic()
            wait_until(lambda: len(newcomer.history()) == 2, "the message to be stored")
            os.kill(rasa, signal.SIGKILL)
            reply = sending.result()
        assert time.monotonic() - began < TOLD_WITHIN + MARGIN
        assert (reply["status"], reply["text"].removeprefix(say("message_kept", "en") + " ")) == (
            "failed",
            say("unavailable", "en"),
        )
        assert reply["expert"]["contacts"]

        assert supervised.health() == (503, "unavailable")
        emergency = newcomer.say(EMERGENCY)
        assert emergency["status"] == "emergency"
        assert "112" in emergency["text"]
        assert api.post("/api/v1/ask", json={"question": EMERGENCY}).json()["status"] == "emergency"
        offered = newcomer.say("I want to talk with a person")
        assert offered["expert"]["contacts"][0]["id"] == "permit_expert"
        is_problem(newcomer.erase(), 503)
        history = newcomer.history()

    os.kill(service, signal.SIGKILL)
    wait_until(lambda: supervised.health()[0] == 0, "nobody to answer", 5)
    supervised.wait_until_ready()
    assert supervised.child("rasa") != rasa
    assert supervised.child("service") != service
    assert "Rasa ended with code -9" in supervised.output
    assert "the service ended with code -9" in supervised.output

    with httpx.Client(base_url=supervised.url, timeout=30) as api:
        newcomer.client = api
        assert newcomer.say(TAX_CARD[0], client_id="cut-off") == reply
        assert newcomer.history() == history
        said = [message["text"] for message in history if message["sender"] == "newcomer"]
        assert said == [TAX_CARD[0], EMERGENCY, "I want to talk with a person"]
        assert newcomer.say(TAX_CARD[0])["answer"]["id"] == TAX_CARD[1]
        assert newcomer.erase().status_code == 204


def test_the_supervisor_ends_both(supervised: Supervised) -> None:
    supervised.wait_until_ready()
    children = [supervised.child("service"), supervised.child("rasa")]
    assert supervised.end() == 0
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    for port in (supervised.settings.port, supervised.settings.internal_port, supervised.settings.rasa_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert supervised.output.splitlines()[0].startswith("Starting Rasa and the service")
    assert supervised.output.splitlines()[-1].startswith("Stopping")
