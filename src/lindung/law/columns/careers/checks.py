"""What a question about a career checks beside its rules, said again so that it compiles.

Whether a year's rate is known depends on the first and the last year only, so it is found out once for all rows, by
asking the check that single questions use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...form.calendar import day_number, month_of
from ...form.errors import LawError
from ...form.question import Known
from ...form.series import FIRST_YEAR, LAST_YEAR, YearRows
from ...jht.account import MONTHS, last_whole_month
from ...jht.questions import returns_known
from ...jp.monthly import FIRST_MONTH, LAST_MONTH, monthly_wages_indexable
from ...jp.questions import survivor_checked, wages_indexable

Years = NDArray[np.int64]
BEYOND = 2
"""The fault of wages that inflation makes too large."""


def span_fault(first: int, until: int, broken: Years, why: Years) -> int:
    """0, or why the years from the first to `until` cannot all be used."""
    if first > until or until < broken[first - FIRST_YEAR]:
        return 0
    return int(why[first - FIRST_YEAR])


def wages_fault(annual_wages: YearRows, jp_indexed_until: int, broken: Years, why: Years) -> int:
    """`wages_indexable` as a number."""
    if len(annual_wages) == 0:
        return 3
    return span_fault(annual_wages[0][0], jp_indexed_until, broken, why)


def monthly_fault(
    monthly_wages: Years, first_month: int, jp_wages_by_year: YearRows, jp_indexed_until: int, broken: Years, why: Years
) -> int:
    """`monthly_wages_indexable` as a number."""
    if first_month < FIRST_MONTH or first_month + len(monthly_wages) - 1 > LAST_MONTH:
        return 4
    return wages_fault(jp_wages_by_year, jp_indexed_until, broken, why)


def survivor_fault(
    annual_wages: YearRows,
    jp_indexed_until: int,
    pension_received: int,
    months: int,
    member_months: int,
    broken: Years,
    why: Years,
) -> int:
    """`survivor_checked` as a number."""
    fault = wages_fault(annual_wages, jp_indexed_until, broken, why)
    if pension_received > 0:
        # The wages do not matter then, but a growth beyond 64 bits must not pass.
        return fault if fault == BEYOND else 0
    if months == 0:
        return 4
    if member_months == 0:
        return 5
    return fault


def returns_fault(deposits: YearRows, on: int, broken: Years, why: Years) -> int:
    """`returns_known` as a number."""
    if len(deposits) == 0:
        return 0
    return span_fault(month_of(deposits[0][0]) // MONTHS, last_whole_month(on) // MONTHS, broken, why)


def try_wages(first: int, until: int, rates: Known) -> None:
    """Wages of these years, indexed to the last of them. Raises LawError."""
    wages_indexable(rates | {"annual_wages": ((first, 0), (until, 0)), "month": 0})


def try_deposit(first: int, until: int, rates: Known) -> None:
    """A deposit of the first year, kept to the end of the last. Raises LawError."""
    day, on = day_number(first, 1, 1), day_number(until, 12, 31)
    returns_known(rates | {"deposits": ((day, 0),), "on": on})


@dataclass(frozen=True)
class Check:
    """A check as a compilable function of `sources`; what it gives counts into `faults` (code, field), 0 is none.
    `attempt` asks the check of single questions about a span of years."""

    function: Callable[..., int]
    sources: tuple[str, ...]
    attempt: Callable[[int, int, Known], None]
    faults: tuple[tuple[str, str], ...]


RATES = (("missing_fact", "inflation"), ("impossible_value", "inflation"))
WAGES = (*RATES, ("missing_fact", "annual_wages"))

CHECKS: Mapping[Callable[[Known], None], Check] = {
    wages_indexable: Check(wages_fault, ("annual_wages", "jp_indexed_until"), try_wages, WAGES),
    monthly_wages_indexable: Check(
        monthly_fault,
        ("monthly_wages", "first_month", "jp_wages_by_year", "jp_indexed_until"),
        try_wages,
        (*RATES, ("missing_fact", "monthly_wages"), ("impossible_value", "first_month")),
    ),
    survivor_checked: Check(
        survivor_fault,
        ("annual_wages", "jp_indexed_until", "pension_received", "months", "member_months"),
        try_wages,
        (*WAGES, ("missing_fact", "months"), ("missing_fact", "member_months")),
    ),
    returns_known: Check(returns_fault, ("deposits", "on"), try_deposit, (("missing_fact", "returns"),)),
}


def breaks(check: Check, rates: Known) -> tuple[Years, Years]:
    """For each first year: the earliest last year that fails, and as what fault (from 1)."""
    broken, why = [], []
    codes = [code for code, _ in check.faults]

    def fault(first: int, until: int) -> int:
        try:
            check.attempt(first, until, rates)
        except LawError as error:
            return codes.index(error.code) + 1
        return 0

    for first in range(FIRST_YEAR, LAST_YEAR + 1):
        least, most = first, LAST_YEAR + 1
        while least < most:
            middle = (least + most) // 2
            least, most = (least, middle) if fault(first, middle) else (middle + 1, most)
        broken.append(least)
        why.append(fault(first, least) if least <= LAST_YEAR else 0)
    return np.array(broken, np.int64), np.array(why, np.int64)
