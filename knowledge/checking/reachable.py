"""Whether phone numbers, web and mail addresses have the form of ones that can be reached. Nothing is asked of the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException

from knowledge.content import Place
from knowledge.model import Contact
from knowledge.problems import Problem

REGION = "FI"
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
WRITTEN_NUMBER = re.compile(r"(?<![\w./,+-])(?:\+\d|0\d)[\d ()-]{4,18}\d(?![\w./,-]?\d)")
"""A number that is written as a phone number: it begins with + or 0 and goes on for at least six digits."""


@lru_cache(maxsize=10_000)
def url_fault(url: str) -> str | None:
    """The rule that a web address breaks, or None."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        parts.port  # noqa: B018 (reading it is what judges it)
    except (ValueError, UnicodeError):
        return "url-invalid"
    if url.count("://") > 1 and "?" not in url.split("://", 2)[1]:
        return "url-twice"
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        return "url-invalid"
    return "url-invalid" if url[-1] in ".,;:" or any(sign in url for sign in "“”\"'|\\^`") else None


def is_phone(number: str) -> bool:
    """Whether a number, written the Finnish way or with its country code, is one that can be given out. 112 and its like are."""
    digits = re.sub(r"\D", "", number)
    if len(digits) <= 6 and not number.startswith(("0", "+")):
        local = phonenumbers.PhoneNumber(phonenumbers.country_code_for_region(REGION), int(digits or "0"))
        return bool(phonenumbers.is_valid_short_number_for_region(local, REGION))
    try:
        parsed = phonenumbers.parse(number, REGION)
    except NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(parsed))


def is_mail_address(address: str) -> bool:
    """Whether it has the form of one."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def bad_numbers(text: str) -> Iterator[tuple[str, int]]:
    """What is written as a phone number in ``text`` and cannot be one, each with its place."""
    for match in WRITTEN_NUMBER.finditer(text):
        if not is_phone(match.group()):
            yield match.group(), match.start()


def check_reachable(contact: Contact, place: Place) -> Iterator[Problem]:
    """The details of a contact point."""
    for number, phone in enumerate(contact.phones):
        if not is_phone(phone.number):
            yield place.problem("phone-invalid", "phones", number, "number", number=phone.number)
    if contact.email and not is_mail_address(contact.email):
        yield place.problem("email-form", "email", value=contact.email)
    if contact.website and (fault := url_fault(contact.website)):
        yield place.problem(fault, "website", url=contact.website)
    if contact.source and contact.source.url and (fault := url_fault(contact.source.url)):
        yield place.problem(fault, "source", "url", url=contact.source.url)
