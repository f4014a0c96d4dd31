"""Messages as they are shown in a chat."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.channels.telegram.buttons import LONGEST_TITLE, Chosen, Pressed, buttons_of, choices, read_data
from bot.channels.telegram.cards import dialled
from bot.channels.telegram.shown import shown
from bot.messages import Alternative, Button, ExpertOffer, Message, ShownAnswer, ShownContact, ShownPhone, ShownSource
from bot.status import ExpertReason
from tests.telegram.rules import check, visible

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


def message(**told: Any) -> Message:
    usual = {
        "id": 7,
        "at": NOON,
        "sender": "bot",
        "kind": "text",
        "text": "Hi",
        "html": "<p>Hi</p>",
        "language": "en",
        "dir": "ltr",
    }
    return Message.model_validate({**usual, **told})


def contact(**told: Any) -> ShownContact:
    return ShownContact.model_validate({"id": "ihj", "name": "Office <1>", "helps_with": "moving", **told})


def answer(**told: Any) -> ShownAnswer:
    usual = {
        "id": "tax_card", "topic": "tax", "title": "Tax & card", "text": "x", "html": "x", "language": "en", "reviewed": True,
        "sources": [ShownSource(url="https://vero.fi/?a=1&b=2", title="Tax", checked_on=dt.date(2026, 11, 3))],
        "checked_on": dt.date(2026, 11, 3),
    }  # fmt: skip
    return ShownAnswer.model_validate({**usual, **told})


def test_an_answer_has_its_title_its_source_and_the_day_on_which_it_was_checked() -> None:
    (part,) = shown(message(html="<p>Ask for one.</p>", answer=answer()), "en")
    assert part.html == (
        "<b>Tax &amp; card</b>\n\nAsk for one.\n\n<b>Sources</b>\n\n"
        '• <a href="https://vero.fi/?a=1&amp;b=2">Tax</a>. Checked on 3 November 2026'
    )


def test_a_draft_says_so_in_the_language_of_the_reader() -> None:
    draft = message(answer=answer(reviewed=False))
    assert "Not reviewed yet" in shown(draft, "en")[0].html
    assert "لم تُراجَع بعد" in shown(draft, "ar")[0].html
    assert "Not reviewed yet" in shown(draft, "so")[0].html


def test_a_card_has_numbers_that_can_be_called_and_hours() -> None:
    office = contact(
        phones=[ShownPhone(number="013 330 6008", href="tel:0133306008", label="desk")],
        hours=["Mon–Fri 09:00–16:00"],
        open_now=False,
        opens_next="Tuesday 24 November 09:00",
        website="https://office.fi/",
        email="office@example.fi",
        to_check=True,
    )
    html = shown(message(expert=ExpertOffer(recommended=True, reason=ExpertReason.own_case, contacts=[office])), "en")[0].html
    assert "<b>Office &lt;1&gt;</b>\nmoving\n☎ +358 13 3306008 (desk)" in html
    assert '🌐 <a href="https://office.fi/">office.fi</a>' in html
    assert "🕐 Mon–Fri 09:00–16:00\nClosed now. Opens: Tuesday 24 November 09:00." in html
    assert "The permit expert can help with your own case." in html
    assert "older page" in html


def test_what_is_not_known_of_a_contact_is_said() -> None:
    html = shown(message(answer=answer(contacts=[contact(unknown=["phone"])])), "en")[0].html
    assert "We do not know the phone number." in html
    assert "We do not know the opening hours." in html


def test_a_contact_of_the_answer_and_of_the_offer_has_one_card() -> None:
    both = message(answer=answer(contacts=[contact()]), expert=ExpertOffer(recommended=True, contacts=[contact()]))
    assert shown(both, "en")[0].html.count("Office") == 1


@pytest.mark.parametrize(
    ("number", "shown_as"),
    [
        ("050 535 7280", "+358 50 5357280"),
        ("112", "112"),
        ("116117", "116117"),
        ("116 006", "116 006"),
        ("+46 8 123 456 78", "+46 8 123 456 78"),
    ],
)
def test_finnish_numbers_can_be_called_from_everywhere_and_short_ones_stay(number: str, shown_as: str) -> None:
    assert dialled(number) == shown_as


def test_the_words_of_a_human_have_their_role_and_stay_text() -> None:
    (part,) = shown(message(sender="expert", author="Permit expert", html="<p>&lt;b&gt; **x**</p>"), "en")
    assert part.html == "<b>Permit expert</b>\n\n&lt;b&gt; **x**"


def test_a_choice_is_a_numbered_list_with_numbered_buttons() -> None:
    title = "How do I apply for a residence permit for my family while I am in Finland already and work here?"
    alternatives = [Alternative(id=name, topic="t", title=title) for name in ("one", "two")]
    buttons = [Button(title=title, payload=f'/choose{{"answer":"{each.id}"}}') for each in alternatives]
    choice = message(kind="choice", alternatives=alternatives, buttons=[*buttons, Button(title="A person", payload="/ask_human")])
    (part,) = shown(choice, "en")
    assert visible(part.html) == f"Hi\n\n1. {title}\n2. {title}"
    assert part.keyboard is not None
    titles = [row[0].text for row in part.keyboard.inline_keyboard]
    assert [each[:2] for each in titles] == ["1.", "2.", "A "]
    assert all(len(each) <= LONGEST_TITLE for each in titles)
    assert titles[0].endswith("…")


def test_buttons_stand_under_the_last_part_and_carry_at_most_64_bytes() -> None:
    payload = '/feedback_helped{"answer":"' + "a" * 80 + '"}'
    parts = shown(
        message(id=10**15, html="<p>" + "word " * 2000 + "</p>", buttons=[Button(title="It helped", payload=payload)]), "en"
    )
    assert len(parts) == 3
    assert [part.keyboard is None for part in parts] == [True, True, False]
    for part in parts:
        markup = {"reply_markup": part.keyboard.to_json()} if part.keyboard else {}
        check("sendMessage", {"chat_id": "1", "text": part.html, "parse_mode": "HTML", **markup})


def test_what_stands_behind_a_button_is_read_back() -> None:
    keyboard = buttons_of(message(id=42, buttons=[Button(title="a", payload="/x"), Button(title="b", payload="/y")]))
    assert keyboard is not None
    assert [read_data(str(row[0].callback_data)) for row in keyboard.inline_keyboard] == [Pressed(42, 0), Pressed(42, 1)]
    offered = choices("place", {"joensuu": "Joensuu"})
    assert offered is not None
    assert read_data(str(offered.inline_keyboard[0][0].callback_data)) == Chosen("place", "joensuu")


@pytest.mark.parametrize(
    "data", ["", "m1", "m1.", "m-1.2", "m1.2.3", "place:", "place:JOENSUU", "other:x", "m١.١", "erase:yes\n"]
)
def test_what_is_no_button_of_ours_is_none(data: str) -> None:
    assert read_data(data) is None
