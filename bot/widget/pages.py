"""The pages that the service itself shows: the chat as a full page, and what happens with a newcomer's data."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template

from bot.language import direction
from bot.messages import ShownContact
from bot.texts import LANGUAGES, Words, language_tag, widget_words

FOLDER = Path(__file__).resolve().parent
PAGE, PRIVACY = (Template((FOLDER / name).read_text(encoding="utf-8")) for name in ("page.html", "privacy.html"))
SCRIPTS = """
    <script type="module" src="widget.js"></script>
    <script type="module" src="widget/{fingerprint}/page.js"></script>"""
TITLE = '<h1 class="unseen">{title}</h1>\n      '
ELEMENT = '<elo-chat {attributes}></elo-chat>\n      <noscript><section class="plain">{contacts}</section></noscript>'


def page_language(asked: str | None, accepted: str) -> str:
    """The language of a page: the one asked for, else the first known one of ``Accept-Language``, else English."""
    wishes = [language_tag(asked or ""), *(each.split(";")[0].strip().split("-")[0].lower() for each in accepted.split(","))]
    return next((wish for wish in wishes if wish in LANGUAGES), "en")


def chat_page(
    language: str, fingerprint: str, attributes: Mapping[str, str | None], contacts: list[ShownContact], *, switched_on: bool
) -> str:
    """The full page. Without JavaScript, or with the widget switched off, it says who can be reached."""
    words = widget_words(language)["page"]
    said = html.escape(str(words["no_script" if switched_on else "switched_off"]))
    listed = f"<p>{said}</p>{_contact_list(contacts)}"
    told = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items() if value)
    frame = _frame(language, fingerprint, words, "title")
    content = (
        ELEMENT.format(attributes=f"full {told}".strip(), contacts=listed)
        if switched_on
        else f'<section class="plain">{listed}</section>'
    )
    return PAGE.substitute(frame, scripts=SCRIPTS.format_map(frame), content=TITLE.format_map(frame) + content)


def privacy_page(language: str, fingerprint: str) -> str:
    """What the guide does with a newcomer's data."""
    words = widget_words(language)["page"]
    others = "".join(f'<li><a href="?lang={each}" hreflang="{each}" lang="{each}">{each}</a></li>' for each in LANGUAGES)
    frame = _frame(language, fingerprint, words, "privacy_title")
    content = PRIVACY.substitute(
        frame,
        paragraphs="".join(f"<p>{html.escape(line)}</p>" for line in words["privacy"]),
        back=html.escape(str(words["back"])),
        languages=others,
    )
    return PAGE.substitute(frame, scripts="", content=content)


def _frame(language: str, fingerprint: str, words: Mapping[str, Words], title: str) -> dict[str, str]:
    return {
        "lang": language,
        "dir": direction(language),
        "title": html.escape(str(words[title])),
        "fingerprint": fingerprint,
    }


def _contact_list(contacts: Iterable[ShownContact]) -> str:
    return "<ul>" + "".join(f"<li>{_contact(contact)}</li>" for contact in contacts) + "</ul>"


def _contact(contact: ShownContact) -> str:
    lines = [f"<strong>{html.escape(contact.name)}</strong>"]
    lines += [f'<a href="{html.escape(phone.href)}" dir="ltr">{html.escape(phone.number)}</a>' for phone in contact.phones]
    lines += [html.escape(line) for line in contact.hours]
    if contact.email:
        lines.append(f'<a href="mailto:{html.escape(contact.email)}" dir="ltr">{html.escape(contact.email)}</a>')
    if contact.website:
        lines.append(f'<a href="{html.escape(contact.website)}" dir="ltr">{html.escape(contact.website)}</a>')
    return "<br>".join(lines)
