"""Figures put into a text as of a day, in a language. A figure that does not cover the day is never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from knowledge.model import FIGURE_QUOTE, Figure, FigureUnit

_CHECK_IT = {
    "fi": "(tarkista ajantasainen tieto: [{title}]({url}))",
    "en": "(check the current figure: [{title}]({url}))",
}


def show_figure(figure: Figure, day: dt.date, language: str) -> str:
    """The figure as of ``day``: ``380 €`` in Finnish, ``€380`` in English.

    When no row covers the day, a short request to check it, with the address of its newest source.
    """
    row = figure.row_on(day)
    if row is None:
        newest = max(figure.rows, key=lambda each: each.valid_from)
        return _CHECK_IT.get(language, _CHECK_IT["en"]).format(title=newest.title, url=newest.url)
    locale = "fi_FI" if language == "fi" else "en_IE"
    value = row.value
    if isinstance(value, dt.date):
        return format_date(value, format="long", locale=locale)
    if figure.unit is FigureUnit.percent:
        return format_percent(Decimal(str(value)) / 100, locale=locale, decimal_quantization=False)
    if figure.unit is FigureUnit.eur:
        pattern = None if value != int(value) else ("#,##0 ¤" if language == "fi" else "¤#,##0")
        return format_currency(value, "EUR", format=pattern, locale=locale, currency_digits=value != int(value))
    return format_decimal(value, locale=locale)


def fill_figures(text: str, figures: Mapping[str, Figure], day: dt.date, language: str) -> str:
    """``text`` with every ``{{ figure-name }}`` replaced.

    Raises ``KeyError`` for an unknown name, which a published snapshot cannot hold.
    """
    return FIGURE_QUOTE.sub(lambda match: show_figure(figures[match.group(1)], day, language), text)
