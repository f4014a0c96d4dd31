"""The pages that the service itself shows."""

import pytest

from bot.widget.pages import chat_page, page_language, privacy_page


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("sv", "fi", "sv"),
        ("xx", "uk-UA,uk;q=0.9", "uk"),
        (None, "fil-PH,fil;q=0.9", "en"),
        (None, "fil-PH, sv;q=0.5", "sv"),
        (None, "", "en"),
        ("fi-easy", "en", "fi"),
    ],
)
def test_a_page_speaks_what_was_asked_for_or_accepted(asked: str | None, accepted: str, language: str) -> None:
    assert page_language(asked, accepted) == language


def test_only_the_chat_loads_scripts_and_both_pages_name_language_and_direction() -> None:
    chat, privacy = chat_page("ar", "f1", {"lang": 'a"b'}, [], switched_on=True), privacy_page("ar", "f1")
    for page in (chat, privacy):
        assert '<html lang="ar" dir="rtl">' in page
        assert "widget/f1/page.css" in page
        assert page.count("<h1") == 1
    assert chat.count("<script") == 2
    assert 'lang="a&quot;b"' in chat
    assert "<script" not in privacy
