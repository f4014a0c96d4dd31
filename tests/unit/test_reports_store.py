"""Reports count turns and cases by months in Finland, and give nothing away that is small."""

import datetime as dt

import pytest
from pydantic import ValidationError

from bot.conversations.database import Database
from bot.reports.filters import ReportFilters, begins, ends, last_twelve_months
from bot.reports.shapes import Report, Table, share
from bot.reports.store import ReportStore
from bot.reports.suppress import is_small
from tests.unit.report_rows import NOON, busy_months, case, store, turn

YEAR = ReportFilters(first="2026-01", last="2026-12")


async def report(database: Database, filters: ReportFilters = YEAR) -> Report:
    return await ReportStore(database, lambda: NOON).figures(filters)


def table(made: Report, name: str) -> Table:
    return next(each for each in made.tables if each.name == name)


def shown(one: Table) -> dict[tuple[str, ...], list[int | None]]:
    return {row.keys: row.cells for row in one.rows}


async def test_months_begin_at_midnight_in_finland(database: Database) -> None:
    moments = [  # winter time until 29 March, 3 o'clock; then summer time
        "2026-02-28T21:59:59.999999+00:00",
        "2026-02-28T22:00:00+00:00",
        "2026-03-31T20:59:59.999999+00:00",
        "2026-03-31T21:00:00+00:00",
    ]
    await store(database, *(turn(at=dt.datetime.fromisoformat(moment)) for moment in moments for _ in range(5)))
    by_month = table(await report(database, ReportFilters(first="2026-02", last="2026-04")), "questions_status_by_month")
    assert {row.keys: row.total for row in by_month.rows} == {("2026-02",): 5, ("2026-03",): 10, ("2026-04",): 5}
    march = await report(database, ReportFilters(first="2026-03", last="2026-03"))
    assert {table.total for table in march.tables_of("questions")} == {10}


async def test_questions_are_counted_by_every_dimension_and_status(database: Database) -> None:
    await store(
        database,
        *(turn(municipality="joensuu", topic="tax_card", audience="person") for _ in range(12)),
        *(turn(municipality="kitee", status="unknown", language="en", channel="telegram") for _ in range(6)),
        *(turn(status=status) for status in ("handoff", "smalltalk", "control", "human") for _ in range(9)),
    )
    made = await report(database)
    assert [each.name for each in made.tables] == [
        f"questions_status_by_{by}" for by in ("month", "municipality", "topic", "language", "channel", "audience")
    ]
    for by, keys in {
        "municipality": ("joensuu", "kitee"),
        "topic": ("tax_card", "-"),
        "language": ("fi", "en"),
        "channel": ("web", "telegram"),
        "audience": ("person", "-"),
    }.items():
        one = table(made, f"questions_status_by_{by}")
        assert shown(one) == {(keys[0],): [12, 0, 0, 0, 0, 0], (keys[1],): [0, 0, 6, 0, 0, 0]}
        assert (one.totals, one.total) == ([12, 0, 6, 0, 0, 0], 18)
    months = shown(table(made, "questions_status_by_month"))
    assert len(months) == 12
    assert months["2026-03",] == [12, 0, 6, 0, 0, 0]


async def test_filters_narrow_and_are_not_among_the_tables(database: Database) -> None:
    await store(
        database,
        *(turn(municipality="joensuu", topic="tax_card") for _ in range(7)),
        *(turn(municipality="joensuu") for _ in range(8)),
        *(turn(municipality="kitee") for _ in range(9)),
    )
    made = await report(database, YEAR.model_copy(update={"municipality": "joensuu"}))
    assert {table.by for table in made.tables} == {"month", "topic", "language", "channel", "audience"}
    assert shown(table(made, "questions_status_by_topic"))["tax_card",] == [7, 0, 0, 0, 0, 0]
    not_told = await report(database, YEAR.model_copy(update={"topic": "-"}))
    assert {table.total for table in not_told.tables} == {17}


async def test_cases_by_way_and_how_they_stand(database: Database) -> None:
    await store(
        database,
        *(case(way="callback") for _ in range(6)),
        *(case(state="resolved", outcome="referred") for _ in range(7)),
        *(case(state="withdrawn", outcome=None) for _ in range(8)),
        *(case(state=state, outcome=None) for state in ("queued", "claimed") for _ in range(9)),
    )
    made = await report(database)
    ways, outcomes = table(made, "cases_way_by_channel"), table(made, "cases_outcome_by_channel")
    assert dict(zip(ways.columns, ways.totals, strict=True)) == {
        ("chat",): 33,
        ("callback",): 6,
        ("appointment",): 0,
        ("question",): 0,
    }
    stand = dict(zip(outcomes.columns, outcomes.totals, strict=True))
    assert {keys: total for keys, total in stand.items() if total} == {
        ("answered",): 6,
        ("referred",): 7,
        ("withdrawn",): 8,
        ("open",): 18,
    }
    withdrawn = await report(database, YEAR.model_copy(update={"outcome": "withdrawn"}))
    assert {each.fact for each in withdrawn.tables} == {"cases"}
    assert {each.total for each in withdrawn.tables} == {8}
    still_open = await report(database, YEAR.model_copy(update={"outcome": "open"}))
    assert {each.total for each in still_open.tables} == {18}


async def test_waiting_times_are_median_and_nine_in_ten_of_five_at_least(database: Database) -> None:
    minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    await store(
        database,
        *(case(waited_s=60.0 * each, took_s=120.0 * each, municipality="joensuu") for each in minutes),
        *(case(waited_s=6000.0, municipality="kitee") for _ in range(4)),
    )
    by_municipality = next(each for each in (await report(database)).waits if each.by == "municipality")
    joensuu, kitee = by_municipality.rows
    assert (joensuu.claimed_median, joensuu.claimed_p90, joensuu.ended_median, joensuu.ended_p90) == (6, 9, 11, 18)
    assert (kitee.key, kitee.claimed_median, kitee.claimed_p90) == ("kitee", None, None)
    assert by_municipality.all.claimed_p90 == 100


async def test_feedback_is_counted_without_its_conversation(database: Database) -> None:
    judged = {"status": "control", "topic": "tax_card"}
    await store(
        database,
        *(turn(helped=True, **judged) for _ in range(15)),
        *(turn(helped=False, **judged) for _ in range(5)),
        *(case(helped=helped) for helped in (True, True, True, True, True, None, None)),
    )
    made = await report(database)
    of_answers = table(made, "answers_judged_judged_by_topic")
    assert shown(of_answers) == {("tax_card",): [15, 5]}
    assert share(of_answers.totals[0], of_answers.total) == 0.75
    assert table(made, "cases_judged_judged_by_channel").total == 5
    assert not made.tables_of("questions")


async def test_fewer_than_five_are_not_told_at_all(database: Database) -> None:
    await store(database, *(turn() for _ in range(4)), *(case(waited_s=5.0) for _ in range(4)))
    made = await report(database)
    assert (made.tables, made.waits) == ([], [])
    assert made.withheld == {"questions": "few", "cases": "few"}


async def test_the_few_that_a_filter_leaves_out_are_not_told_either(database: Database) -> None:
    """Taking the report of Finnish from that of all languages would give the two questions in English."""
    await store(database, *(turn() for _ in range(20)), *(turn(language="en", municipality="kitee") for _ in range(2)))
    assert (await report(database, YEAR.model_copy(update={"language": "fi"}))).withheld == {"questions": "difference"}
    await store(database, *(turn(language="en") for _ in range(3)))
    assert (await report(database, YEAR.model_copy(update={"language": "fi"}))).withheld == {}


async def test_nothing_yet_is_an_empty_report(database: Database) -> None:
    made = await report(database)
    assert (made.tables, made.waits, made.withheld, made.made_at) == ([], [], {}, NOON)


async def test_a_whole_report_shows_no_small_count_and_adds_up(database: Database) -> None:
    await store(database, *busy_months())
    made = await report(database)
    assert any(cell is None for each in made.tables for row in each.rows for cell in row.cells)
    for each in made.tables:
        assert sum(row.total for row in each.rows) == sum(each.totals) == each.total
        counts = [*each.totals, *(row.total for row in each.rows), *(cell or 0 for row in each.rows for cell in row.cells)]
        assert not any(is_small(number) for number in counts)
        for row in each.rows:
            known = sum(cell or 0 for cell in row.cells)
            assert known == row.total if None not in row.cells else known < row.total


@pytest.mark.parametrize(
    "told",
    [
        {"first": "2026-02", "last": "2026-01"},
        {"first": "2020-01", "last": "2026-01"},
        {"first": "2026-13", "last": "2026-13"},
        {"first": "2026-01", "last": "2026-02", "municipality": "'; drop"},
        {"first": "2026-01", "last": "2026-02", "outcome": "lost"},
    ],
)
def test_filters_that_make_no_sense(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ReportFilters(**told)


def test_periods() -> None:
    assert last_twelve_months(dt.date(2026, 3, 1)) == ReportFilters(first="2025-04", last="2026-03")
    assert ReportFilters(first="2025-11", last="2026-02").months == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert ends("2025-12") == begins("2026-01")
    assert begins("2026-07").utcoffset() == dt.timedelta(hours=3)
