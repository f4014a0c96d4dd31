"""Where mail is handed over, and in whose name: what ``ELO_SMTP_URL`` and ``ELO_MAIL_FROM`` say."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import getaddresses
from typing import Literal
from urllib.parse import unquote, urlsplit

Security = Literal["none", "starttls", "tls"]

SCHEMES: dict[str, tuple[Security, int]] = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
"""How each scheme is secured, and its usual port."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server that takes our mail."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def read_smtp_url(url: str) -> SmtpServer:
    """The server that ``url`` names. Raises ``ValueError``, whose words never repeat the URL: it may hold a password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("the host or port of the address cannot be read") from error
    if parts.scheme not in SCHEMES or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("use smtp://user:password@host:port, smtp+starttls://… or smtps://…")
    security, usual = SCHEMES[parts.scheme]
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (user is None) != (password is None):
        raise ValueError("a user needs a password, and a password a user")
    return SmtpServer(host, port or usual, security, user, password)


def read_mailbox(text: str) -> Address:
    """``office@example.fi`` or ``ELO Guide <office@example.fi>``. Raises ``ValueError`` for anything else."""
    found = getaddresses([text])
    name, address = found[0] if len(found) == 1 else ("", "")
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain or not address.isascii() or not text.isprintable():
        raise ValueError("use office@example.fi or Name <office@example.fi>")
    try:
        return Address(display_name=name, addr_spec=address)
    except Exception as error:  # headerregistry raises several kinds, not all of them ValueErrors
        raise ValueError("use office@example.fi or Name <office@example.fi>") from error
