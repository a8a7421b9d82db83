"""Tables by size: the row that fits an amount."""

from __future__ import annotations

from collections.abc import Sequence


def row_for(rows: Sequence[Sequence[int]], amount: int) -> int:
    """The place of the last row whose first number does not exceed the amount; the first row below all of them."""
    row = 0
    while row + 1 < len(rows) and rows[row + 1][0] <= amount:
        row += 1
    return row
