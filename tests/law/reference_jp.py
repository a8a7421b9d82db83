"""JP written a second time from the articles, slowly, in decimal: for comparison only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

LEAST = {2015: 300_000, 2016: 310_050, 2017: 319_450, 2018: 331_000, 2019: 341_400, 2020: 350_700, 2021: 356_600}
LEAST |= {2022: 363_300, 2023: 383_400, 2024: 393_500, 2025: 399_700, 2026: 411_400}
MOST = {2015: 3_600_000, 2016: 3_720_600, 2017: 3_833_000, 2018: 3_971_400, 2019: 4_095_750, 2020: 4_207_200}
MOST |= {2021: 4_277_900, 2022: 4_357_900, 2023: 4_598_100, 2024: 4_718_200, 2025: 4_792_300, 2026: 4_932_300}


def rupiah(amount: Decimal) -> int:
    """To the nearest rupiah, half up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def limits(on: date) -> tuple[int, int]:
    """Least and most of a day: new ones from March, in 2026 from February."""
    begins = 2 if on.year == 2026 else 7 if on.year == 2015 else 3
    year = on.year if on.month >= begins else on.year - 1
    return LEAST[year], MOST[year]


def within(amount: int, on: date) -> int:
    """The amount between the limits of the day."""
    least, most = limits(on)
    return min(max(amount, least), most)


def average(wages: Mapping[int, int], inflation: Mapping[int, str], on: date) -> int:
    """Future value of each wage, with the inflation of its own year and of those after it."""
    last = max(max(wages), min(max(inflation), on.year - 1))
    with localcontext() as context:
        context.prec = 60
        total = 0
        for year, wage in wages.items():
            value = Decimal(wage)
            for later in range(year, last + 1):
                value *= 1 + Decimal(inflation[later]) / 100
            total += rupiah(value)
    return rupiah(Decimal(total) / len(wages))


def formula(mean: int, months: int) -> int:
    """1% x years x average."""
    return rupiah(Decimal(mean) * months / 12 / 100)


def old_age(wages: Mapping[int, int], inflation: Mapping[int, str], months: int, on: date) -> tuple[int, int, bool]:
    """Average, monthly, lump sum."""
    mean = average(wages, inflation, on)
    if months < 180:
        return mean, 0, True
    return mean, within(formula(mean, months), on), False


def survivor(
    mean: int, months: int, member: int, density: Decimal, relation: str, after_spouse: bool, received: int, on: date
) -> tuple[int, bool]:
    """Monthly share of a survivor, lump sum."""
    base = Decimal(received)
    if not received:
        counted = months
        if months < 180:
            if member < 12 or density < 80:
                return 0, True
            counted = 180
        base = Decimal(mean) * counted / 1200
    if relation == "parent":
        return within(rupiah(base * 20 / 100), on), False
    half = rupiah(base / 2)
    if relation == "child" and after_spouse:
        half = rupiah(Decimal(within(half, on)) / 2)
    return within(half, on), False


def disability(mean: int, months: int, member: int, density: Decimal, on: date) -> tuple[int, bool]:
    """Monthly pension of the disabled, lump sum."""
    counted = months
    if months < 180:
        if member < 1 or density < 80:
            return 0, True
        counted = 180
    return within(formula(mean, counted), on), False


def adjusted(monthly: int, year: int, years: int, inflation: Mapping[int, str], on: date) -> int:
    """A pension first paid in `year` after so many adjustments, each with the inflation of the year before it."""
    amount = monthly
    for before in range(year, year + years):
        amount = rupiah(amount * (1 + Decimal(inflation[before]) / 100))
    return within(amount, on)
