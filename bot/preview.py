"""How newcomers will see an answer, before it is published: in every language in which it can be read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.language import direction
from bot.messages import ShownAnswer
from bot.opening import locale_of
from bot.showing import show_answer
from bot.texts import language_tag, line_language, widget_words
from knowledge.compiled import Compiled
from knowledge.model import Answer

FOLDER = Path(__file__).resolve().parent / "widget"
DATED = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


def shown_in_each(answer: Answer, content: Compiled, moment: dt.datetime, municipality: str | None) -> dict[str, ShownAnswer]:
    """The answer as shown at ``moment`` to somebody in ``municipality``, by language; easy Finnish is ``fi-easy``.

    Raises ``KeyError`` for a figure, contact or municipality that is not in ``content``.
    """
    return {code: show_answer(answer, content, code, moment, municipality) for code in answer.readable()}


def preview_page(answer: Answer, shown: Mapping[str, ShownAnswer], said: Mapping[str, str], language: str, subtitle: str) -> str:
    """A page that needs no service: each version as the widget shows it. ``said`` are the words of the verb ``preview``."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["day"] = day_text
    return environment.get_template("preview.html").render(
        answer=answer,
        versions=[
            {
                "name": said.get(f"name_{code}", code),
                "answer": each,
                "titles": {link.url: link.title for link in each.links},
                "lang": language_tag(each.language),
                "dir": direction(each.language),
                "words": widget_words(line_language(each.language))["chat"],
            }
            for code, each in shown.items()
        ],
        said=said,
        language=language,
        subtitle=subtitle,
        styles=(FOLDER / "static" / "widget" / "chat.css").read_text(encoding="utf-8"),
    )


def day_text(day: dt.date | str, language: str) -> str:
    """A day, or a page's month, as people write it; another date of a page stays as it is."""
    found = DATED.fullmatch(str(day))
    if found is None:
        return str(day)
    year, month, number = found.groups()
    style = "long" if number else "LLLL yyyy"
    return format_date(dt.date(int(year), int(month), int(number or 1)), style, locale=locale_of(language))
