"""Files and charts of a report: what is in them, what spreadsheets make of them, and that no words do harm."""

import csv
import datetime as dt
import io
import re
import xml.etree.ElementTree as ET

import pytest
from openpyxl import load_workbook

from bot.desk.words import catalogue
from bot.reports.charts import PATTERNS, chart, shares
from bot.reports.files import LONGEST_NAME, as_csv, as_xlsx, plain_text
from bot.reports.filters import ReportFilters
from bot.reports.shapes import Report, Row, Table, WaitRow, WaitTable
from bot.reports.sheets import sheets
from bot.reports.words import ReportWords

MADE = dt.datetime(2026, 3, 31, 22, tzinfo=dt.UTC)
EVIL = '=HYPERLINK("https://example.com")<script>&'
COLUMNS = [("answered",), ("clarify",), ("unknown", "emergency"), ("out_of_scope",), ("failed",)]
QUESTIONS = Table(
    fact="questions",
    by="topic",
    part="status",
    columns=COLUMNS,
    rows=[
        Row(("evil",), False, [40, None, None, 0, 0], 52),
        Row(("tax_card",), False, [30, None, None, 0, 0], 42),
        Row(("a", "b"), True, [5, 0, 0, 0, 0], 5),
    ],
    totals=[75, 9, 15, 0, 0],
    total=99,
)
MONTHS = Table("cases", "month", "way", [("chat",)], [Row(("2026-02",), False, [7], 7), Row(("2026-03",), False, [0], 0)], [7], 7)
WAITS = WaitTable("way", [WaitRow("chat", 12, 45, None, None)], WaitRow("all", 12, 45, None, None))
REPORT = Report(
    ReportFilters(first="2026-02", last="2026-03", municipality="joensuu"),
    MADE,
    [QUESTIONS, MONTHS],
    [WAITS],
    {"cases_judged": "few"},
)


def words(language: str = "en") -> ReportWords:
    return ReportWords(language, {"joensuu": "Joensuu"}, {"evil": EVIL, "tax_card": "Tax card"})


def test_csv_opens_in_a_finnish_spreadsheet() -> None:
    made = as_csv(REPORT, words("fi"))
    assert made.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Taulukko", "Rivi", "Sarake", "Arvo"]
    told = {(row, column): value for table, row, column, value in lines[1:] if table.startswith("Kysymykset")}
    assert told["Tax card", "Vastattu sisällöstä"] == "30"
    assert told["Tax card", "Tarkennettu vaihtoehdoilla"] == "salattu"
    assert told["Tax card", "Ei tiedetty + Hätätilanne"] == "salattu"
    assert told["Tax card", "Vastattu, %"] == "71,4"
    assert told["Muut, kutakin vähän", "Yhteensä"] == "5"
    assert told["Yhteensä", "Yhteensä"] == "99"


def test_no_cell_is_a_formula() -> None:
    lines = list(csv.reader(io.StringIO(as_csv(REPORT, words()).decode("utf-8-sig")), delimiter=";"))
    assert {line[1] for line in lines if "HYPERLINK" in line[1]} == {f"'{EVIL}"}
    workbook = load_workbook(io.BytesIO(as_xlsx(REPORT, words())))
    cells = [cell for page in workbook for row in page.iter_rows() for cell in row]
    assert any(cell.value == f"'{EVIL}" for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "|cmd", "%0A"])
def test_text_that_could_be_a_formula_is_marked(text: str) -> None:
    assert plain_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Joensuu", "3/2026", "Työ – Suomi", "a=b", ""])
def test_other_text_stays(text: str) -> None:
    assert plain_text(text) == text


def test_the_workbook_explains_itself_first() -> None:
    workbook = load_workbook(io.BytesIO(as_xlsx(REPORT, words())))
    about, *pages = workbook.worksheets
    told = [row[0].value for row in about.iter_rows()]
    assert (about.title, told[0]) == ("About", "Reports")
    assert told[1:5] == [
        "2/2026–3/2026",
        "Municipality: Joensuu",
        "Made on 01.04.2026.",
        "Feedback on cases: Fewer than 5, so nothing is shown.",
    ]
    assert any("Counts of 1 to 4 are not shown" in line for line in told)
    assert len(pages) == 3
    assert all(len(page.title) <= LONGEST_NAME for page in pages)
    questions = pages[0]
    assert [cell.value for cell in questions[3]][:3] == ["Topic", "Total", "Answered from content"]
    assert [cell.value for cell in questions[5]] == ["Tax card", 42, 30, "hidden", "hidden", 0, 0, pytest.approx(30 / 42)]
    assert (questions["B5"].number_format, questions["H5"].number_format) == ("#,##0", "0.0%")
    assert [cell.value for cell in pages[2][4]] == ["Chat", 12, 45, "hidden", "hidden"]


def test_a_share_of_a_hidden_count_or_of_few_is_not_told() -> None:
    table = Table(
        "answers_judged", "topic", "judged", [("helped",), ("not_helped",)], [Row(("a",), False, [None, None], 9)], [0, 9], 9
    )
    (sheet,) = sheets(Report(REPORT.filters, MADE, [table], [], {}), words())
    assert [row[-1] for row in sheet.rows] == [None, 0.0]


@pytest.mark.parametrize(("draw", "table"), [(chart, QUESTIONS), (chart, MONTHS), (shares, QUESTIONS), (shares, MONTHS)])
def test_charts_are_svg_that_a_strict_policy_shows(draw, table: Table) -> None:  # type: ignore[no-untyped-def]
    drawn = str(draw(table, words(), EVIL))
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    assert EVIL in root.attrib["aria-label"]
    assert not {element.tag.rpartition("}")[2] for element in root.iter()} & {"script", "style", "foreignObject", "a", "image"}
    assert not any(name == "style" or name.startswith("on") for element in root.iter() for name in element.attrib)
    shown = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert all(str(row.total) in shown for row in table.rows if draw is chart or row.total)


def test_parts_fill_the_bar_and_differ_by_pattern() -> None:
    root = ET.fromstring(str(shares(QUESTIONS, words(), "Questions")))  # noqa: S314 - our own
    parts = [element for element in root.iter() if element.tag.endswith("rect") and len(element)]
    of_first = [element for element in parts if element.attrib["y"] == parts[0].attrib["y"]]
    assert [re.search(r"_([a-z]+)\)", element.attrib["fill"])[1] for element in of_first] == [PATTERNS[0], "hidden"]
    assert sum(float(element.attrib["width"]) for element in of_first) == pytest.approx(440, abs=0.2)
    assert [element[0].text for element in of_first] == ["Answered from content: 40 (77 %)", "hidden: 12 (23 %)"]


def test_every_key_of_the_figures_has_a_name_in_both_languages() -> None:
    assert {key for key in catalogue("fi") if key.startswith("report.")} == {
        key for key in catalogue("en") if key.startswith("report.")
    }
