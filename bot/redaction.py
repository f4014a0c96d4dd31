"""Masks what identifies a person before a text goes to logs, statistics or the missed-question list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

Span = tuple[int, int, int]
"""Start, end, and rank in ``MARKS``."""
Finder = Callable[[str], Iterator[Span]]
"""Finds what is to be masked in a text with ASCII digits. Spans may overlap."""

MARKS = ("[identity code]", "[account]", "[e-mail]", "[case number]", "[passport]", "[phone]", "[case number]")
"""In order of importance: where two spans overlap, the lower rank names the whole. A bare number comes last."""
IDENTITY, ACCOUNT, E_MAIL, CASE, PASSPORT, PHONE, NUMBER = range(len(MARKS))

# Day and month, year, century sign (those of 2023 too), individual number, check character. The lookahead finds overlapping ones.
IDENTITY_CODE = re.compile(
    r"(?=((?:0\s?[1-9]|[12]\s?\d|3\s?[01])\s?(?:0\s?[1-9]|1\s?[0-2])\s?\d\s?\d"
    r"\s?[-–—‐‑−+YXWVUABCDEF]\s?\d\s?\d\s?\d\s?[0-9A-FHJ-NPR-Y]))",
    re.IGNORECASE,
)
FINNISH_IBAN = re.compile(r"FI(?:[ -]?\d){16}", re.IGNORECASE)
IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![^\W_])|[a-z]{2}\d{2}[a-z0-9]{11,30}")
CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?!\d)")
ADDRESS = re.compile(
    r"(?<![^\s@<>()\[\],;:\"])[^\s@<>()\[\],;:\"]+"
    r"(?:\s?@\s?|\s?[(\[](?:at|ät)[)\]]\s?|\s(?:at|ät)\s(?=(?:gmail|hotmail|outlook|yahoo|icloud|live|luukku|mail|proton)\w*\.))"
    r"[\w.-]+(?:@[\w.-]+)*\.[\w-]+"
)
# Diary numbers: 1234/567/2025, VN/12345/2024, MIG-2025-12345. A directive (EU/2016/801) is not one.
DIARY = re.compile(
    r"(?<![\d/])(?!\d{1,2}/\d{1,2}/\d{2,4}(?!\d))\d{1,8}(?:[/.-]\d{2,4}){0,2}/\d{2,4}[/-]\d{2,4}(?!\d)"
    r"|(?<![^\W_])(?!(?:EU|EC|EY|ETY|EEC)\b)[A-ZÅÄÖ]{2,7}[-/ ]{0,2}(?:\d{2,8}[-/](?:19|20)\d\d|(?:19|20)\d\d[-/]\d{2,8})(?!\d)"
)
CURRENCY = r"(?:€|\$|£|₽|e\b|eur|usd|dollar|руб|евро|євро|kr\b|يورو|یورو|欧元|ยูโร)"
SOLID_NUMBER = re.compile(rf"(?<![\d/.,])\d{{7,8}}(?!\d)(?!\s?{CURRENCY})", re.IGNORECASE)
PASSPORT_NUMBER = re.compile(
    r"(?<![^\W_])(?:[A-Z]{1,2}[ -]\d{6,8}|(?i:[A-Z]{1,2}\d{6,8}|(?=[A-Z0-9]{7,9}(?![^\W_]))(?=(?:[A-Z]*\d){5})(?=\d*[A-Z])"
    r"(?!\d+(?:e|eur|euros?|euroa|km|kwh|kpl|kk|usd)(?![^\W_]))[A-Z0-9]{7,9}))(?![^\W_])"
)

CHAIN = re.compile(r"(?:\+\s?)?\(?\d(?:[^\S\n]{0,2}[.()/–—‐‑−-]?[^\S\n]?[()]?\d)*")
"""Digits with the signs that people put between the groups of a phone number."""
PHONE_WORD = re.compile(
    r"(?:\b(?:puh|puhelin\w*|numero\w*|gsm|tel|phone|mobile|whatsapp|call|soita\w*|ring)|тел\w*|номер\w*|هاتف\w*|رقم\w*|تلفن)[.:]?\s*$",
    re.IGNORECASE,
)
AREA_CODE = re.compile(r"(?<!\S)\(?0\d")
DAY, MONTH, YEAR, CLOCK, HOUR = (
    r"(?:0?[1-9]|[12]\d|3[01])",
    r"(?:0?[1-9]|1[0-2])",
    r"(?:18|19|20)\d\d",
    r"(?:[01]?\d|2[0-4])\.[0-5]\d",
    r"(?:[01]?\d|2[0-4])",
)
HARMLESS = re.compile(
    rf"(?:(?<!\d)(?:{DAY}[./-] ?{MONTH}[./-] ?{YEAR}|{DAY} {MONTH} {YEAR}|{YEAR}[.-]\d\d[.-]\d\d|{DAY}\.{MONTH}\.(?=\s?[-–])"
    rf"|\d{{1,4}}/{YEAR}|{YEAR}/\d{{1,4}}|{YEAR}|{CLOCK}|{HOUR}[-–]{HOUR}|112|116 ?\d{{3}})(?!\d)[ .()/–—-]*)+"
)
"""What a chain may consist of without being a phone number: dates, law numbers, years, times of day, hours, helplines."""
PRICE = r"(?:[1-9]\d{0,2}(?:[\s.]\d{3}){1,2}|[1-9]\d{0,5})"
PRICES = re.compile(rf"{PRICE}(?:\s?[-–]\s?{PRICE})?")
BEFORE_PRICE = re.compile(r"(?:€|\$|£|₽|\b(?:eur|usd))\s?$", re.IGNORECASE)
AFTER_PRICE = re.compile(rf"\s?{CURRENCY}", re.IGNORECASE)


def mask_identity_codes(text: str) -> str:
    """``text`` with a mark in place of Finnish identity codes; everything else that a person writes stays to be read."""
    return _until_nothing_changes(text, _identity_codes)


def redact(text: str) -> str:
    """``text`` with readable marks, such as ``[phone]``, in place of what identifies a person.

    Masks Finnish identity codes, phone numbers, e-mail addresses, passport, case and account numbers, in any digits that
    Unicode knows. Prices, dates, years, postal codes, law numbers and opening hours stay. When in doubt it masks.
    Redacting twice changes nothing more.
    """
    return _until_nothing_changes(text, _spans)


def _until_nothing_changes(text: str, find: Finder) -> str:
    while True:
        redacted = _redact_once(text, find)
        if redacted == text:
            return text
        text = redacted


def _redact_once(text: str, find: Finder) -> str:
    visible = [place for place, sign in enumerate(text) if unicodedata.category(sign) != "Cf"]
    plain = "".join(_ascii_digit(text[place]) for place in visible)
    parts: list[str] = []
    done = 0
    for start, end, rank in _merged(sorted(find(plain))):
        parts += (text[done : visible[start]], MARKS[rank])
        done = visible[end - 1] + 1
    return "".join([*parts, text[done:]])


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _identity_codes(plain: str) -> Iterator[Span]:
    for match in IDENTITY_CODE.finditer(plain):
        yield (*match.span(1), IDENTITY)


def _spans(plain: str) -> Iterator[Span]:
    """What identifies, in a text with ASCII digits. Spans may overlap."""
    yield from _identity_codes(plain)
    for pattern, rank in (
        (FINNISH_IBAN, ACCOUNT),
        (CARD, ACCOUNT),
        (ADDRESS, E_MAIL),
        (DIARY, CASE),
        (SOLID_NUMBER, NUMBER),
        (PASSPORT_NUMBER, PASSPORT),
    ):
        for match in pattern.finditer(plain):
            yield (*match.span(), rank)
    for match in IBAN.finditer(plain):
        if _digits(match.group()) >= 10:
            yield (*match.span(), ACCOUNT)
    for match in CHAIN.finditer(plain):
        if _is_phone(plain, match):
            yield (*match.span(), PHONE)


def _is_phone(plain: str, chain: re.Match[str]) -> bool:
    number = chain.group()
    digits = _digits(number)
    bare = number.strip(" ()")
    if digits < 5 or HARMLESS.fullmatch(bare):
        return False
    if PHONE_WORD.search(plain, max(0, chain.start() - 20), chain.start()):
        return True
    if digits < 7:
        return False
    if bare.startswith(("+", "0")):
        return True
    if PRICES.fullmatch(bare) and (AFTER_PRICE.match(plain, chain.end()) or BEFORE_PRICE.search(plain[: chain.start()])):
        return False
    area_code = AREA_CODE.search(bare)
    return digits >= 9 or (area_code is not None and _digits(bare[area_code.start() :]) >= 7)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _merged(spans: list[Span]) -> Iterator[Span]:
    """The sorted spans with overlapping ones made one, under the lowest rank."""
    current: Span | None = None
    for span in spans:
        if current is not None and span[0] < current[1]:
            current = (current[0], max(current[1], span[1]), min(current[2], span[2]))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
