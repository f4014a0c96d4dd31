"""Passwords of the desk: how they are hashed, and which are too weak."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher

HASHER = PasswordHasher()
"""argon2id with the parameters that argon2-cffi recommends; hashes made with weaker ones are renewed at login."""

SHORTEST = 12
"""Characters at least (NIST SP 800-63B asks for eight, and for no rules about kinds of characters)."""

WORST = frozenset((Path(__file__).resolve().parent / "worst_passwords.txt").read_text(encoding="utf-8").split())
"""Passwords that are tried first, of those that are long enough."""


class WeakPassword(Exception):
    """The password cannot be used. The message says why, and what to do."""


def check_strength(password: str, login: str) -> None:
    """Raises ``WeakPassword`` for one that is too short, holds the login, or is among the first to be tried."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise WeakPassword(f"The password is too short: use at least {SHORTEST} characters, several words for instance.")
    if login.casefold() in plain or plain in login.casefold():
        raise WeakPassword("The password holds the login: choose another one.")
    if "".join(plain.split()) in WORST or len(set(plain)) < 4:
        raise WeakPassword("The password is one of those that are tried first: choose another one.")
