"""Contributions over columns: the same answers as one by one, faults named by row, Arrow in and out."""

from __future__ import annotations

import random
from typing import Any

from lindung.law.columns import assess

from .columns_cases import as_table, random_row, single

RESULTS = 50_000


def check_equal(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Judge rows both ways; gives how many were right and how many faulty."""
    done = assess(as_table(rows))
    assert done.results is not None
    columns = {name: done.results.column(name).to_pylist() for name in done.results.schema.names}
    faults = {fault["row"]: (fault["code"], fault["field"]) for fault in done.errors.to_pylist()}
    for number, row in enumerate(rows):
        answer = single(row)
        if "error" in answer:
            expected = answer["error"]["code"], answer["error"]["field"]
            assert faults.get(number) == expected, row
            assert all(values[number] is None for values in columns.values())
        else:
            got = {name: values[number] for name, values in columns.items()}
            assert number not in faults, (row, faults[number])
            assert got == dict.fromkeys(columns, 0) | answer["result"], row
    return len(rows) - len(faults), len(faults)


def test_every_category_and_date_as_one_by_one() -> None:
    chance = random.Random(20261123)
    right, faulty = check_equal([random_row(chance, number) for number in range(RESULTS)])
    assert right > 0.8 * RESULTS
    assert faulty > 0.02 * RESULTS
