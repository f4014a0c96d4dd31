"""Hands one mail over to the mail server that the settings name."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime
from typing import Self

import aiosmtplib

from bot.handoff.smtp_address import SmtpServer, read_mailbox, read_smtp_url
from bot.settings import Settings

SEND_WITHIN_SECONDS = 60.0
"""A mail that is not accepted in this time is not sent."""

GOODBYE_SECONDS = 2.0


class NotSent(Exception):
    """The mail was not sent, and may be later. The message tells why, in the server's words where it spoke."""


class Refused(NotSent):
    """The mail will never be sent: the server refused its recipient or the mail itself for good, or it cannot be written."""


@dataclass(frozen=True)
class Mail:
    """One mail to one recipient: plain text, with a calendar file or without."""

    key: str
    to: str
    subject: str
    body: str
    created_at: dt.datetime
    calendar: bytes | None = None
    calendar_method: str | None = None


class Mailer:
    """Sends mail by one server. Without a server or a sender mail is off."""

    def __init__(self, server: SmtpServer | None, sender: Address | None, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        return cls(
            read_smtp_url(settings.smtp_url) if settings.smtp_url else None,
            read_mailbox(settings.mail_from) if settings.mail_from else None,
        )

    @property
    def mail_is_on(self) -> bool:
        return self._server is not None and self._sender is not None

    async def send(self, mail: Mail, now: dt.datetime) -> None:
        """Return once the server has taken the mail. Raises ``Refused`` or ``NotSent``."""
        if self._server is None or self._sender is None:
            raise NotSent("mail is off")
        try:
            message = compose(mail, self._sender, now)
        except (ValueError, MessageError, IndexError) as error:
            raise Refused(f"not a mail: {error}") from error
        await self._hand_over(message, self._sender, mail.to, self._server)

    async def _hand_over(self, message: EmailMessage, sender: Address, to: str, server: SmtpServer) -> None:
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._tls,
            local_hostname=sender.domain,
            timeout=SEND_WITHIN_SECONDS,
        )
        try:
            async with asyncio.timeout(SEND_WITHIN_SECONDS):
                await client.connect()
                await client.send_message(message, sender=sender.addr_spec, recipients=[to])
        except aiosmtplib.SMTPRecipientsRefused as error:
            refusal = error.recipients[0]
            raise _by_code(refusal.code, refusal.message) from error
        except aiosmtplib.SMTPDataError as error:
            raise _by_code(error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(f"{error.code} {error.message}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(str(error) or type(error).__name__) from error
        else:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=GOODBYE_SECONDS)
        finally:
            client.close()


def compose(mail: Mail, sender: Address, now: dt.datetime) -> EmailMessage:
    """The mail as a message. Raises ``ValueError`` when a header would hold a line break, or ``to`` more than one address.

    A calendar file goes along twice: beside the text, where mail programs look for an invitation, and as a file to open.
    """
    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(mail.key, mail.created_at, sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    if mail.calendar is not None and mail.calendar_method is not None:
        message.add_alternative(mail.calendar.decode(), subtype="calendar", params={"method": mail.calendar_method}, cte="base64")
        message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="appointment.ics")
    return message


def message_id(key: str, created_at: dt.datetime, domain: str) -> str:
    """The Message-ID of the mail with this key: the same at every attempt, another one in another database."""
    made_of = f"{key} {created_at.astimezone(dt.UTC).isoformat()}"
    return f"<{hashlib.sha256(made_of.encode()).hexdigest()[:40]}@{domain}>"


def _by_code(code: int, words: str) -> NotSent:
    return Refused(f"{code} {words}") if code >= 500 else NotSent(f"{code} {words}")
