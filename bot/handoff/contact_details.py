"""Reads phone numbers and e-mail addresses as people type them, and says why one cannot be used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

Reason = Literal[
    "phone_missing",
    "phone_letters",
    "phone_several",
    "phone_too_short",
    "phone_too_long",
    "phone_country_unknown",
    "phone_unknown",
    "phone_not_callable",
    "email_missing",
    "email_comma",
    "email_spaces",
    "email_no_at",
    "email_several_at",
    "email_no_ending",
    "email_not_valid",
]

COSTLY = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL}
SEPARATORS = ",;/،"
"""Signs that stand between two numbers and never within one."""

LONGEST_SHORT_NUMBER = 6

NO_COUNTRY = "001"
"""Region of numbers that belong to no country, such as satellite phones."""


@dataclass(frozen=True)
class Phone:
    """A number that can be called back."""

    e164: str
    shown: str
    """As people of ``region`` write it: ``040 1234567``; a foreign one with its country code."""


@dataclass(frozen=True)
class Email:
    """An address that has the form of one. Whether anybody reads it is not known."""

    address: str


@dataclass(frozen=True)
class Problem:
    """Why something cannot be used."""

    reason: Reason


def read_phone(text: str, region: str = "FI") -> Phone | Problem:
    """The phone number that ``text`` gives, alone or among words. A foreign one needs ``+`` or ``00`` before it."""
    words = text.strip()
    if not words:
        return Problem("phone_missing")
    if any(sign.isalpha() for sign in words):
        return _phone_among_words(words, region)
    if any(sign in SEPARATORS for sign in words) and len(_numbers_in(words, region)) > 1:
        return Problem("phone_several")
    digits = "".join(sign for sign in words if sign.isdecimal())
    if _is_short_number(digits, region):
        return Problem("phone_not_callable")
    try:
        number = phonenumbers.parse(words, region)
    except NumberParseException as error:
        return Problem(_unreadable(error, digits, words))
    return _judge(number, region)


def read_email(text: str) -> Email | Problem:
    """The e-mail address that ``text`` is. Asks nothing of the network, and mends nothing but space and ``<>`` around it."""
    address = text.strip().removeprefix("<").removesuffix(">").strip()
    if not address:
        return Problem("email_missing")
    if re.search(r"[,،、，;]", address):
        return Problem("email_comma")
    if re.search(r"\s", address):
        return Problem("email_spaces")
    if "@" not in address:
        return Problem("email_no_at")
    if address.count("@") > 1:
        return Problem("email_several_at")
    domain = address.rpartition("@")[2]
    if "." not in domain:
        return Problem("email_no_ending")
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return Problem("email_not_valid")
    return Email(valid.ascii_email or valid.normalized)


def _phone_among_words(words: str, region: str) -> Phone | Problem:
    found = _numbers_in(words, region)
    if len(found) > 1:
        return Problem("phone_several")
    return _judge(found[0], region) if found else Problem("phone_letters")


def _numbers_in(words: str, region: str) -> list[phonenumbers.PhoneNumber]:
    matches = phonenumbers.PhoneNumberMatcher(words, region)
    return list({phonenumbers.format_number(match.number, PhoneNumberFormat.E164): match.number for match in matches}.values())


def _is_short_number(digits: str, region: str) -> bool:
    """Whether it is an emergency number or another service of few digits, such as 112 or 116117."""
    if not 3 <= len(digits) <= LONGEST_SHORT_NUMBER or digits.startswith("0"):
        return False
    number = phonenumbers.PhoneNumber(phonenumbers.country_code_for_region(region), int(digits))
    return bool(phonenumbers.is_valid_short_number_for_region(number, region))


def _unreadable(error: NumberParseException, digits: str, words: str) -> Reason:
    if error.error_type == NumberParseException.TOO_LONG:
        return "phone_too_long"
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE and words.startswith(("+", "＋", "00")):
        return "phone_country_unknown"
    return "phone_too_short" if digits else "phone_letters"


def _judge(number: phonenumbers.PhoneNumber, region: str) -> Phone | Problem:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return Problem("phone_too_short")
    if possible == phonenumbers.ValidationResult.TOO_LONG:
        return Problem("phone_too_long")
    if possible == phonenumbers.ValidationResult.INVALID_COUNTRY_CODE:
        return Problem("phone_country_unknown")
    if not phonenumbers.is_valid_number(number):
        return Problem("phone_unknown")
    home = phonenumbers.region_code_for_number(number)
    if phonenumbers.number_type(number) in COSTLY or home == NO_COUNTRY:
        return Problem("phone_not_callable")
    number.extension = None
    style = PhoneNumberFormat.NATIONAL if home == region else PhoneNumberFormat.INTERNATIONAL
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), phonenumbers.format_number(number, style))
