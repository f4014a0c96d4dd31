"""A figure is shown for the day asked about, in the language asked for, and is never guessed."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.figures import fill_figures, show_figure
from knowledge.model import Figure

DAY = dt.date(2026, 11, 22)
ADDRESS = "https://example.fi/"


def row(value: object, first: str, last: str | None = None, **more: str) -> dict[str, Any]:
    return {
        "value": value,
        "valid_from": first,
        "valid_until": last,
        "url": ADDRESS,
        "title": "Maksut",
        "checked_on": "2026-11-01",
    } | more


def figure(unit: str, *rows: dict[str, Any]) -> Figure:
    return Figure.model_validate({"unit": unit, "rows": rows})


FEE = figure(
    "EUR",
    row(10, "2024-01-01", "2024-12-31"),
    row(20, "2025-01-01", "2025-12-31"),
    row(40, "2027-01-01", None, url=f"{ADDRESS}new"),
)
"""There is no row for 2026."""


@pytest.mark.parametrize(
    ("day", "value"),
    [
        ("2023-12-31", None), ("2024-01-01", 10), ("2024-12-31", 10), ("2025-01-01", 20), ("2025-12-31", 20),
        ("2026-01-01", None), ("2026-12-31", None), ("2027-01-01", 40), ("2099-01-01", 40),
    ],
)  # fmt: skip
def test_both_ends_belong_to_a_row_and_a_gap_to_none(day: str, value: int | None) -> None:
    found = FEE.row_on(dt.date.fromisoformat(day))
    assert (found and found.value) == value


@pytest.mark.parametrize("language", ["fi", "en", "ru"])
def test_a_day_without_a_row_shows_the_newest_source_and_no_number(language: str) -> None:
    shown = show_figure(FEE, DAY, language)
    assert f"[Maksut]({ADDRESS}new)" in shown
    assert not any(number in shown for number in ("10", "20", "40"))


@pytest.mark.parametrize(
    ("unit", "value", "finnish", "english"),
    [
        ("EUR", 380, "380 €", "€380"),
        ("EUR", 380.0, "380 €", "€380"),
        ("EUR", 1600, "1 600 €", "€1,600"),
        ("EUR", 3.5, "3,50 €", "€3.50"),
        ("EUR", 1234.56, "1 234,56 €", "€1,234.56"),
        ("number", 1234567, "1 234 567", "1,234,567"),
        ("number", 2.5, "2,5", "2.5"),
        ("percent", 24, "24 %", "24%"),
        ("percent", 25.5, "25,5 %", "25.5%"),
        ("date", "2027-01-05", "5. tammikuuta 2027", "5 January 2027"),
    ],
)
def test_a_figure_is_written_as_its_language_writes_it(unit: str, value: object, finnish: str, english: str) -> None:
    shown = {
        language: show_figure(figure(unit, row(value, "2026-01-01")), DAY, language).replace("\xa0", " ")
        for language in ("fi", "en", "ru")
    }
    assert shown == {"fi": finnish, "en": english, "ru": english}


@pytest.mark.parametrize("text", ["{{ fee }}", "{{fee}}", "{{  fee\t}}"])
def test_a_quote_is_replaced_whatever_its_spacing(text: str) -> None:
    assert fill_figures(f"a {text} b {text}", {"fee": FEE}, dt.date(2025, 5, 5), "en") == "a €20 b €20"


def test_an_unknown_name_raises() -> None:
    with pytest.raises(KeyError):
        fill_figures("{{ fare }}", {"fee": FEE}, DAY, "en")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(1, "2026-01-01", "2026-06-30"), row(2, "2026-06-30")], id="one day in common"),
        pytest.param([row(2, "2026-06-30"), row(1, "2026-01-01", "2026-06-30")], id="the later one written first"),
        pytest.param([row(1, "2026-01-01"), row(2, "2026-07-01")], id="the earlier one has no end"),
        pytest.param([row(1, "2026-01-01", "2026-12-31"), row(2, "2026-03-01", "2026-04-01")], id="one inside the other"),
        pytest.param([row(1, "2026-01-01", "2026-12-31"), row(2, "2026-01-01", "2026-12-31")], id="same period"),
    ],
)
def test_rows_that_overlap_are_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="overlap"):
        figure("EUR", *rows)


def test_a_row_of_one_day_is_a_period() -> None:
    assert figure("EUR", row(5, "2026-11-22", "2026-11-22")).row_on(DAY) is not None
