"""Puts the page of one case together."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from bot.desk.accounts import Account
from bot.desk.addresses import START
from bot.desk.audit import record
from bot.desk.canned import canned_language, canned_replies
from bot.desk.case_full import LARGEST_ID, FullCase, read_case
from bot.desk.case_reading import waiting_ids
from bot.desk.colleagues import destinations
from bot.desk.marks import mark_of_case, mark_of_waiting
from bot.desk.pages import page, page_language
from bot.desk.showing import show_line, wording
from bot.handoff.cases import LONGEST_WORDS, OUTCOMES
from bot.handoff.draft import EXPERT_DESK
from bot.handoff.tables import OPEN_STATES
from bot.opening import FINLAND
from bot.redaction import mask_identity_codes
from bot.service import Service

MATTER = 0
"""Stands for the matter where the id of a message says what is to be shown without masks."""


@dataclass(frozen=True)
class Telling:
    """What the page says beside the case: what was done, or why not, with what was typed."""

    done: str | None = None
    problem: str | None = None
    status: int = HTTPStatus.OK
    typed: dict[str, str] = field(default_factory=dict)
    unmasked: int | None = None
    """The message whose identity codes are shown, or ``MATTER``."""


async def case_page(
    request: Request, service: Service, account: Account, case_id: int, telling: Telling, before: int = LARGEST_ID
) -> Response:
    """The whole page; that it was looked at goes into the audit log. Raises ``UnknownCase``."""
    now = service.parts.now()
    async with service.database.write() as session:
        full = await read_case(session, case_id, account, before)
        if telling.unmasked and all(message.id != telling.unmasked for message in full.messages):
            before = telling.unmasked + 1
            full = await read_case(session, case_id, account, before)
        desks, colleagues = await destinations(session, account)
        record(session, now, account, "case_seen", case_id)
        waiting = await waiting_ids(session, account)
        shown = f"{mark_of_waiting(waiting)}.{await mark_of_case(session, account, case_id)}"
    content = service.parts.guide.content
    language = page_language(request)
    case = full.case
    return page(
        request,
        "case.html",
        telling.status,
        **case_values(request, service, account, full),
        lines=[show_line(message, message.id == telling.unmasked) for message in full.messages],
        newest=full.messages[-1].id if full.messages and before == LARGEST_ID else None,
        waiting=waiting,
        shown=shown,
        desks=[each for each in desks if each.desk != case.desk],
        colleagues=colleagues,
        canned=canned_replies(),
        canned_language=canned_language(case.language),
        topics=sorted(content.topics, key=lambda topic: content.topics[topic].name.in_language(language)),
        outcomes=OUTCOMES,
        longest=LONGEST_WORDS,
        once=secrets.token_hex(12),
        first_day=now.astimezone(FINLAND).date(),
        teams_link=service.settings.teams_link or "",
        done=telling.done,
        problem=telling.problem,
        typed=telling.typed,
        matter=case.matter if telling.unmasked == MATTER else mask_identity_codes(case.matter),
    )


def case_values(request: Request, service: Service, account: Account, full: FullCase) -> dict[str, Any]:
    """What every part of the page needs."""
    case = full.case
    now: dt.datetime = service.parts.now()
    return {
        **wording(page_language(request), service.parts.guide.content, now),
        "full": full,
        "case": case,
        "here": f"{START}/cases/{case.id}",
        "booked": full.booked,
        "mine": case.state == "claimed" and case.account_id == account.id,
        "open": case.state in OPEN_STATES,
        "may_answer_consult": case.consulting and account.desk == EXPERT_DESK,
        "state_now": state_of(full),
        "mail_on": service.settings.smtp_url is not None,
        "local": lambda at: at.astimezone(FINLAND),
        "now": now,
    }


def state_of(full: FullCase) -> str:
    """What decides on what can be done; when it changes, an open page has the wrong forms."""
    case, booked = full.case, full.booked
    parts = (case.state, case.account_id or 0, case.desk, int(case.consulting), booked.id if booked else 0)
    return "-".join(map(str, parts))
