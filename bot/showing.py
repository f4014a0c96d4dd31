"""Turns curated content into what is shown: in one language, as of one moment, for one municipality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bot.messages import Alternative, OpenSpan, ShownAnswer, ShownContact, ShownLink, ShownPhone, ShownSource
from bot.opening import FINLAND, coming_spans, exceptions_text, hours_text, is_open, moment_text, next_opening
from bot.texts import language_tag, say
from knowledge.compiled import Compiled
from knowledge.figures import fill_figures
from knowledge.markdown import steps_of, to_html, to_text
from knowledge.model import EASY_FINNISH, Answer, Contact, Localised, Source, Status, Version


def shown_version(answer: Answer, language: str) -> tuple[str, Version]:
    """The language in which the answer is shown, and its text: what the asker reads when it exists, else English.

    Who reads easy Finnish gets Finnish then.
    """
    versions = answer.readable()
    chosen = language if language in versions else "fi" if language == EASY_FINNISH else "en"
    return chosen, versions[chosen]


def show_answer(answer: Answer, content: Compiled, language: str, moment: dt.datetime, municipality: str | None) -> ShownAnswer:
    """The answer as it stands on the day of ``moment``. An answer that has ended shows its sources, not its text."""
    shown_in, version = shown_version(answer, language)
    tag = language_tag(shown_in)
    day = moment.astimezone(FINLAND).date()
    if answer.valid_until is not None and answer.valid_until < day:
        text = say("figure_expired", shown_in)
    else:
        text = version.answer.strip()
        local = answer.municipalities.get(municipality or "")
        if local is not None:
            text += "\n\n" + _in(local, tag)
    text = fill_figures(text, content.figures, day, tag)
    return ShownAnswer(
        id=answer.id,
        topic=answer.topic,
        title=fill_figures(version.title, content.figures, day, tag),
        text=to_text(text),
        html=to_html(text),
        steps=steps_of(text),
        links=[ShownLink(url=link.url, title=link.title) for link in version.links],
        contacts=show_contacts(contacts_of(answer, content, municipality), content, tag, moment),
        sources=[show_source(source) for source in answer.sources],
        checked_on=answer.checked_on,
        reviewed=answer.status is Status.reviewed,
        language=shown_in,
        fallback_from=None if shown_in == language else language,
    )


def show_alternative(answer: Answer, content: Compiled, language: str, moment: dt.datetime) -> Alternative:
    """The answer's title as a choice."""
    shown_in, version = shown_version(answer, language)
    title = fill_figures(version.title, content.figures, moment.astimezone(FINLAND).date(), language_tag(shown_in))
    return Alternative(id=answer.id, topic=answer.topic, title=title)


def contacts_of(answer: Answer, content: Compiled, municipality: str | None) -> list[str]:
    """The contacts of an answer for someone in ``municipality``.

    Where the answer names a local office, that of the asker's own municipality takes the place of another one's.
    """
    if municipality is None:
        return answer.contacts
    own = content.municipalities[municipality].contact
    chosen: list[str] = []
    for name in answer.contacts:
        of = content.contacts[name].municipality
        chosen.append(name if of in (None, municipality) else own)
    return list(dict.fromkeys(chosen))


def show_contacts(names: Iterable[str], content: Compiled, language: str, moment: dt.datetime) -> list[ShownContact]:
    """The contacts in their order."""
    return [show_contact(name, content.contacts[name], language, moment) for name in names]


def show_contact(name: str, contact: Contact, language: str, moment: dt.datetime) -> ShownContact:
    """One contact: what is known, what is not, and whether it is open at ``moment``."""
    opens = next_opening(contact, moment)
    return ShownContact(
        id=name,
        name=_in(contact.name, language),
        helps_with=_in(contact.helps_with, language),
        phones=[
            ShownPhone(number=phone.number, href="tel:" + phone.number.replace(" ", ""), label=_in(phone.label, language) or None)
            for phone in contact.phones
        ],
        email=contact.email,
        address=contact.address if isinstance(contact.address, str) else _in(contact.address, language) or None,
        website=contact.website,
        hours=[*hours_text(contact, language), *exceptions_text(contact, moment, language)],
        open_now=is_open(contact, moment),
        opens_next=moment_text(opens, language) if opens else None,
        open_spans=[OpenSpan(opens=opening, closes=closing) for opening, closing in coming_spans(contact, moment)],
        always_open=contact.always_open,
        unknown=contact.unknown,
        note=_in(contact.note, language) or None,
        to_check=contact.certainty == "check",
        source=show_source(contact.source) if contact.source else None,
    )


def show_source(source: Source) -> ShownSource:
    """A source with the day on which it was read."""
    return ShownSource(url=source.url, title=source.title, checked_on=source.checked_on, page_date=source.page_date)


def _in(text: Localised | None, language: str) -> str:
    return "" if text is None else text.in_language(language)
