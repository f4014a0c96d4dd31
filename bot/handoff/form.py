"""The form of a hand-off: what is asked, in which order, and the draft that it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.handoff.draft import Draft, Way

FORM = "handoff_form"
STEPS = (
    "consent",
    "way",
    "matter",
    "addition",
    "place",
    "asker",
    "speak",
    "phone",
    "contact",
    "contact_or_here",
    "appointment",
    "wished_time",
)
"""The slots that the form fills, in the order in which it asks (``forms`` in domain.yml)."""

SKIPPED = "-"
"""The value of a slot that needs no asking, or that the newcomer passed over."""

YES = "yes"

FREE = frozenset({"matter", "addition", "wished_time"})
"""Steps at which any words are an answer, even those of a question."""

MAY_BE_SKIPPED = frozenset({"addition", "place", "asker", "contact_or_here", "wished_time"})

OF_WAY: dict[Way, frozenset[str]] = {
    "chat": frozenset(),
    "callback": frozenset({"phone", "wished_time"}),
    "appointment": frozenset({"contact", "appointment"}),
    "question": frozenset({"contact_or_here"}),
}
"""How to reach the newcomer, and when: what each way needs to know."""

OWN_LANGUAGE = "own"
"""Their own language, with an interpreter."""

SLOT_FORMAT = "%Y%m%dt%H%M"
"""The beginning of an appointment in the payload of a button, in UTC."""

Values = dict[str, str | None]


def slot_key(moment: dt.datetime) -> str:
    """``20261130t0900``: the beginning of an appointment as a button carries it."""
    return moment.astimezone(dt.UTC).strftime(SLOT_FORMAT)


def for_way(way: Way, gathered: Mapping[str, str | None]) -> Values:
    """What is set when ``way`` is chosen: what it does not need is passed over, what it needs is asked unless it is known."""
    values: Values = {"way": way}
    for step in frozenset().union(*OF_WAY.values()):
        known = gathered.get(step)
        if step not in OF_WAY[way]:
            values[step] = SKIPPED
        else:
            values[step] = None if known == SKIPPED else known
    return values


def begun(
    way: Way | None, question: str | None, municipality: str | None, audience: str | None
) -> Values:  # what the conversation has told is not asked again
    """The slots at the beginning of the form."""
    values: Values = dict.fromkeys(STEPS)
    values |= {"matter": question, "addition": None if question else SKIPPED, "place": municipality, "asker": audience}
    return values if way is None else values | for_way(way, values)


def draft_of(gathered: Mapping[str, str | None], language: str) -> Draft:
    """The case in the making. ``language`` is that of the conversation."""
    told = {step: value for step, value in gathered.items() if value is not None and value != SKIPPED}
    contact = told.get("phone") or told.get("contact") or told.get("contact_or_here") or ""
    own = told.get("speak") == OWN_LANGUAGE
    speaks = language if own else told.get("speak", language)
    return Draft.model_validate(
        {
            "consent": told.get("consent") == YES,
            "way": told["way"],
            "matter": "\n\n".join(told[step] for step in ("matter", "addition") if step in told),
            "municipality": told.get("place"),
            "audience": told.get("asker"),
            "language": speaks,
            "interpreter": own or speaks not in ("fi", "en"),
            "phone": contact if contact.startswith("+") else None,
            "email": contact if "@" in contact else None,
            "wished_time": told.get("wished_time"),
            "slot": _moment(told["appointment"]) if "appointment" in told else None,
        }
    )


def _moment(key: str) -> dt.datetime:
    return dt.datetime.strptime(key, SLOT_FORMAT).replace(tzinfo=dt.UTC)
