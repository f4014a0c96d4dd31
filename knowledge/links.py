"""Checks online whether the pages that the content names are still there: sources, links, and addresses in texts."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import httpx

from knowledge.load import Content

AT_ONCE = 4
"""Hosts that are asked at a time. One host gets one request at a time, with a pause between them."""

PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 15.0
LOST_HOSTS = 3
"""When so many addresses could not even be looked up, and none could, there is no network."""

HEADERS = {"User-Agent": "ELO-Guide-links/1 (looks whether sources are still there)", "Accept": "*/*"}
IN_TEXT = re.compile(r"\]\((https?://[^\s)]+)\)")


class State(StrEnum):
    """How a page was found, from good to bad. A page that says only in words that it is gone is ``ok``: that is not guessed.

    A server that ``refused`` a program (401, 403, 429) says nothing about its page.
    """

    ok = "ok"
    moved = "moved"
    refused = "refused"
    slow = "slow"
    failed = "failed"
    insecure = "insecure"
    unreachable = "unreachable"
    gone = "gone"


BROKEN = (State.slow, State.failed, State.insecure, State.unreachable, State.gone)


@dataclass(frozen=True)
class CheckedLink:
    """One address, how it was found, and what names it; ``status`` of the last reply, ``leads_to`` after redirects."""

    url: str
    state: State
    status: int | None = None
    leads_to: str | None = None
    error: str | None = None
    used_in: tuple[str, ...] = ()


class NoNetwork(Exception):
    """Nothing could be asked, so nothing is known of any page."""


def links_of(content: Content, today: dt.date) -> dict[str, list[str]]:
    """Every address of the content with what names it: answers, contacts, and rows of figures that hold today or later."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, url in _named(content, today):
        if url is not None and name not in found[url]:
            found[url].append(name)
    return dict(found)


async def check_links(
    links: Mapping[str, list[str]],
    told: Callable[[CheckedLink], object],
    *,
    pause: float = PAUSE_SECONDS,
    patience: float = TIMEOUT_SECONDS,
) -> list[CheckedLink]:
    """Ask for each address, and tell of each as it is done. Returns the worst first. Raises ``NoNetwork``."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in links:
        hosts[url.split("/")[2]].append(url)
    checked: list[CheckedLink] = []
    lost: list[CheckedLink] = []
    free = asyncio.Semaphore(AT_ONCE)

    async def ask_host(client: httpx.AsyncClient, urls: list[str]) -> None:
        async with free:
            for number, url in enumerate(urls):
                await asyncio.sleep(pause if number else 0)
                found, was_lost = await _ask(client, url)
                checked.append(replace(found, used_in=tuple(links[url])))
                lost.extend([found] if was_lost else [])
                if len(checked) == len(lost) >= min(LOST_HOSTS, len(links)):
                    raise NoNetwork
                told(checked[-1])

    async with httpx.AsyncClient(headers=HEADERS, timeout=patience, follow_redirects=True, max_redirects=10) as client:
        try:
            async with asyncio.TaskGroup() as group:
                for urls in hosts.values():
                    group.create_task(ask_host(client, urls))
        except* NoNetwork:
            raise NoNetwork from None
    order = list(State)
    return sorted(checked, key=lambda each: (-order.index(each.state), each.url))


async def _ask(client: httpx.AsyncClient, url: str) -> tuple[CheckedLink, bool]:
    """How an address was found, and whether it was lost for want of a network.

    HEAD first. Where that fails it may be HEAD that the server does not know, so GET is asked too.
    """
    try:
        response = await client.head(url)
        if response.is_error:
            async with client.stream("GET", url) as response:
                pass
    except httpx.TimeoutException:
        return CheckedLink(url, State.slow), False
    except httpx.InvalidURL as error:
        return CheckedLink(url, State.failed, error=str(error)), False
    except httpx.TooManyRedirects:
        return CheckedLink(url, State.failed, error="redirects without end"), False
    except httpx.HTTPError as error:
        state = State.insecure if _caused_by(error, ssl.SSLError) else State.unreachable
        return CheckedLink(url, state, error=str(error)), state is State.unreachable and _is_lost(error)
    return CheckedLink(url, _state(response), response.status_code, str(response.url) if response.history else None), False


def _state(response: httpx.Response) -> State:
    if response.status_code in (404, 410):
        return State.gone
    if response.status_code in (401, 403, 429):
        return State.refused
    if response.is_error:
        return State.failed
    return State.moved if response.history else State.ok


def _is_lost(error: BaseException) -> bool:
    """Whether the name could not be looked up, or no way leads out of this machine."""
    lost = _caused_by(error, OSError)
    return isinstance(lost, socket.gaierror) or (lost is not None and lost.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH))


def _caused_by(error: BaseException, kind: type[OSError]) -> OSError | None:
    """The deepest cause of that kind."""
    found: OSError | None = None
    cause: BaseException | None = error
    while cause is not None:
        found = cause if isinstance(cause, kind) else found
        cause = cause.__cause__ or cause.__context__
    return found


def _named(content: Content, today: dt.date) -> Iterator[tuple[str, str | None]]:
    for answer in content.answers.values():
        yield from ((answer.id, source.url) for source in answer.sources)
        texts = [text for local in answer.municipalities.values() for text in (local.fi, local.en)]
        for version in answer.readable().values():
            yield from ((answer.id, link.url) for link in version.links)
            texts.append(version.answer)
        yield from ((answer.id, url) for text in texts for url in IN_TEXT.findall(text))
    for name, contact in content.contacts.items():
        yield name, contact.website
        yield name, contact.source.url if contact.source else None
    for name, figure in content.figures.items():
        yield from ((name, row.url) for row in figure.rows if row.valid_until is None or row.valid_until >= today)
