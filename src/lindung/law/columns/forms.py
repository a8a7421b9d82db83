"""Compiled forms of what rules call often: the same results as in `form/`, without long division or early leaving.

A quotient is first estimated in floating point, a little too low, and then set right by its remainder, which whole
numbers give exactly even when the product itself does not fit 64 bits: it is taken modulo 2^64, where a good estimate
leaves it small.

Exact when the factors are below 2^53 (so that they convert exactly) and the quotient is below 2^40: the estimate then
carries at most four roundings of 2^-53 each, so it is less than 2^-10 off; lowered by 2^-10 it is never too high, and
at most one too low. Wages are at most 10^13 sen, rates 10^5, shares 100: the quotient is at most 10^11, below 2^40.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..form import brackets, calendar, rounding, series

FIRST_YEAR = series.FIRST_YEAR

MOST_FACTOR = 2**53
MOST_QUOTIENT = 2**40
BARELY_HALF = 0.5 - 2**-10

CHARGE = rounding.SEN * rounding.SCALE * rounding.PERCENT
PER_CHARGE = 1.0 / CHARGE
HALF_CHARGE = CHARGE // 2
PERCENT = rounding.PERCENT
PER_PERCENT = 1.0 / PERCENT
HALF_PERCENT = PERCENT // 2


def contribution_of(wage, rate, share):  # type: ignore[no-untyped-def]
    """round_half_up(wage x rate x share, 10^9)."""
    factor = rate * share
    quotient = np.int64(np.float64(wage) * (np.float64(factor) * PER_CHARGE) + BARELY_HALF)
    return quotient + np.int64(wage * factor - quotient * CHARGE >= HALF_CHARGE)


def percent_of(amount, percent):  # type: ignore[no-untyped-def]
    """round_half_up(amount x percent, 100)."""
    quotient = np.int64(np.float64(amount) * (np.float64(percent) * PER_PERCENT) + BARELY_HALF)
    return quotient + np.int64(amount * percent - quotient * PERCENT >= HALF_PERCENT)


def round_half_up(numerator, denominator):  # type: ignore[no-untyped-def]
    """The quotient to the nearest whole number, halves up, by whole numbers only: any numerator below 2^63."""
    quotient = numerator // denominator
    return quotient + np.int64(numerator - quotient * denominator >= denominator - denominator // 2)


def row_for(rows, amount):  # type: ignore[no-untyped-def]
    """The row that fits, by counting the rows that begin no later: nothing to guess, and eight are compared at once."""
    begun = np.int64(0)
    for row in range(len(rows)):
        begun += np.int64(rows[row, 0] <= amount)
    return max(begun - 1, 0)


def share_of(amount, parts, whole):  # type: ignore[no-untyped-def]
    """round_half_up(amount x parts, whole) without that product, by unsigned divisions: these are cheaper."""
    over = np.int64(np.uint64(amount) // np.uint64(whole))
    rest = (amount - over * whole) * parts
    quotient = np.int64(np.uint64(rest) // np.uint64(whole))
    return over * parts + quotient + np.int64(rest - quotient * whole >= whole - whole // 2)


def month_of(day):  # type: ignore[no-untyped-def]
    """The month a day lies in, without a loop: counted from 1 March of year 0, so that a leap day ends its year."""
    since = np.uint64(4 * (day + 305) + 3)
    century = since // np.uint64(146097)
    left = (since - century * np.uint64(146097)) // np.uint64(4) * np.uint64(4) + np.uint64(3)
    year = left // np.uint64(1461)
    left = (left - year * np.uint64(1461)) // np.uint64(4)
    month = (np.uint64(5) * left + np.uint64(2)) // np.uint64(153)
    return np.int64(np.uint64(1200) * century + np.uint64(12) * year + month) + 2


def rate_in(year, given, history):  # type: ignore[no-untyped-def]
    """The rate of a year: in columns `history` is a table by year since FIRST_YEAR, with what is given laid over it."""
    return history[year - FIRST_YEAR]


def year_rows(first, count):  # type: ignore[no-untyped-def]
    """Rows [year, 0] as a table."""
    rows = np.zeros((max(count, 0), 2), np.int64)
    for i in range(len(rows)):
        rows[i, 0] = first + i
    return rows


FORMS: dict[Callable[..., Any], Callable[..., Any]] = {
    rounding.contribution_of: contribution_of,
    rounding.percent_of: percent_of,
    rounding.round_half_up: round_half_up,
    rounding.share_of: share_of,
    brackets.row_for: row_for,
    calendar.month_of: month_of,
    series.rate_in: rate_in,
    series.year_rows: year_rows,
}
"""What a rule calls, and what its compiled form calls instead."""
