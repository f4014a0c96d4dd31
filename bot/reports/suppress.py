"""Suppression: no count of 1 to 4 people is shown, and none can be worked out from what is shown beside it.

Two steps. First rows and columns whose total is 1 to 4 are **pooled**, the smallest together, until each has 0 or at least
``LEAST``: so every total can be shown as it is. Then cells of 1 to 4 are **hidden**, and others with them.

Why nothing can be worked out: every hidden cell lies on a closed path of hidden cells that turns from row to column and
back. Add one along the path to every other cell and take one from those between, and each row and column has the same total
as before. So there is a second table that fits all that is shown, in which the cell is another number; and as totals are all
shown, nothing in another table of the same counts rules it out. A cell from which one is taken must have 2 at least, since
a hidden cell is never 0 (zeros are shown: nobody is behind them).
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

LEAST = 5
"""The smallest count that is shown, beside 0."""

K = TypeVar("K", bound=Hashable)

Node = tuple[bool, int]
"""A row (``True``) or a column (``False``) of a table, by its number."""


@dataclass(frozen=True)
class Protected:
    """A table as it may be shown. Both kinds of totals are complete; a cell that is hidden is None."""

    rows: list[list[int]]
    """Which of the rows given are in each row of ``cells``: several when they were pooled."""
    cells: list[list[int | None]]


def is_small(count: int) -> bool:
    """Whether a count must not be shown."""
    return 0 < count < LEAST


def pool(totals: Mapping[K, int]) -> list[list[K]]:
    """The keys in groups: each alone in their order, but the small ones in one group, the last. Empty when all are few.

    The group takes in the next smallest until it is not small itself.
    """
    if is_small(sum(totals.values())):
        return []
    small = [key for key, total in totals.items() if is_small(total)]
    others = sorted((key for key, total in totals.items() if total >= LEAST), key=lambda key: totals[key])
    while small and is_small(sum(totals[key] for key in small)):
        small.append(others.pop(0))
    alone = [[key] for key in totals if key not in small]
    return [*alone, [key for key in totals if key in small]] if small else alone


def protect(counts: Sequence[Sequence[int]]) -> Protected:
    """The table with small cells hidden. Its column totals must be 0 or at least ``LEAST``; rows are pooled as need be.

    Where a cell cannot be hidden well, its row is pooled with the smallest other one. With a single row left nothing is hidden:
    it is the totals.
    """
    groups = pool({number: sum(row) for number, row in enumerate(counts)})
    while True:
        table = [[sum(counts[number][column] for number in group) for column in range(len(counts[0]))] for group in groups]
        hidden, stuck = _hide(table)
        if stuck is None:
            shown = [[None if (r, c) in hidden else count for c, count in enumerate(row)] for r, row in enumerate(table)]
            return Protected(groups, shown)
        totals = [sum(row) for row in table]
        others = [number for number, total in enumerate(totals) if number != stuck and total]
        partner = min(others, key=lambda number: (len(groups[number]) == 1, totals[number]))
        together = sorted(groups[stuck] + groups[partner])
        groups = [group for number, group in enumerate(groups) if number not in (stuck, partner)] + [together]


def _hide(table: Sequence[Sequence[int]]) -> tuple[set[tuple[int, int]], int | None]:
    """The cells to hide; or the number of a row with a small cell for which there is no closed path."""
    hidden = {(r, c) for r, row in enumerate(table) for c, count in enumerate(row) if is_small(count)}
    for r, c in sorted(hidden, key=lambda cell: (table[cell[0]][cell[1]], cell)):
        row, column = (True, r), (False, c)
        ways = [_cheapest(table, hidden, column, row)]  # one more in this cell
        if table[r][c] >= 2:
            ways.append(_cheapest(table, hidden, row, column))  # one less in it
        found = [way for way in ways if way is not None]
        if not found:
            return set(), r
        hidden |= min(found)[1]
    return hidden, None


def _cheapest(
    table: Sequence[Sequence[int]], hidden: set[tuple[int, int]], start: Node, goal: Node
) -> tuple[int, set[tuple[int, int]]] | None:
    """The path from a row to a column, or from a column to a row, that hides least: what it hides newly, and its cells.

    From a row to a column one is added to the cell, from a column to a row one is taken. The cell between start and goal is not
    passed itself.
    """
    between = {start, goal}
    best: dict[Node, int] = {start: 0}
    came: dict[Node, Node] = {}
    waiting = [(0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node == goal:
            break
        if cost > best[node]:
            continue
        from_row, number = node
        least = 1 if from_row else 2
        for other in range(len(table[0]) if from_row else len(table)):
            r, c = (number, other) if from_row else (other, number)
            following = (not from_row, other)
            if table[r][c] < least or {node, following} == between:
                continue
            dearer = cost + (0 if (r, c) in hidden else table[r][c])
            if dearer < best.get(following, dearer + 1):
                best[following], came[following] = dearer, node
                heapq.heappush(waiting, (dearer, following))
    if goal not in came:
        return None
    cells, node = set(), goal
    while node != start:
        before = came[node]
        cells.add((node[1], before[1]) if node[0] else (before[1], node[1]))
        node = before
    return best[goal], cells
