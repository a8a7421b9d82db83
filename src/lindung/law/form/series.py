"""Figures by year: how they are read, found and compounded.

Rates are per 100,000. Rows are indexed, not unpacked, so that the same functions run over plain arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .calendar import day_number
from .facts import impossible
from .rounding import SCALE, share_of

FIRST_YEAR = 2015
LAST_YEAR = 2100
RATE = re.compile(r"(-?)(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)
YEAR = re.compile(r"\d{4}", re.ASCII)

UNKNOWN = -SCALE
"""No rate is known for the year; a loss of everything is never read as a rate."""

ByYear = tuple[tuple[int, int], ...]
YearRows = Sequence[Sequence[int]]
History = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """Reads a percentage with at most three decimals, a number or text; the limits (percent) are open to see."""

    least: int
    most: int

    def __call__(self, value: Any, field: str) -> int:
        text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        match = RATE.fullmatch(text) if isinstance(text, str) else None
        rate = UNKNOWN
        if match:
            rate = (int(match[2]) * 1000 + int((match[3] or "0").ljust(3, "0"))) * (-1 if match[1] else 1)
        if not self.least * 1000 <= rate <= self.most * 1000:
            message = f"{field} harus persen dari {self.least} sampai {self.most}, paling banyak 3 desimal."
            raise impossible(field, message)
        return rate


@dataclass(frozen=True, slots=True)
class PerYear:
    """Reads {year: value} as rows (year, value), oldest first; the reader of one value is open to see."""

    read: Callable[[Any, str], int]

    def __call__(self, value: Any, field: str) -> ByYear:
        if not isinstance(value, Mapping):
            raise impossible(field, f"{field} harus berisi tahun dan nilainya, contoh {{“2019”: 6.06}}.")
        rows: dict[int, int] = {}
        for key, entry in value.items():
            text = str(key)
            year = int(text) if YEAR.fullmatch(text) else 0
            if not FIRST_YEAR <= year <= LAST_YEAR or year in rows:
                raise impossible(field, f"{field}: tahun {text} harus {FIRST_YEAR} sampai {LAST_YEAR}, satu kali.")
            rows[year] = self.read(entry, f"{field}.{text}")
        return tuple(sorted(rows.items()))


def value_on(history: History, day: int, unknown: int) -> int:
    """The value of a figure in force on a day, or `unknown` when there is none."""
    for i in range(len(history)):
        if history[i][0] <= day and (history[i][1] == 0 or day <= history[i][1]):
            return history[i][2]
    return unknown


def rate_in(year: int, given: ByYear, history: History) -> int:
    """The rate of a year: the one given, else the one known at the end of that year, else UNKNOWN."""
    for i in range(len(given)):
        if given[i][0] == year:
            return given[i][1]
    return value_on(history, day_number(year, 12, 31), UNKNOWN)


def grown(amount: int, rate: int) -> int:
    """An amount after a year's rate, rounded half up in its own unit; exact within 64 bits below 4 x 10^18."""
    return share_of(amount, SCALE + rate, SCALE)


def year_rows(first: int, count: int) -> list[list[int]]:
    """Rows [year, 0], to be filled, for so many years from the first; none for fewer than one."""
    return [[first + i, 0] for i in range(count)]
