"""What the address of a mail server and a sender say."""

import pytest

from bot.handoff.smtp_address import SmtpServer, read_mailbox, read_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, "none")),
        ("smtp://127.0.0.1:2525/", SmtpServer("127.0.0.1", 2525, "none")),
        ("smtp+starttls://office:secret@mail.example.fi", SmtpServer("mail.example.fi", 587, "starttls", "office", "secret")),
        ("smtps://a%40b.fi:p%3Aw%2F%25@[::1]:4650", SmtpServer("::1", 4650, "tls", "a@b.fi", "p:w/%")),
    ],
)
def test_an_address_names_host_port_security_and_account(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server
    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail",
        "http://mail",
        "smtp://",
        "smtp://:25",
        "smtp://user@mail",
        "smtp://mail/inbox",
        "smtp://mail:99999",
        "smtp://m?x=1",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_smtp_url(url)


def test_a_sender_with_and_without_a_name() -> None:
    assert (read_mailbox("office@example.fi").display_name, read_mailbox("office@example.fi").addr_spec) == (
        "",
        "office@example.fi",
    )
    named = read_mailbox('"ELO, neuvonta" <office@example.fi>')
    assert (named.display_name, named.addr_spec, named.domain) == ("ELO, neuvonta", "office@example.fi", "example.fi")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "office",
        "office@localhost",
        "a@b.fi, c@d.fi",
        "ELO <office>",
        "a@b.fi\nBcc: c@d.fi",
        "kysyjä@example.fi",
        "@example.fi",
    ],
)
def test_what_is_no_sender_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"use office@example\.fi"):
        read_mailbox(text)
