"""From what is shown no hidden count can be computed: checked by an attacker who solves for every hidden cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.reports.suppress import LEAST, Protected, is_small, pool, protect

FEW = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 30, 200])


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Tables as the reports make them: a column is empty, or has at least ``LEAST`` in all."""
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(FEW, min_size=width, max_size=width), min_size=1, max_size=7))
    totals = [sum(row[column] for row in rows) for column in range(width)]
    for column, total in enumerate(totals):
        if is_small(total):
            rows[0][column] += LEAST - total
    return rows


def possible(shown: Protected, counts: list[list[int]], cell: tuple[int, int]) -> tuple[int, int]:
    """The least and the largest number that can stand in a hidden cell, for one who knows everything that is shown."""
    hidden = [(r, c) for r, row in enumerate(shown.cells) for c, count in enumerate(row) if count is None]
    lines, totals = [], []
    for r, group in enumerate(shown.rows):
        lines.append([float(each[0] == r) for each in hidden])
        totals.append(sum(sum(counts[n]) for n in group) - sum(count or 0 for count in shown.cells[r]))
    for c in range(len(counts[0])):
        lines.append([float(each[1] == c) for each in hidden])
        totals.append(sum(row[c] for row in counts) - sum(row[c] or 0 for row in shown.cells))
    aim = np.array([float(each == cell) for each in hidden])
    fits = {"constraints": LinearConstraint(np.array(lines), totals, totals), "integrality": np.ones(len(hidden))}
    least = milp(aim, bounds=Bounds(1, np.inf), **fits)
    largest = milp(-aim, bounds=Bounds(1, np.inf), **fits)
    assert least.success
    assert largest.success
    return round(least.fun), round(-largest.fun)


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_hidden_cell_can_be_computed(counts: list[list[int]]) -> None:
    shown = protect(counts)
    for r, row in enumerate(shown.cells):
        for c, count in enumerate(row):
            if count is None:
                least, largest = possible(shown, counts, (r, c))
                assert least < largest, (counts, shown, (r, c))


@given(tables())
def test_what_is_shown_is_true_and_never_small(counts: list[list[int]]) -> None:
    shown = protect(counts)
    assert sorted(number for group in shown.rows for number in group) in ([], list(range(len(counts))))
    for group, row in zip(shown.rows, shown.cells, strict=True):
        assert not is_small(sum(sum(counts[number]) for number in group))
        for column, count in enumerate(row):
            true = sum(counts[number][column] for number in group)
            assert count in (true, None)
            assert count is None or not is_small(count)
            assert not (count is None and true == 0)


@given(st.dictionaries(st.integers(), FEW, max_size=8))
def test_pooled_groups_are_never_small(totals: dict[int, int]) -> None:
    groups = pool(totals)
    assert all(not is_small(sum(totals[key] for key in group)) for group in groups)
    if groups:
        assert sorted(key for group in groups for key in group) == sorted(totals)
    else:
        assert not totals or is_small(sum(totals.values()))


def test_a_table_without_small_counts_is_shown_as_it_is() -> None:
    counts = [[10, 0, 7], [5, 5, 0]]
    assert protect(counts) == Protected([[0], [1]], [[10, 0, 7], [5, 5, 0]])


def test_one_small_cell_takes_three_others_with_it() -> None:
    assert protect([[3, 20, 50], [30, 9, 60], [40, 50, 70]]).cells == [[None, None, 50], [None, None, 60], [40, 50, 70]]


def test_a_one_is_never_the_cell_that_loses_one() -> None:
    """Two hidden cells with 2 together would both be known as 1: a hidden cell is never 0."""
    shown = protect([[1, 1, 9], [20, 30, 40]])
    assert shown.cells[0] == [None, None, None]


@pytest.mark.parametrize(
    ("totals", "groups"),
    [
        ({"a": 9, "b": 2, "c": 3, "d": 0}, [["a"], ["d"], ["b", "c"]]),
        ({"a": 9, "b": 2, "c": 30}, [["c"], ["a", "b"]]),
        ({"a": 2, "b": 2}, []),
        ({"a": 0, "b": 0}, [["a"], ["b"]]),
        ({}, []),
    ],
)
def test_small_ones_are_pooled_with_the_next_smallest(totals: dict[str, int], groups: list[list[str]]) -> None:
    assert pool(totals) == groups


def test_a_row_that_cannot_be_hidden_is_pooled() -> None:
    """Column 1 is used by one row only, so nothing can be moved within it."""
    shown = protect([[3, 5], [40, 0]])
    assert shown == Protected([[0, 1]], [[43, 5]])
