"""JHT written a second time from the articles, slowly, in decimal: for comparison only."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

SEN = Decimal("0.01")
RETURNS = {2016: "7.19", 2017: "7.82", 2018: "6.26", 2019: "6.06", 2020: "5.59"}


def rupiah(amount: Decimal) -> int:
    """To the nearest rupiah, half up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def balance(deposits: Sequence[tuple[date, int]], returns: Mapping[int, str], on: date) -> tuple[int, dict[str, int]]:
    """Month by month: what stood when a month ended earns a twelfth of the year's return, credited at year's end."""
    account = Decimal(0)
    credited = Decimal(0)
    earned = Decimal(0)
    by_year: dict[str, int] = {}
    paid = [deposit for deposit in deposits if deposit[0] <= on]
    if not paid:
        return 0, {}
    year, month = min(paid)[0].year, 1
    this_year = Decimal(0)
    while date(year, month, monthrange(year, month)[1]) <= on:
        this_year += sum((Decimal(sum_) for day, sum_ in paid if (day.year, day.month) == (year, month)), Decimal(0))
        rate = Decimal(returns.get(year, RETURNS.get(year, "NaN")))
        earned += (account + this_year) * rate / 1200
        ends = date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
        next_ends = date(ends.year, ends.month, monthrange(ends.year, ends.month)[1])
        if month == 12 or next_ends > on:
            credit = earned.quantize(SEN, ROUND_HALF_UP)
            by_year[str(year)] = rupiah(credited + credit) - rupiah(credited)
            credited += credit
            account += this_year + credit
            earned = this_year = Decimal(0)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return rupiah(Decimal(sum(amount for _, amount in paid)) + credited), by_year


def final_tax(amount: Decimal) -> Decimal:
    """Pasal 5: 0% up to Rp50 million, 5% above."""
    return max(Decimal(0), amount - 50_000_000) * 5 / 100


def progressive_tax(amount: Decimal, on: date) -> Decimal:
    """Article 17(1)a, slice by slice."""
    steps: list[tuple[int | None, int]]
    if on.year < 2022:
        steps = [(50_000_000, 5), (200_000_000, 15), (250_000_000, 25), (None, 30)]
    else:
        steps = [(60_000_000, 5), (190_000_000, 15), (250_000_000, 25), (4_500_000_000, 30), (None, 35)]
    tax, left = Decimal(0), amount
    for width, percent in steps:
        part = left if width is None else min(left, Decimal(width))
        tax += part * percent / 100
        left -= part
    return tax


def tax(amount: Decimal, before: Decimal, years: int, npwp: bool, on: date) -> int:
    """Tax withheld on a payment after `before` was paid."""
    if years < 2:
        return rupiah(final_tax(before + amount)) - rupiah(final_tax(before))
    share = Decimal(1) if npwp else Decimal("1.2")
    return rupiah(progressive_tax(before + amount, on) * share) - rupiah(progressive_tax(before, on) * share)


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def withdrawal(
    reason: str,
    birth: date,
    since: date,
    amount: Decimal,
    ended: date | None,
    taken: bool,
    country: str | None,
    on: date,
) -> tuple[bool, int, date]:
    """Allowed, the most, and from when."""
    of_age = later(birth, 56 * 12)
    share = Decimal(1)
    if reason == "age":
        day = of_age
    elif reason in ("partial_housing", "partial_other"):
        day = later(since, 120)
        share = Decimal("0.3") if reason == "partial_housing" else Decimal("0.1")
    elif reason in ("resignation", "dismissal", "contract_end", "stopped_working"):
        assert ended is not None
        day = of_age if on < date(2015, 8, 12) else min(of_age, later(ended, 1))
    else:
        day = on
    allowed = day <= on and not (share != 1 and taken)
    if reason == "leaving_indonesia" and country == "ID" and on >= date(2022, 4, 26):
        allowed = False
    return allowed, int((amount * share).quantize(Decimal(1), ROUND_FLOOR)) if allowed else 0, day
