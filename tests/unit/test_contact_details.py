"""Phone numbers and e-mail addresses as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff.contact_details import Email, Phone, Problem, read_email, read_phone


@pytest.mark.parametrize(
    ("text", "e164", "shown"),
    [
        ("040 123 4567", "+358401234567", "040 1234567"),
        ("  (040) 123-4567 ", "+358401234567", "040 1234567"),
        ("+358 40 1234567", "+358401234567", "040 1234567"),
        ("00358401234567", "+358401234567", "040 1234567"),
        ("٠٤٠١٢٣٤٥٦٧", "+358401234567", "040 1234567"),
        ("013 123456", "+35813123456", "013 123456"),
        ("my number is 040 123 4567", "+358401234567", "040 1234567"),
        ("040-1234567 ext. 5", "+358401234567", "040 1234567"),
        ("+46 70 123 45 67", "+46701234567", "+46 70 123 45 67"),
        ("+380 50 123 4567", "+380501234567", "+380 50 123 4567"),
    ],
)
def test_a_number_that_can_be_called(text: str, e164: str, shown: str) -> None:
    assert read_phone(text) == Phone(e164, shown)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "phone_missing"),
        ("call me", "phone_letters"),
        ("131052-308T", "phone_letters"),
        ("-", "phone_letters"),
        ("0401", "phone_too_short"),
        ("+3581", "phone_too_short"),
        ("04012345678901234567", "phone_too_long"),
        ("0" * 300, "phone_too_long"),
        ("+210 123 4567", "phone_country_unknown"),
        ("0999999999", "phone_unknown"),
        ("040 123 4567 or 050 535 7280", "phone_several"),
        ("040 123 4567, 050 535 7280", "phone_several"),
        ("112", "phone_not_callable"),
        ("116117", "phone_not_callable"),
        ("0600 12345", "phone_not_callable"),
        ("+1 900 555 1234", "phone_not_callable"),
        ("+881612345678", "phone_not_callable"),
    ],
)
def test_a_number_that_cannot_be_called_and_why(text: str, reason: str) -> None:
    assert read_phone(text) == Problem(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("asker@example.fi", "asker@example.fi"),
        (" <Asker@Example.FI> ", "Asker@example.fi"),
        ("first.last+elo@sub.example.com", "first.last+elo@sub.example.com"),
        ("asker@äö.fi", "asker@xn--4ca0b.fi"),
    ],
)
def test_an_address_that_has_the_form_of_one(text: str, address: str) -> None:
    assert read_email(text) == Email(address)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "email_missing"),
        ("asker@example,fi", "email_comma"),
        ("asker@example.fi, other@example.fi", "email_comma"),
        ("asker @example.fi", "email_spaces"),
        ("asker@example.fi\nBcc: other@example.fi", "email_spaces"),
        ("asker.example.fi", "email_no_at"),
        ("asker@@example.fi", "email_several_at"),
        ("asker@example", "email_no_ending"),
        ("asker@", "email_no_ending"),
        ("@example.fi", "email_not_valid"),
        ("asker@example..fi", "email_not_valid"),
        ("asker@127.0.0.1", "email_not_valid"),
        ("kysyjä@example.fi", "email_not_valid"),
        ("a" * 300 + "@example.fi", "email_not_valid"),
        ("asker@example.fi\x00", "email_not_valid"),
    ],
)
def test_an_address_that_cannot_be_written_to_and_why(text: str, reason: str) -> None:
    assert read_email(text) == Problem(reason)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text() | st.text("+0123456789 -()/.,x٣²"))
def test_whatever_is_typed_gets_a_number_or_a_reason(text: str) -> None:
    found = read_phone(text)
    assert isinstance(found, Problem) or read_phone(found.e164) == found


@settings(deadline=None)
@given(st.text() | st.emails() | st.text("ab@.,<> \n\0-"))
def test_whatever_is_typed_gets_an_address_or_a_reason(text: str) -> None:
    found = read_email(text)
    assert isinstance(found, Problem) or (read_email(found.address) == found and found.address.isascii())
