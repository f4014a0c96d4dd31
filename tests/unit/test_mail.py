"""A mail as a message: plain text, the calendar twice, one recipient, no header that somebody else wrote."""

import datetime as dt
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.handoff.mail import Mail, Mailer, NotSent, Refused, compose, message_id
from bot.settings import Settings
from tests.unit.handoff_fixtures import NOW

SENDER = Address("ELO-opas", addr_spec="office@example.fi")
WORDS = "Aika: keskiviikkona 25.11. klo 9.00\nhttps://guide.example.fi/" + "x" * 120 + "\nНаписано 😀\n"


def mail(**changed: object) -> Mail:
    details = {
        "key": "a/1/0/newcomer",
        "to": "asker@example.com",
        "subject": "Aika peruttu: ä😀",
        "body": WORDS,
        "created_at": NOW,
    }
    return Mail(**{**details, **changed})  # type: ignore[arg-type]


def read_back(message: EmailMessage) -> EmailMessage:
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_plain_mail() -> None:
    read = read_back(compose(mail(), SENDER, NOW))
    assert (read["From"], read["To"], read["Subject"]) == (
        "ELO-opas <office@example.fi>",
        "asker@example.com",
        "Aika peruttu: ä😀",
    )
    assert (read["Date"].datetime, read["Auto-Submitted"]) == (NOW, "auto-generated")
    assert (read.get_content_type(), read.get_content_charset()) == ("text/plain", "utf-8")
    assert read.get_content().splitlines() == WORDS.splitlines()
    assert compose(mail(), SENDER, NOW).as_bytes().isascii()


def test_a_calendar_goes_along_as_invitation_and_as_file() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Ä\r\nEND:VCALENDAR\r\n".encode()
    read = read_back(compose(mail(calendar=calendar, calendar_method="CANCEL"), SENDER, NOW))
    text, invitation, file = [part for part in read.walk() if not part.is_multipart()]
    assert text.get_content().splitlines() == WORDS.splitlines()
    assert invitation["Content-Type"].params == {"charset": "utf-8", "method": "CANCEL"}
    assert (invitation.get_content_type(), invitation.get_payload(decode=True)) == ("text/calendar", calendar)
    assert (file.get_content_type(), file.get_filename(), file.get_content()) == ("application/ics", "appointment.ics", calendar)


@pytest.mark.parametrize("breaks", ["\n", "\r", "\r\n", "\r\n\r\n"])
def test_a_line_break_never_makes_a_header(breaks: str) -> None:
    for changed in (
        {"subject": f"Aika{breaks}Bcc: other@example.com"},
        {"to": f"asker@example.com{breaks}Bcc: other@example.com"},
    ):
        with pytest.raises(ValueError, match=r"\w"):
            compose(mail(**changed), SENDER, NOW)


@pytest.mark.parametrize("to", ["", "asker", "a@example.com, b@example.com", "a@example.com b@example.com", "<a@example.com>"])
async def test_what_is_not_one_address_is_refused_before_any_server_is_asked(to: str) -> None:
    settings = Settings(smtp_url="smtp://127.0.0.1:1", mail_from="office@example.fi")
    with pytest.raises(Refused, match="not a mail"):
        await Mailer.from_settings(settings).send(mail(to=to), NOW)


def test_the_message_id_is_the_same_at_every_attempt_and_another_for_every_mail() -> None:
    here = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert message_id("a", NOW, "example.fi") == message_id("a", here, "example.fi")
    assert len({message_id("a", NOW, "x"), message_id("b", NOW, "x"), message_id("a", NOW + dt.timedelta(seconds=1), "x")}) == 3
    assert compose(mail(), SENDER, NOW)["Message-ID"] == message_id("a/1/0/newcomer", NOW, "example.fi")


async def test_mail_is_off_without_a_server() -> None:
    mailer = Mailer.from_settings(Settings(mail_from="office@example.fi"))
    assert not mailer.mail_is_on
    with pytest.raises(NotSent):
        await mailer.send(mail(), NOW)


async def test_a_server_that_is_not_there_is_no_refusal() -> None:
    mailer = Mailer.from_settings(Settings(smtp_url="smtp://127.0.0.1:1", mail_from="office@example.fi"))
    assert mailer.mail_is_on
    with pytest.raises(NotSent) as told:
        await mailer.send(mail(), NOW)
    assert not isinstance(told.value, Refused)
