"""What stands below the words of a message: who can be reached and how, where it was read, and when that was checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from html import escape

import phonenumbers
from babel.dates import format_date

from bot.messages import ExpertOffer, ShownAnswer, ShownContact, ShownLink, ShownPhone, ShownSource
from bot.opening import locale_of
from bot.texts import say, widget_words

SHORTEST_TO_CALL_FROM_ABROAD = 7
"""Digits. Shorter numbers, such as 112, are dialled as they are."""


def word(name: str, language: str, **values: object) -> str:
    """A word of the chat, the same as in the widget."""
    return str(_chat_words(language)[name]).format(**values)


def answer_lines(answer: ShownAnswer, language: str) -> str:
    """Links, sources with the day on which they were checked, and whether a counsellor has read the answer."""
    blocks: list[str] = []
    if answer.links:
        blocks.append(f"<p><b>{escape(word('links', language))}</b></p>" + _list(_link(link) for link in answer.links))
    blocks.append(
        f"<p><b>{escape(word('sources', language))}</b></p>" + _list(_source(each, language) for each in answer.sources)
    )
    if not answer.reviewed:
        blocks.append(f"<p><i>{escape(word('draft', language))}</i></p>")
    return "".join(blocks)


def expert_line(offer: ExpertOffer, language: str) -> str:
    """Why a human is recommended."""
    if not offer.recommended or offer.reason is None or offer.reason == "asked":
        return ""
    return f"<p>{escape(word(offer.reason.value, language))}</p>"


def card(contact: ShownContact, language: str) -> str:
    """A contact point: its numbers as phones take them, and when it is open."""
    lines = [f"<b>{escape(contact.name)}</b>", escape(contact.helps_with)]
    lines += [_phone(phone) for phone in contact.phones]
    if not contact.phones and "phone" in contact.unknown:
        lines.append(escape(word("no_phone", language)))
    if contact.email:
        lines.append(f"✉ {escape(contact.email)}")
    if contact.website:
        lines.append(f'🌐 <a href="{escape(contact.website)}">{escape(contact.website.split("//")[-1].rstrip("/"))}</a>')
    if contact.address:
        lines.append(f"📍 {escape(contact.address)}")
    lines += [f"🕐 {escape(hours)}" for hours in contact.hours]
    lines.append(escape(_openness(contact, language)))
    if contact.note:
        lines.append(escape(contact.note))
    if contact.to_check:
        lines.append(f"<i>{escape(word('to_check', language))}</i>")
    return f"<p>{'<br>'.join(lines)}</p>"


def _openness(contact: ShownContact, language: str) -> str:
    if contact.always_open:
        return word("always_open", language)
    if contact.open_now is None:
        return word("no_hours", language)
    if contact.open_now:
        return say("offer_open", language)
    return say("offer_closed", language, when=contact.opens_next or "?")


def _phone(phone: ShownPhone) -> str:
    label = f" ({escape(phone.label)})" if phone.label else ""
    return f"☎ {escape(dialled(phone.number))}{label}"


def dialled(number: str) -> str:
    """A Finnish number as it can be called from everywhere: Telegram makes it tappable."""
    if sum(map(str.isdigit, number)) < SHORTEST_TO_CALL_FROM_ABROAD:
        return number
    try:
        parsed = phonenumbers.parse(number, "FI")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _source(source: ShownSource, language: str) -> str:
    title = f'<a href="{escape(source.url)}">{escape(source.title)}</a>' if source.url else escape(source.title)
    return f"{title}. {escape(word('checked', language, date=_day(source.checked_on, language)))}"


def _link(link: ShownLink) -> str:
    return f'<a href="{escape(link.url)}">{escape(link.title)}</a>'


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _day(day: dt.date, language: str) -> str:
    return format_date(day, "d.M.yyyy" if language == "fi" else "d MMMM yyyy", locale=locale_of(language))


@cache
def _chat_words(language: str) -> dict[str, object]:
    return dict(widget_words(language)["chat"])
