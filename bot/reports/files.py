"""Reports as files: CSV to work with, and a spreadsheet to read."""

from __future__ import annotations

import csv
import io
import re

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.shapes import Report
from bot.reports.sheets import Format, Sheet, Value, about, cells, sheets
from bot.reports.words import ReportWords

FORMULA = re.compile(r"\A[\s]*[=+\-@|%]|\A[\t\r\n]")
"""Text that a spreadsheet may take for a formula."""

NOT_IN_NAMES = re.compile(r"[][:*?/\\]")
"""What the name of a sheet must not hold."""

NUMBERS: dict[Format, str] = {"text": "@", "count": "#,##0", "share": "0.0%"}

LONGEST_NAME = 31
"""Characters in the name of a sheet."""


def as_csv(report: Report, words: ReportWords) -> bytes:
    """One line for each number: table, row, column, value. UTF-8 with BOM and semicolons, as Finnish spreadsheets open it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([words.say(name) for name in ("sheet_table", "sheet_row", "sheet_column", "sheet_value")])
    for sheet in sheets(report, words):
        for row, column, value, kind in cells(sheet):
            writer.writerow([plain_text(sheet.title), plain_text(row), plain_text(column), _in_csv(value, kind, words)])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(report: Report, words: ReportWords) -> bytes:
    """A workbook: what is counted, then a sheet for each table."""
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.title = words.say("sheet_about")
    for number, line in enumerate([words.say("title"), *about(report, words)], 1):
        _put(first.cell(number, 1), line, "text", bold=number == 1)
        first.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    first.column_dimensions["A"].width = 100
    for number, sheet in enumerate(sheets(report, words), 1):
        _fill(workbook.create_sheet(_sheet_name(number, sheet.title)), sheet, words)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def plain_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def _in_csv(value: Value, kind: Format, words: ReportWords) -> str | int:
    if value is None:
        return words.say("hidden")
    if kind == "share":
        return f"{100 * float(value):.1f}".replace(".", ",") if words.language == "fi" else f"{100 * float(value):.1f}"
    return plain_text(value) if isinstance(value, str) else int(value)


def _fill(page: Worksheet, sheet: Sheet, words: ReportWords) -> None:
    _put(page.cell(1, 1), sheet.title, "text", bold=True)
    for column, (name, kind) in enumerate(zip(sheet.header, sheet.formats, strict=True), 1):
        _put(page.cell(3, column), name, "text", bold=True)
        page.cell(3, column).alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(column)].width = 36 if kind == "text" else 16
        for number, row in enumerate(sheet.rows, 4):
            value = row[column - 1]
            cell = page.cell(number, column)
            _put(cell, words.say("hidden") if value is None else value, kind, bold=number == len(sheet.rows) + 3)
            if kind != "text":
                cell.alignment = Alignment(horizontal="right")
    page.freeze_panes = "B4"


def _put(cell: Cell, value: str | int | float, kind: Format, *, bold: bool) -> None:
    cell.value = plain_text(value) if isinstance(value, str) else value
    cell.number_format = NUMBERS[kind]
    cell.font = Font(bold=bold)


def _sheet_name(number: int, title: str) -> str:
    return f"{number} {NOT_IN_NAMES.sub(' ', title)}"[:LONGEST_NAME]
