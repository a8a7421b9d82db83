"""JKK cash written a second time from the articles, slowly, in decimal: for comparison only."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CHANGED = date(2019, 12, 2)


def rupiah(amount: Decimal) -> int:
    """To the nearest rupiah, halves up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def periodic(on: date) -> int:
    """24 months of Rp200,000, or Rp500,000."""
    return 24 * (200_000 if on < CHANGED else 500_000)


def funeral(on: date) -> int:
    """Funeral grant of the day."""
    return 3_000_000 if on < CHANGED else 10_000_000


def lump_sum(on: date) -> int:
    """JKM lump sum of the day."""
    return 16_200_000 if on < CHANGED else 20_000_000


def death(on: date, wage: Decimal) -> dict[str, int]:
    """60% of 80 wages, not less than the JKM lump sum, with the periodic benefit and the funeral."""
    amount = max(rupiah(Decimal("0.60") * 80 * wage), lump_sum(on))
    parts = {"death": amount, "periodic": periodic(on), "funeral": funeral(on)}
    return parts | {"total": sum(parts.values())}


def total_disability(on: date, wage: Decimal) -> dict[str, int]:
    """70% of 80 wages, with the periodic benefit."""
    parts = {"lump_sum": rupiah(Decimal("0.70") * 80 * wage), "periodic": periodic(on)}
    return parts | {"total": sum(parts.values())}


def partial_disability(wage: Decimal, injuries: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, int]:
    """Percentages of the table times function lost, added up to 70 at most; that share of 80 wages."""
    percent = min(sum((table * loss / 100 for table, loss in injuries), Decimal(0)), Decimal(70))
    return percent, rupiah(percent / 100 * 80 * wage)


def temporary(on: date, wage: Decimal, months: int) -> list[int]:
    """Six months, six more, and the rest."""
    shares = (100, 75, 50) if on < CHANGED else (100, 100, 50)
    return [rupiah(wage * shares[min(month // 6, 2)] / 100) for month in range(months)]


OLD_LIMITS = {"land": 1_000_000, "sea": 1_500_000, "air": 2_500_000, "home": 0, "teeth": 3_000_000, "ear": 0, "eye": 0}
NEW_LIMITS = {"land": 5_000_000, "sea": 2_000_000, "air": 10_000_000}
NEW_LIMITS |= {"home": 20_000_000, "teeth": 5_000_000, "ear": 2_500_000, "eye": 1_000_000}


def paid_back(on: date, kind: str, cost: Decimal) -> int:
    """A cost of transport, care at home or an aid, up to the limit of its kind."""
    return min(rupiah(cost), (OLD_LIMITS if on < CHANGED else NEW_LIMITS)[kind])


def prosthesis(cost: Decimal, price: Decimal) -> int:
    """Up to the government centre's price and 40% more."""
    return min(rupiah(cost), rupiah(price + price * 40 / 100))


def late(amount: Decimal, days: int) -> int:
    """1% of the benefit for each day: Pasal 37 ayat (3), Pasal 40 ayat (4)."""
    return rupiah(sum((amount / 100 for _ in range(days)), Decimal(0)))


def years_later(day: date, years: int) -> date:
    """The same day, 28 February for 29 February."""
    leap_day = day.month == 2 and day.day == 29
    return date(day.year + years, day.month, 28 if leap_day else day.day)
