"""A year's JHT return: from the law's figures, or, where those hold none, as the board decided and two officers
entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lindung import law
from lindung.ledger.models import JhtRate

FIRST_YEAR = 2015
LAST_YEAR = 2100


@dataclass(frozen=True)
class YearlyReturn:
    """The return of a year in parts per 100,000, where it stands, and whether it is the law's own figure."""

    year: int
    per_100000: int
    citation: str
    by_law: bool


@lru_cache(maxsize=128)
def return_by_law(year: int) -> YearlyReturn | None:
    """What the law's figures say of a year; None when they say nothing."""
    for figure in law.parameters_on(date(year, 12, 31)):
        if figure["name"] == "jht_return":
            return YearlyReturn(year, int(figure["value"]), str(figure["citation"]), by_law=True)
    return None


def known_returns(first: int, last: int) -> dict[int, YearlyReturn]:
    """The returns known of the years from `first` to `last`, both included, by year."""
    entered = {
        rate.year: YearlyReturn(rate.year, rate.per_100000, rate.citation, by_law=False)
        for rate in JhtRate.objects.filter(year__range=(first, last))
    }
    years = range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1)
    by_law = {year: known for year in years if (known := return_by_law(year))}
    return entered | by_law
