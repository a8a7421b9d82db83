"""Every question that has columns, over random rows of all categories and dates: one by one and over columns, the same.

./run bench law -- --sweep               a million rows of contributions, a tenth of that of every other question
./run bench law -- --sweep --rows 10000
"""

from __future__ import annotations

import random
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from lindung.law.columns import NotColumnar
from lindung.law.columns.engine import cores, engine
from lindung.law.questions import PLANS

sys.path.append(str(Path(__file__).parent.parent))
STEP = 10_000


def part(given: tuple[str, int, int]) -> tuple[str, int, int]:
    """A part of the rows of one question, from its own seed: how many were right, how many faulty. Raises
    AssertionError with the first row that differs."""
    from tests.law.columns_cases import compare, quickly, random_row

    rule, seed, rows = given
    judge, chance = engine(rule), random.Random(f"{rule} {seed}")
    return rule, *compare(rule, [random_row(chance, judge, number) for number in range(rows)], quickly)


def columnar() -> list[str]:
    """The questions that have columns."""
    found = []
    for rule in PLANS:
        try:
            engine(rule)
        except NotColumnar:
            continue
        found.append(rule)
    return found


def sweep(rows: int) -> dict[str, Any]:
    """Judge all both ways, on all cores; gives the rows that were right and those that were faulty, by question."""
    parts = []
    for rule in columnar():
        many = rows if rule == "contributions" else rows // 10
        parts += [(rule, start // STEP, min(STEP, many - start)) for start in range(0, many, STEP)]
    found: dict[str, Any] = {}
    with ProcessPoolExecutor(cores()) as pool:
        for rule, right, faulty in pool.map(part, parts):
            before = found.setdefault(rule, {"right": 0, "faulty": 0})
            found[rule] = {"right": before["right"] + right, "faulty": before["faulty"] + faulty}
    return found
