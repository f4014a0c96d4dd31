"""A real mail server on the loopback address that keeps what it took, and may refuse."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.live_guide import free_ports, wait_until

STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "taken")
"""Of one mail, in order. At ``DATA`` the server has the mail but has not taken it yet."""


class Mailbox:
    """What was delivered, oldest first, and what the server does at each step."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        """What is said at ``MAIL``, ``RCPT`` or ``DATA`` instead of yes."""
        self.at_step: Callable[[str], object] = lambda step: None
        """Called in the server's thread at each of ``STEPS``."""

    def by_id(self) -> Counter[str]:
        """How many times each Message-ID was delivered."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.at_step("EHLO")
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.at_step("MAIL")
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.at_step("RCPT")
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.at_step("DATA")
        if "DATA" not in self.answers:
            mail = message_from_bytes(envelope.original_content or b"", policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.recipients.append(list(envelope.rcpt_tos))
            self.at_step("taken")
        return self.answers.get("DATA", "250 taken")


class MailServer(Controller):
    """The server. Lines that are open are counted, so that a test can wait until the server has done all it will do."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        self.mailbox = mailbox
        self._open: set[SMTP] = set()
        self._lock = threading.Lock()
        super().__init__(mailbox, hostname="127.0.0.1", port=free_ports(1)[0], **options)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def factory(self) -> SMTP:
        controller = self

        class Counted(SMTP):
            def connection_made(self, transport: Any) -> None:
                with controller._lock:
                    controller._open.add(self)
                super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                super().connection_lost(error)
                with controller._lock:
                    controller._open.discard(self)

        return Counted(self.handler, loop=self.loop, **self.SMTP_kwargs)

    def wait_until_quiet(self) -> None:
        wait_until(lambda: not self._open, "the mail server to be done", 30)


def only_with_password(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    """An authenticator that lets one account in."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=data == LoginPassword(user, password), handled=False)

    return authenticate


def certificate_for_loopback(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server at 127.0.0.1 and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "loopback.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
